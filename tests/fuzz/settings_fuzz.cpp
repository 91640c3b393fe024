// Gives any text to the settings reader as a configuration file: it is taken or refused, with
// errors that name a place in it, and never anything else.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "sluice/graph/settings_reader.hpp"

namespace {

const std::vector<std::string> stages{"decide", "late rows"};
const std::vector<sluice::environment_variable> environment{{"ROWS", "64"}, {"WORD", "off"}};

void require(bool condition) {
  if (!condition) std::abort();
}

void check_problem(const sluice::config_problem& problem, std::uint32_t lines) {
  auto line = sluice::one_line(problem);
  require(line.find('\n') == line.npos);
  require(problem.origin.name == "fuzz.toml" && problem.origin.line <= lines);
  require(sluice::render(problem).size() >= problem.message.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  std::uint32_t lines = 1;
  for (char c : text) lines += c == '\n' ? 1 : 0;

  sluice::settings_reader reader(stages);
  reader.environment(environment);
  reader.text("fuzz.toml", text);
  auto reading = reader.read();
  for (const auto& problem : reading.errors) check_problem(problem, lines);
  for (const auto& problem : reading.warnings) check_problem(problem, lines);

  const auto& values = reading.values;
  require(!sluice::explain(values).empty());
  require(values.latency().count() >= 1 && values.mini_batch_size() >= 1);
  if (reading.errors.empty()) {
    require(values.credit_rows("decide") >= values.batch_rows());
    require(values.credit_bytes("decide") >= values.batch_bytes());
  }
  return 0;
}

// Reads bytes as JSON lines: whatever they are, every line is a row, empty or rejected, the same
// however the input is cut.
#include <cstdint>
#include <utility>

#include "sluice/connectors/json_objects.hpp"
#include "sluice/connectors/line_rows.hpp"
#include "sluice/records/record.hpp"
#include "sluice/tests/fuzz/read_outcome.hpp"

namespace sluice {

namespace {

struct entry {
  std::optional<std::uint8_t> id;
  std::optional<std::string_view> name;
  std::optional<float> amount;
  std::optional<instant> at;
  std::optional<bool> on;
};
SLUICE_RECORD(entry, id, name, amount, at, on);

std::unique_ptr<source_reader> open_rows(input_files files, const source_context& at) {
  constexpr std::size_t max_line = 1000;
  return std::make_unique<line_rows>(std::move(files), json_objects(schema_of<entry>()), max_line,
                                     schema_of<entry>(), at);
}

}  // namespace

}  // namespace sluice

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  sluice::fuzz::require_same_however_cut(text, sluice::open_rows);
  return 0;
}

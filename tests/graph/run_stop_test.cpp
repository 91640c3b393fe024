#include <csignal>
#include <regex>

#include "sluice/graph/run_interruption.hpp"
#include "sluice/tests/support/catch.hpp"
#include "sluice/tests/support/child_process.hpp"

namespace sluice {
namespace {

const std::string program = SLUICE_RUN_PROGRAM;

// The first number of `text` that stands behind `before`.
std::uint64_t number_behind(const std::string& text, const std::string& before) {
  const std::size_t at = text.find(before);
  REQUIRE(at != text.npos);
  std::uint64_t number = 0;
  for (std::size_t i = at + before.size(); i < text.size() && text[i] != ' '; ++i)
    if (text[i] != ',') number = number * 10 + static_cast<std::uint64_t>(text[i] - '0');
  return number;
}

// Waits for the first epoch of a run with `--progress json`: it is well under way.
void wait_until_under_way(child_process& child) { REQUIRE(child.says("{\"epoch\":1,")); }

TEST_CASE("Ctrl-C drains: all that was read is written, and the exit code is 0",
          "[run_stop][actors]") {
  const int signal_number = GENERATE(SIGINT, SIGTERM);
  scratch_folder folder;
  child_process child({program, "--graph", "copy", "--rate", "50000", "--progress", "json", "--set",
                       "microBatch.allowLatencyMs=20", "--set", "miniBatch.size=1000"},
                      {.folder = folder.path()});
  wait_until_under_way(child);
  child.send(signal_number);
  CHECK(child.wait() == 0);
  CHECK(child.err().find("stopping: nothing more is read") != std::string::npos);
  const std::uint64_t read = number_behind(child.err(), "stopped: ");
  CHECK(read > 0);
  const auto written = lines_of(folder.read("alerts.csv"));
  REQUIRE(written.size() == read + 1);
  for (std::uint64_t i = 0; i < read; ++i)
    if (written[i + 1] != std::to_string(i)) FAIL("row " << i << " is " << written[i + 1]);
}

// `slow` works a minute on what it has read: neither draining nor ending its actors is quick.
TEST_CASE("a second Ctrl-C aborts with 130", "[run_stop][actors]") {
  const bool stuck = GENERATE(false, true);
  INFO(stuck);
  scratch_folder folder;
  child_process child(
      {program, "--graph", "slow", "--progress", "json", "--set", "microBatch.allowLatencyMs=20",
       "--set", "miniBatch.size=1000", "--set", stuck ? "batch.rows=65536" : "batch.rows=16",
       "--set", "credit.rows=65536"},  // of 1 ms each: there is much to abort
      {.folder = folder.path()});
  REQUIRE(child.says("marker every 20 ms"));
  child.send(SIGINT);
  REQUIRE(child.says("stopping: "));
  child.send(SIGINT);
  CHECK(child.wait() == 130);
  CHECK(lines_of(child.err()).back() == "aborted: what was under way is lost");
}

TEST_CASE("signals are counted to two and handled as before afterwards", "[run_stop]") {
  static volatile std::sig_atomic_t before = 0;
  const auto usual = std::signal(SIGTERM, [](int) { before = before + 1; });
  {
    interruption stopping;
    CHECK(stopping.level() == 0);
    std::raise(SIGINT);
    CHECK(stopping.level() == 1);
    std::raise(SIGTERM);
    CHECK(stopping.level() == 2);
    CHECK(before == 0);
  }
  std::raise(SIGTERM);
  CHECK(before == 1);
  std::signal(SIGTERM, usual);
  CHECK(interruption{}.level() == 0);
}

}  // namespace
}  // namespace sluice

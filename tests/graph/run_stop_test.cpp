#include <algorithm>
#include <csignal>
#include <filesystem>
#include <regex>
#include <string>
#include <vector>

#include <unistd.h>

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
void wait_until_under_way(child_process& child) { REQUIRE(child.says("{\"epoch\":")); }

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

// A graph without end, with checkpoints.
std::vector<std::string> kept_run(std::vector<std::string> more = {}) {
  std::vector<std::string> all{program,
                               "--graph",
                               "copy",
                               "--rate",
                               "20000",
                               "--output",
                               "out",
                               "--checkpoints",
                               "kept",
                               "--progress",
                               "json",
                               "--set",
                               "microBatch.allowLatencyMs=20",
                               "--set",
                               "miniBatch.size=1000"};
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

TEST_CASE("stop ends a run with checkpoints behind one more, and the next goes on",
          "[run_stop][actors][X11][U24]") {
  scratch_folder folder;
  const auto stop = [&](std::vector<std::string> more) {
    more.insert(more.begin(), {program, "stop"});
    return run_child(more, {.folder = folder.path()});
  };
  CHECK(stop({}).err == "say which run: run_program stop DIRECTORY [--keep|--drain]\n");
  CHECK(stop({"kept"}).exit_code == 2);  // there is no such directory
  for (int again = 0; again < 2; ++again) {
    child_process child(kept_run(), {.folder = folder.path()});
    wait_until_under_way(child);
    const auto stopped = stop({"kept", "--keep"});
    CHECK(stopped.exit_code == 0);
    CHECK(stopped.err.starts_with("process " + std::to_string(child.pid()) +
                                  " stops behind one more checkpoint\n"));
    CHECK(stopped.err.find("\nstopped: the next run goes on behind epoch ") != std::string::npos);
    CHECK(child.wait() == 0);
    CHECK(child.err().find("stopping behind one more checkpoint") != std::string::npos);
    CHECK(child.err().find("next: the same command goes on from here") != std::string::npos);
  }
  CHECK(stop({"kept"}).err == "nothing runs with the checkpoints in kept\n");
  CHECK(stop({"kept", "--keep", "--drain"}).err == "either --keep or --drain\n");

  child_process child(kept_run(), {.folder = folder.path()});
  wait_until_under_way(child);
  const auto drained = stop({"kept", "--drain"});
  CHECK(drained.exit_code == 0);
  CHECK(drained.err.find("\nstopped: the run has ended with epoch ") != std::string::npos);
  CHECK(child.wait() == 0);
  // Every number once, over all three processes.
  std::vector<bool> seen;
  for (const auto& file : std::filesystem::directory_iterator(folder.file("out"))) {
    const auto lines = lines_of(folder.read("out/" + file.path().filename().string()));
    for (std::size_t i = 1; i < lines.size(); ++i) {
      const std::size_t value = std::stoul(lines[i]);
      if (seen.size() <= value) seen.resize(value + 1);
      if (seen[value]) FAIL(value << " is there twice");
      seen[value] = true;
    }
  }
  CHECK(std::find(seen.begin(), seen.end(), false) == seen.end());
  CHECK(seen.size() > 100);
}

TEST_CASE("stop signals nobody but the process that holds the directory", "[run_stop]") {
  scratch_folder folder;
  std::filesystem::create_directory(folder.file("kept"));
  folder.write("kept/holder", std::to_string(::getpid()) + "\n");  // of a process long gone
  const auto stopped = run_child({program, "stop", "kept"}, {.folder = folder.path()});
  CHECK(stopped.exit_code == 2);
  CHECK(stopped.err == "nothing runs with the checkpoints in kept\n");
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
  {
    interruption stopping;
    std::raise(SIGTERM);
    CHECK(stopping.level() == 3);
    std::raise(SIGINT);
    CHECK(stopping.level() == 2);
  }
  std::raise(SIGTERM);
  CHECK(before == 1);
  std::signal(SIGTERM, usual);
  CHECK(interruption{}.level() == 0);
}

}  // namespace
}  // namespace sluice

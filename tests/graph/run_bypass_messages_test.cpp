#include "sluice/graph/run_bypass_messages.hpp"

#include "sluice/tests/support/catch.hpp"
#include "sluice/tests/support/child_process.hpp"

namespace sluice {
namespace {

using lines = std::vector<std::string>;

run_status switched(std::uint64_t elapsed_ms, batching::switches count, double ratio) {
  run_status status;
  status.elapsed_ms = elapsed_ms;
  status.instances.resize(2);
  status.instances[0].stage = "payments";
  status.instances[1].stage = "count";
  status.instances[1].instance = 1;
  status.instances[1].work.bypass = count;
  status.instances[1].work.bypass_ratio = ratio;
  return status;
}

lines said(bypass_messages& by, const run_status& status) {
  by.take(status);
  return by.due();
}

TEST_CASE("a switch of the bypass is said once, with its reason", "[bypass_messages][S12][P10]") {
  bypass_messages say;
  CHECK(said(say, switched(200, {0, 0}, 0)).empty());
  CHECK(said(say, switched(400, {1, 0}, 0.969)) ==
        lines{"count #2: bypassed, gathering does not pay: O/I 0.97 is above 0.80"});
  CHECK(said(say, switched(9000, {1, 0}, 0.969)).empty());
  CHECK(said(say, switched(9200, {1, 1}, 0.31)) ==
        lines{"count #2: gathers again: O/I 0.31 is below 0.70"});
}

TEST_CASE("a switch before a wire is said apart from one within a stage",
          "[bypass_messages][S12][F701]") {
  bypass_messages say;
  run_status status = switched(400, {0, 0}, 0);
  status.instances[1].work.wire.switched = {1, 0};
  status.instances[1].work.wire.switch_ratio = 0.969;
  CHECK(said(say, status) == lines{"count #2: sends rows as they are, combining does not pay: O/I "
                                   "0.97 is above 0.80"});
  status.elapsed_ms = 9000;
  status.instances[1].work.bypass = {1, 0};
  status.instances[1].work.bypass_ratio = 0.9;
  CHECK(said(say, status) ==
        lines{"count #2: bypassed, gathering does not pay: O/I 0.90 is above 0.80"});
  status.elapsed_ms = 18'000;
  status.instances[1].work.wire.switched = {1, 1};
  status.instances[1].work.wire.switch_ratio = 0.25;
  CHECK(said(say, status) == lines{"count #2: combines rows again: O/I 0.25 is below 0.70"});
}

TEST_CASE("switches that follow each other closely are counted in one line",
          "[bypass_messages][S12]") {
  bypass_messages say;
  CHECK(said(say, switched(1000, {1, 0}, 0.9)).size() == 1);
  CHECK(said(say, switched(5999, {2, 1}, 0.9)).empty());
  CHECK(said(say, switched(6000, {3, 2}, 0.85)) ==
        lines{"count #2: bypassed, gathering does not pay: O/I 0.85 is above 0.80 (switched 4 "
              "times since the last line)"});
}

TEST_CASE("the end of a run holds no switch back", "[bypass_messages][S12]") {
  bypass_messages say;
  CHECK(said(say, switched(1000, {1, 0}, 0.9)).size() == 1);
  run_status last = switched(1100, {1, 1}, 0.6);
  last.finished = true;
  CHECK(said(say, last) == lines{"count #2: gathers again: O/I 0.60 is below 0.70"});
}

TEST_CASE("a verbose run says that a stage was bypassed, and why",
          "[bypass_messages][actors][S12]") {
  const scratch_folder folder;
  const auto said_by = [&](const char* flag) {
    const finished_child ran = run_child({SLUICE_RUN_PROGRAM, "run", "--graph", "unique", "--count",
                                          "100000", "--output", folder.file("alerts.csv"), flag});
    CHECK(ran.exit_code == 0);
    return ran.err;
  };
  const std::string line = "\nseen: bypassed, gathering does not pay: O/I 1.00 is above 0.80\n";
  CHECK(said_by("--verbose").find(line) != std::string::npos);
  CHECK(said_by("--progress=none").find("bypassed") == std::string::npos);
}

}  // namespace
}  // namespace sluice

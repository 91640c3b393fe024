// `bench`: what is measured, in which order, and how it is shown.
#include <algorithm>
#include <csignal>
#include <filesystem>

#include <nlohmann/json.hpp>

#include "sluice/graph/bench_figures.hpp"
#include "sluice/graph/bench_sweep.hpp"
#include "sluice/tests/support/catch.hpp"
#include "sluice/tests/support/child_process.hpp"

namespace sluice {
namespace {

finished_child called(std::vector<std::string> arguments, const child_options& options = {}) {
  arguments.insert(arguments.begin(), {SLUICE_RUN_PROGRAM, "bench", "--graph", "copy"});
  return run_child(std::move(arguments), options);
}

std::vector<std::string> values_of(std::string_view text) {
  const auto sweep = read_bench_sweep(text);
  REQUIRE(sweep);
  std::vector<std::string> shown;
  for (const auto& value : sweep.value().values) shown.push_back(value.shown);
  return shown;
}

std::string refused(std::string_view text) {
  const auto sweep = read_bench_sweep(text);
  REQUIRE_FALSE(sweep);
  return sweep.failure().message;
}

}  // namespace

TEST_CASE("a sweep goes by 1, 2 and 5 from one end to the other", "[bench_sweep][S18]") {
  CHECK(values_of("interval") == std::vector<std::string>{"10 ms", "20 ms", "50 ms", "100 ms",
                                                          "200 ms", "500 ms", "1000 ms", "2000 ms",
                                                          "5000 ms", "10000 ms"});
  CHECK(values_of("interval=30ms..1s") ==
        std::vector<std::string>{"30 ms", "50 ms", "100 ms", "200 ms", "500 ms", "1000 ms"});
  CHECK(values_of("batch.rows=64..256") ==
        std::vector<std::string>{"64 rows", "100 rows", "200 rows", "256 rows"});
  CHECK(values_of("commit.every=3..3").size() == 1);
  CHECK(read_bench_sweep("interval").value().key == "microBatch.allowLatencyMs");
}

TEST_CASE("a sweep of what is none is refused with what would be right", "[bench_sweep][S18]") {
  CHECK(refused("intervall").starts_with("wrong value: --sweep intervall (KEY=A..B; "));
  CHECK(refused("batch.rows") == "wrong value: --sweep batch.rows (batch.rows=A..B)");
  CHECK(refused("batch.rows=8") == "wrong value: --sweep batch.rows=8 (batch.rows=A..B)");
  CHECK(refused("interval=1s..10ms") ==
        "wrong value: --sweep interval=1s..10ms (the smaller end first)");
  CHECK(refused("batch.policy=off..both") ==
        "wrong value: --sweep batch.policy=off..both (batch.policy is no number, time or size)");
  CHECK(refused("interval=0..1s").find("1 to") != std::string::npos);
}

TEST_CASE("the order of the runs is that of the seed", "[bench_sweep][S18]") {
  const auto order = drawn_order(10, 1);
  CHECK(order == drawn_order(10, 1));
  CHECK(order != drawn_order(10, 2));
  auto sorted = order;
  std::sort(sorted.begin(), sorted.end());
  for (std::size_t i = 0; i < sorted.size(); ++i) CHECK(sorted[i] == i);
}

TEST_CASE("a row waits for its marker and as long as that takes", "[bench_figures][S18]") {
  const std::vector<std::uint64_t> every_second{1000, 2000, 3000, 4000};
  CHECK(wait_at(0.5, every_second, 20) == Approx(520));
  CHECK(wait_at(0.99, every_second, 20) == Approx(1010));
  // Three quarters of the rows are in the long epoch.
  CHECK(wait_at(0.5, {1000, 4000}, 0) == Approx(1000));
  CHECK(wait_at(0.99, {1000, 4000}, 0) == Approx(2960));
  CHECK(wait_at(0.5, {}, 3) == 3);
}

TEST_CASE("bench measures every value of a sweep, as a table and as JSON",
          "[run][bench_sweep][S18][actors]") {
  const scratch_folder folder;
  const std::vector<std::string> sweep{"--count",   "20000", "--sweep", "interval=10ms..50ms",
                                       "--seconds", "1",     "--seed",  "7"};
  const auto table = called(sweep, {.folder = folder.path()});
  CHECK(table.exit_code == 0);
  const auto lines = lines_of(table.out);
  REQUIRE(lines.size() == 10);
  CHECK(lines[0].starts_with("machine   "));
  CHECK(lines[1].find("CAF 0.") != std::string::npos);
  CHECK(lines[2].starts_with("graph     tested: "));
  CHECK(lines[4] == "seed      7");
  CHECK(lines[6].starts_with("interval  rows/s  wait p50  wait p99  marker  commits/s"));
  CHECK(lines[7].starts_with("10 ms "));
  CHECK(lines[9].starts_with("50 ms "));
  CHECK(lines_of(table.err).size() == 3);  // which run it is

  auto as_json = sweep;
  as_json.push_back("--json");
  const auto json = called(as_json, {.folder = folder.path()});
  CHECK(json.exit_code == 0);
  const auto found = nlohmann::json::parse(json.out);
  CHECK(found["seed"] == "7");
  CHECK(found["sweep"] == "microBatch.allowLatencyMs");
  REQUIRE(found["points"].size() == 3);
  CHECK(found["points"][1]["value"] == 20);
  for (const auto& point : found["points"]) {
    CHECK(point["rows"] == 20'000);
    CHECK(point["rows_per_second"] > 0);
    CHECK(point["wait_p50_ms"] <= point["wait_p99_ms"]);
  }
}

TEST_CASE("a run of bench over an input without end is cut short", "[run][S18][actors]") {
  const scratch_folder folder;
  const auto ran = called({"--rate", "1000", "--seconds", "1", "--json", "--checkpoints", "kept",
                           "--sweep", "interval=50ms..100ms"},
                          {.folder = folder.path()});
  CHECK(ran.exit_code == 0);
  const auto found = nlohmann::json::parse(ran.out);
  REQUIRE(found["points"].size() == 2);
  for (const auto& point : found["points"]) {
    CHECK(point["rows"] >= 500);
    CHECK(point["commits"] >= 3);
    const double interval = point["value"];
    CHECK(point["wait_p99_ms"] >= 0.9 * interval);
  }
  CHECK(std::filesystem::is_empty(folder.file("kept")));  // its checkpoints are gone
}

TEST_CASE("every run of bench has the value it is shown with", "[run][S18][actors]") {
  const scratch_folder folder;
  const auto ran = called({"--rate", "1000", "--seconds", "1", "--json", "--set",
                           "microBatch.allowLatencyMs=20", "--sweep", "commit.every=1..2"},
                          {.folder = folder.path()});
  const auto points = nlohmann::json::parse(ran.out)["points"];
  REQUIRE(points.size() == 2);
  CHECK(points[0]["commits"] == points[0]["epochs"]);
  CHECK(points[1]["commits"] < points[1]["epochs"]);
}

TEST_CASE("bench prints its figures and not what a sink prints", "[run][S18][actors]") {
  const auto without = run_child(
      {SLUICE_RUN_PROGRAM, "bench", "--graph", "printed", "--count", "10", "--json", "-q"});
  CHECK(without.exit_code == 0);
  CHECK(without.err == "");
  CHECK(nlohmann::json::parse(without.out)["points"][0]["rows"] == 10);
}

TEST_CASE("bench starts nothing if a value of its sweep is wrong", "[run][S18]") {
  const scratch_folder folder;
  const auto wrong = called({"--sweep", "intervall"}, {.folder = folder.path()});
  CHECK(wrong.exit_code == 2);
  CHECK(wrong.out == "");
  CHECK(wrong.err.starts_with("run_program: wrong value: --sweep intervall"));
  // A window holds the largest batch: 100 rows do not.
  const auto window =
      called({"--sweep", "credit.rows=100..10000", "--rate", "10"}, {.folder = folder.path()});
  CHECK(window.exit_code == 2);
  const auto nodes = called({"--count", "10"}, {.environment = {"SLUICE_CLUSTER_NODES=a=ipc://a"},
                                                .folder = folder.path()});
  CHECK(nodes.exit_code == 2);
  CHECK(nodes.err.find("bench measures one process") != std::string::npos);
  CHECK_FALSE(folder.has("alerts.csv"));
}

TEST_CASE("bench shows what it has when it is stopped", "[run][S18][actors]") {
  const scratch_folder folder;
  child_process running({SLUICE_RUN_PROGRAM, "bench", "--graph", "copy", "--rate", "1000",
                         "--seconds", "1", "--sweep", "batch.rows=1..1000", "--json"},
                        {.folder = folder.path()});
  REQUIRE(running.says("2 of 10"));
  running.send(SIGINT);
  CHECK(running.wait() == 130);
  CHECK(nlohmann::json::parse(running.out())["points"].size() == 1);
  CHECK(running.err().find("stopped: 1 of 10 were measured") != std::string::npos);
}

TEST_CASE("bench says of which graph a run failed", "[run][S18][actors]") {
  const scratch_folder folder;
  const auto failed =
      run_child({SLUICE_RUN_PROGRAM, "bench", "--graph", "failing", "--count", "200"},
                {.folder = folder.path()});
  CHECK(failed.exit_code == 1);
  CHECK(failed.out == "");
  CHECK(failed.err.find("failed: stage numbers/batcher: no hundred") != std::string::npos);
  const auto closed =
      run_child({SLUICE_RUN_PROGRAM, "bench", "--graph", "unwritable"}, {.folder = folder.path()});
  CHECK(closed.exit_code == 2);
}

}  // namespace sluice

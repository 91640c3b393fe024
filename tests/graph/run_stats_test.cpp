#include "sluice/graph/run_stats.hpp"

#include <map>
#include <regex>
#include <set>
#include <sstream>

#include "sluice/graph/run_summary.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice {
namespace {

run_status counted_run() {
  run_status status;
  status.elapsed_ms = 2000;
  status.done = {3};
  status.finished = true;
  instance_status source;
  source.stage = "payments";
  source.role = "source";
  source.source.rows = 997;
  source.source.bytes = 64 << 10;
  source.source.batches = 4;
  source.source.markers = 3;
  source.source.rejected = 3;
  source.busy_ns = 500'000'000;
  instance_status count;
  count.stage = "count";
  count.role = "aggregator";
  count.instance = 1;
  count.work.rows_in = 997;
  count.work.rows_out = 50;
  count.work.bytes_in = 2048;
  count.work.batches_in = 4;
  count.work.batches_out = 3;
  count.work.markers = 3;
  count.work.timer_wakeups = 9;
  count.work.flushes = {2, 1, 0, 0, 1};
  count.work.bypass = {2, 1};
  count.work.operation.state_accesses = 1047;
  count.work.operation.keys = 20;
  count.work.operation.late_rows = 5;
  count.output_ratio = 0.05;
  count.busy_ns = 1'000'000'000;
  count.blocked_ns = 200'000'000;
  count.most_queued = {{100, 1}, {512, 1}};
  status.instances = {source, count};
  return status;
}

const stage_windows windows{{"count", {65'536, 2 << 20}}};

TEST_CASE("the tables show every count of every instance", "[stats]") {
  CHECK(stats_tables(counted_run(), windows) ==
        "stage     role        rows in  rows out  bytes in  bytes out  batches in  batches out  "
        "rejected  late    most queued\n"
        "payments  source            -       997         -   64.0 KiB           -            4     "
        "    3     -              -\n"
        "count #2  aggregator      997        50  2.00 KiB        0 B           4            3     "
        "    -     5  512 of 65,536\n"
        "\n"
        "stage       busy  blocked    idle  markers  flushes at marker  size  timer  batch  end   "
        "O/I   bypassed  timer wake-ups  state accesses  keys\n"
        "payments  25.0 %    0.0 %  75.0 %        3                  -     -      -      -    -    "
        " -          -               -               -     -\n"
        "count #2  50.0 %   10.0 %  40.0 %        3                  2     1      -      -    1  "
        "0.05  2, back 1               9           1,047    20\n");
}

TEST_CASE("columns of figures are flush right, those of words flush left", "[stats]") {
  CHECK(text_table({{"name", "rows", "of"}, {"é", "5", "x"}, {"long name", "1,000", "-y"}}) ==
        "name        rows  of\n"
        "é              5  x\n"
        "long name  1,000  -y\n");
}

TEST_CASE("the metrics are Prometheus text with the names of the console's", "[stats]") {
  static const std::regex sample(
      R"re(([a-z_]+)(\{[a-z]+="(?:[^"\\]|\\.)*"(?:,[a-z]+="(?:[^"\\]|\\.)*")*\})? (-?[0-9]+(?:\.[0-9]+)?))re");
  static const std::regex head(R"(# (HELP|TYPE) ([a-z_]+) .+)");
  std::map<std::string, std::string> values;
  std::set<std::string> families;
  std::istringstream text(stats_metrics(counted_run(), windows));
  std::smatch match;
  for (std::string line; std::getline(text, line);) {
    INFO(line);
    if (std::regex_match(line, match, head)) {
      families.insert(match[2]);
      continue;
    }
    REQUIRE(std::regex_match(line, match, sample));
    CHECK(families.contains(match[1]));
    CHECK(values.emplace(match[1].str() + match[2].str(), match[3]).second);
  }
  CHECK(values.at(R"(sluice_rows_total{stage="payments",instance="0",direction="out"})") == "997");
  CHECK(values.at(R"(sluice_rows_total{stage="count",instance="1",direction="in"})") == "997");
  CHECK(values.at(R"(sluice_stage_time_seconds_total{stage="count",instance="1",state="idle"})") ==
        "0.800000");
  CHECK(values.at(R"(sluice_flushes_total{stage="count",instance="1",cause="size"})") == "1");
  CHECK(values.at(
            R"(sluice_batch_bypass_switches_total{stage="count",instance="1",to="gathering"})") ==
        "1");
  CHECK(values.at(R"(sluice_rejected_rows_total{stage="payments",instance="0"})") == "3");
  CHECK(values.at(R"(sluice_channel_most_queued_rows{stage="count",instance="1",channel="1"})") ==
        "512");
  CHECK(values.at("sluice_epoch_last_committed") == "3");
}

TEST_CASE("a stage name cannot break the metrics", "[stats]") {
  run_status status = counted_run();
  status.instances[0].stage = "a\"b\\c\nd";
  CHECK(stats_metrics(status, windows).find(R"({stage="a\"b\\c\nd",instance="0")") !=
        std::string::npos);
}

TEST_CASE("rejected rows are said with the file they are in", "[stats][F22]") {
  const auto rejected = rejected_rows(counted_run());
  CHECK(rejected == std::vector<rows_read>{{"payments", 997, 3}});
  CHECK(rejects_line(rejected[0], "payments.rejected.jsonl") ==
        "payments: read 1,000  good 997  bad 3 → payments.rejected.jsonl");
  CHECK(done_line(counted_run(), false) == "done: 997 rows in 2.00 s, 3 epochs");
  CHECK(done_line(counted_run(), true) == "stopped: 997 rows in 2.00 s, 3 epochs");
}

}  // namespace
}  // namespace sluice

#include "sluice/graph/run_stats.hpp"

#include <map>
#include <regex>
#include <sstream>

#include "sluice/graph/run_summary.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice {
namespace {

run_status counted_run() {
  run_status status;
  status.elapsed_ms = 2000;
  status.done = {3};
  status.epochs = 3;
  status.undecided = 1;
  for (const std::uint64_t took_us : {800, 2'500, 20'000'000}) status.epoch_durations.add(took_us);
  status.taken_at = instant::from_milliseconds(100'500);
  status.memory_bytes = 10 << 20;
  status.memory_limit_bytes = std::uint64_t{4} << 30;
  status.finished = true;
  instance_status source;
  source.stage = "payments";
  source.role = "source";
  source.source.rows = 997;
  source.source.bytes = 64 << 10;
  source.source.batches = 4;
  source.source.markers = 3;
  source.source.rejected = 3;
  source.source.batch_rows.add(997);
  source.source.watermark = instant::highest();
  source.source.watermark_of_rows = instant::from_seconds(90);
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
  count.queued = {{7, 1}, {0, 0}};
  count.credit_left = {{65'529, 1}, {65'536, 1}};
  count.work.operation.state_bytes = 4096;
  for (const std::uint64_t rows : {20, 20, 10}) count.work.batch_rows.add(rows);
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

using samples = std::map<std::string, std::string>;

// Every sample by its name and labels; checks what a scraper would.
samples parsed(const std::string& metrics) {
  static const std::regex sample(
      R"re(([a-z_]+)(\{[a-z]+="(?:[^"\\]|\\.)*"(?:,[a-z]+="(?:[^"\\]|\\.)*")*\})? (-?[0-9]+(?:\.[0-9]+)?))re");
  static const std::regex head(R"(# (HELP|TYPE) ([a-z_]+) (.+))");
  static const std::regex part_of_histogram("_(bucket|sum|count)$");
  samples values;
  std::map<std::string, std::string> types;
  std::istringstream text(metrics);
  std::smatch match;
  for (std::string line; std::getline(text, line);) {
    INFO(line);
    if (std::regex_match(line, match, head)) {
      if (match[1] == "TYPE") CHECK(types.emplace(match[2], match[3]).second);
      continue;
    }
    REQUIRE(std::regex_match(line, match, sample));
    const std::string name = match[1];
    const std::string family = std::regex_replace(name, part_of_histogram, "");
    CHECK(types.contains(family == name ? name : family));
    CHECK((types[family] == "histogram") == (family != name));
    CHECK(values.emplace(name + match[2].str(), match[3]).second);
  }
  return values;
}

TEST_CASE("the metrics are Prometheus text with the names of the console's", "[stats]") {
  const samples values = parsed(stats_metrics(counted_run(), windows));
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

TEST_CASE("the metrics say how large batches were and how long epochs took", "[stats][F1401]") {
  const samples values = parsed(stats_metrics(counted_run(), windows));
  const std::string count = R"(sluice_batch_rows_bucket{stage="count",instance="1",le=")";
  CHECK(values.at(count + "4\"}") == "0");
  CHECK(values.at(count + "16\"}") == "1");
  CHECK(values.at(count + "64\"}") == "3");
  CHECK(values.at(count + "65536\"}") == "3");
  CHECK(values.at(count + "+Inf\"}") == "3");
  CHECK(values.at(R"(sluice_batch_rows_sum{stage="count",instance="1"})") == "50");
  CHECK(values.at(R"(sluice_batch_rows_count{stage="count",instance="1"})") == "3");
  CHECK(values.at(R"(sluice_batch_rows_sum{stage="payments",instance="0"})") == "997");
  CHECK(values.at(R"(sluice_epoch_duration_seconds_bucket{le="0.001"})") == "1");
  CHECK(values.at(R"(sluice_epoch_duration_seconds_bucket{le="0.0025"})") == "2");
  CHECK(values.at(R"(sluice_epoch_duration_seconds_bucket{le="10"})") == "2");
  CHECK(values.at(R"(sluice_epoch_duration_seconds_bucket{le="+Inf"})") == "3");
  CHECK(values.at("sluice_epoch_duration_seconds_sum") == "20.0033");
  CHECK(values.at("sluice_epoch_duration_seconds_count") == "3");
  CHECK(values.at("sluice_epochs_undecided") == "1");
}

TEST_CASE("the metrics say what channels, state and the process hold", "[stats][F1401]") {
  const samples values = parsed(stats_metrics(counted_run(), windows));
  const std::string first = R"({stage="count",instance="1",channel="0"})";
  CHECK(values.at("sluice_channel_queued_rows" + first) == "7");
  CHECK(values.at("sluice_channel_credit_rows" + first) == "65529");
  CHECK(values.at(R"(sluice_state_bytes{stage="count",instance="1"})") == "4096");
  CHECK(values.at("sluice_memory_bytes") == "10485760");
  CHECK(values.at("sluice_memory_limit_bytes") == "4294967296");
}

TEST_CASE("the watermark lags by the wall clock, once there is a row", "[stats][F1401]") {
  const std::string lag = R"(sluice_watermark_lag_seconds{stage="payments",instance="0"})";
  run_status status = counted_run();
  CHECK(parsed(stats_metrics(status, windows)).at(lag) == "10.500000");
  status.instances[0].source.watermark_of_rows = instant::from_seconds(200);
  CHECK(parsed(stats_metrics(status, windows)).at(lag) == "-99.500000");
  status.instances[0].source.watermark_of_rows = instant::lowest();
  CHECK_FALSE(parsed(stats_metrics(status, windows)).contains(lag));
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

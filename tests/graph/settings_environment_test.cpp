#include <chrono>

#include "sluice/graph/settings_environment.hpp"
#include "sluice/tests/graph/settings/reading.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice {
namespace {

using namespace std::chrono_literals;
using environment = std::vector<environment_variable>;

settings_reading read_with(const environment& variables, std::string_view content = {},
                           const std::vector<std::string>& stages = test_stages) {
  settings_reader reader(stages);
  reader.text("a.toml", content);
  reader.environment(variables);
  return reader.read();
}

TEST_CASE("every key is a variable too", "[settings][U33]") {
  CHECK(variable_of_key("batch.rows") == "SLUICE_BATCH_ROWS");
  CHECK(variable_of_key("batch.max_bytes") == "SLUICE_BATCH_MAX_BYTES");
  CHECK(variable_of_key("blink.microBatch.allowLatencyMs") ==
        "SLUICE_BLINK_MICRO_BATCH_ALLOW_LATENCY_MS");
  CHECK(variable_of_key("stage.late-rows.policy") == "SLUICE_STAGE_LATE_ROWS_POLICY");

  auto chosen = read_with({{"SLUICE_BATCH_MAX_BYTES", "512KiB"},
                           {"SLUICE_BATCH_POLICY", "off"},
                           {"SLUICE_COMMIT_EVERY", "3"},
                           {"SLUICE_MICRO_BATCH_ALLOW_LATENCY_MS", "5s"},
                           {"SLUICE_MINIBATCH_SIZE", "1_000"},
                           {"SLUICE_SCHEDULER_THREADS", "2"},
                           {"SLUICE_STAGE_DECIDE_CREDIT_ROWS", "70000"}})
                    .checked();
  CHECK(chosen.batch_bytes() == 512 << 10);
  CHECK(chosen.policy() == batch_policy::off);
  CHECK(chosen.commit_every() == 3);
  CHECK(chosen.latency() == 5s);
  CHECK(chosen.mini_batch_size() == 1000);
  CHECK(chosen.threads() == 2);
  CHECK(chosen.credit_rows("decide") == 70'000);
}

TEST_CASE("a wrong variable is named", "[settings][U31]") {
  CHECK(one_lines(read_with({{"SLUICE_BATCH_ROWS", "many"}, {"SLUICE_COMMIT_EVERY", ""}}).errors) ==
        lines{"SLUICE_BATCH_ROWS: not a whole number: batch.rows = many (allowed: 1 to 1048576 "
              "rows)",
              "SLUICE_COMMIT_EVERY: not a whole number: commit.every =  (allowed: 1 to 1000000 "
              "markers)"});
}

TEST_CASE("a variable that means nothing is a warning with the nearest name", "[settings][U30]") {
  const std::vector<std::string> flags{"progress", "dead-letter"};
  settings_reader reader(test_stages);
  reader.environment(environment{{"HOME", "here"},
                                 {"SLUICE_BATCH_ROW", "1"},
                                 {"SLUICE_DEAD_LETTER", "file"},
                                 {"SLUICE_PASSWORD", "hunter2"},
                                 {"SLUICE_PROGRES", "json"},
                                 {"SLUICE_PROGRESS", "json"}},
                     flags);
  auto reading = reader.read();
  CHECK(reading.errors.empty());
  CHECK(one_lines(reading.warnings) ==
        lines{"SLUICE_BATCH_ROW: warning: no such setting or flag (did you mean "
              "SLUICE_BATCH_ROWS?)",
              "SLUICE_PASSWORD: warning: no such setting or flag",
              "SLUICE_PROGRES: warning: no such setting or flag (did you mean SLUICE_PROGRESS?)"});
}

TEST_CASE("two variables for one setting have no order", "[settings][P3]") {
  auto reading = read_with({{"SLUICE_MICRO_BATCH_ALLOW_LATENCY_MS", "5000"},
                            {"SLUICE_MINI_BATCH_ALLOW_LATENCY_MS", "6000"}});
  REQUIRE(reading.errors.size() == 1);
  CHECK(one_line(reading.errors[0]) ==
        "SLUICE_MINI_BATCH_ALLOW_LATENCY_MS: two values for one setting: "
        "microBatch.allowLatencyMs = 5000 ms (SLUICE_MICRO_BATCH_ALLOW_LATENCY_MS) and "
        "miniBatch.allowLatencyMs = 6000 ms (SLUICE_MINI_BATCH_ALLOW_LATENCY_MS) (variables have "
        "no order: keep one)");
}

TEST_CASE("stages whose names look alike as variables are not guessed", "[settings]") {
  auto reading =
      read_with({{"SLUICE_STAGE_LATE_ROWS_POLICY", "off"}}, {}, {"late_rows", "lateRows"});
  CHECK(one_lines(reading.errors) ==
        lines{"SLUICE_STAGE_LATE_ROWS_POLICY: may mean stage.late_rows.policy or "
              "stage.lateRows.policy (set it in a file or with --set)"});
}

TEST_CASE("variables are replaced in the values of a file", "[settings][U34]") {
  const environment variables{{"ROWS", "16"}, {"SIZE", "512"}, {"EMPTY", ""}, {"MODE", "mini"}};
  auto chosen = read_with(variables, R"(
microBatch.allowLatencyMs = "${UNSET:-5s}"
miniBatch.size = "${EMPTY:-7}"
[batch]
rows = "${ROWS}"
max_bytes = "${SIZE}KiB"
policy = "${MODE:-off}"
)")
                    .checked();
  CHECK(chosen.latency() == 5s);
  CHECK(chosen.mini_batch_size() == 7);
  CHECK(chosen.batch_rows() == 16);
  CHECK(chosen.batch_bytes() == 512 << 10);
  CHECK(chosen.policy() == batch_policy::mini);
}

TEST_CASE("a replacement is not replaced again", "[settings][U34]") {
  auto reading = read_with({{"A", "${B}"}, {"B", "5"}}, "[batch]\nrows = \"${A}\"\n");
  CHECK(
      one_lines(reading.errors) ==
      lines{R"(a.toml:2:8: not a whole number: batch.rows = "${A}" (allowed: 1 to 1048576 rows))"});
}

TEST_CASE("what is near to a secret is not told either", "[settings][U34]") {
  auto reading = read_with({{"WORD", "bot"}}, "[batch]\npolicy = \"${WORD}\"\n");
  CHECK(
      one_lines(reading.errors) ==
      lines{
          R"(a.toml:2:10: unknown policy: batch.policy = "${WORD}" (allowed: "off", "micro", "mini", "both"))"});
}

TEST_CASE("the command line sets any key", "[settings][U10]") {
  settings_reader reader(test_stages);
  reader.set("batch.policy=\"off\"");
  reader.set("batch.max_bytes=512KiB");
  reader.set("stage.decide.policy=mini");
  reader.set("microBatch.allowLatencyMs", "10ms", "--every 10ms");
  auto reading = reader.read();
  CHECK(reading.errors.empty());
  CHECK(reading.values.policy() == batch_policy::off);
  CHECK(reading.values.batch_bytes() == 512 << 10);
  CHECK(reading.values.policy("decide") == batch_policy::mini);
  CHECK(reading.values.latency() == 10ms);
  CHECK(place(reading.values.find(setting_id::latency)->origin) == "--every 10ms");
}

TEST_CASE("a stage name may hold dots", "[settings]") {
  const std::vector<std::string> stages{"a.b", "a.b.batch"};
  settings_reader reader(stages);
  reader.set("stage.a.b.batch.rows=5");
  reader.set("stage.a.b.batch.policy=off");
  reader.text("a.toml", "[stage.\"a.b\"]\ncredit.rows = 70000\n");
  auto chosen = reader.read().checked();
  CHECK(chosen.batch_rows("a.b") == 5);
  CHECK(chosen.credit_rows("a.b") == 70'000);
  CHECK(chosen.policy("a.b.batch") == batch_policy::off);
}

TEST_CASE("what is wrong on the command line is named", "[settings][U30]") {
  settings_reader reader(test_stages);
  for (auto wrong : {"batch.rows", "batch.row=1", "batch.rows=0", "stage.decid.policy=off",
                     "stage.decide.polic=off", "policy=off"}) {
    reader.set(wrong);
  }
  CHECK(one_lines(reader.read().errors) ==
        lines{"--set batch.rows: = expected: batch.rows (write --set key=value)",
              "--set batch.row=1: unknown key: batch.row (did you mean batch.rows?)",
              "--set batch.rows=0: value out of range: batch.rows = 0 (allowed: 1 to 1048576 rows)",
              "--set stage.decid.policy=off: unknown stage: decid (did you mean decide?)",
              "--set stage.decide.polic=off: unknown key: stage.decide.polic (did you mean "
              "policy?)",
              "--set policy=off: unknown key: policy (did you mean batch.policy?)"});
}

TEST_CASE("what is wrong in code is named by its line", "[settings][F21]") {
  settings_reader reader(test_stages);
  auto where = call_site::current();
  auto line = "settings_environment_test.cpp:" + std::to_string(where.line());
  reader.code("batch.row", 1, where);
  reader.code("batch.policy", 1, where);
  reader.code_stage("decide", "parallelism", 0, where);
  reader.code_stage("decide", "threads", 1, where);
  CHECK(one_lines(reader.read().errors) ==
        lines{line + ": unknown key: batch.row (did you mean batch.rows?)",
              line + R"(: wrong type: batch.policy = 1 (allowed: "off", "micro", "mini", "both"))",
              line + ": value out of range: stage.decide.parallelism = 0 (allowed: 1 to 256 "
                     "instances)",
              line + ": unknown key: stage.decide.threads (known: miniBatch.allowLatencyMs, "
                     "miniBatch.size, policy, batch.rows, pre_aggregate, credit.rows, "
                     "credit.max_bytes, parallelism)"});
}

}  // namespace
}  // namespace sluice

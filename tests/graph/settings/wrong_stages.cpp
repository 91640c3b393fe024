#include "sluice/tests/graph/settings/wrong_files.hpp"

namespace sluice {

namespace {

const std::string times = R"(1 to 86400000 ms, or a text such as "500ms", "5s", "2min", "1h")";
const std::string policies = R"("off", "micro", "mini", "both")";
const std::string batch_rows = "1 to 1048576 rows";
const std::string size_rows = "1 to 1000000000 rows";
const std::string instances = "1 to 256 instances";
const std::string turn_off = R"(; to turn batching off write policy = "off")";
const std::string stage_keys =
    " (known: miniBatch.allowLatencyMs, miniBatch.size, policy, batch.rows, pre_aggregate, "
    "credit.rows, "
    "credit.max_bytes, parallelism)";
const std::string one_per_graph =
    R"( (the interval is one per graph: move it above the first table, or set policy = "mini" for the stage))";
const std::string raise_or_lower = " (raise the window or lower the batch)";

std::string allowed(const std::string& values, const std::string& more = {}) {
  return " (allowed: " + values + more + ")";
}

}  // namespace

std::vector<wrong_file> files_of_wrong_stages() {
  return {
      {R"([stage.decid]
policy = "off")",
       {"bad.toml:1:8: unknown stage: decid (did you mean decide?)"}},
      {R"([stage.windows]
policy = "off"
batch.rows = 1)",
       {"bad.toml:1:8: unknown stage: windows (stages: decide, alerts)"}},
      {R"([stage.decide]
policy = "inline")",
       {R"(bad.toml:2:10: unknown policy: stage.decide.policy = "inline")" + allowed(policies)}},
      {R"([stage.decide]
policy = "auto")",
       {R"(bad.toml:2:10: policy not available in this version: stage.decide.policy = "auto")" +
        allowed(policies)}},
      {R"([stage.decide]
polcy = "off")",
       {"bad.toml:2:1: unknown key: stage.decide.polcy (did you mean policy?)"}},
      {R"([stage.decide]
rows = 1)",
       {"bad.toml:2:1: unknown key: stage.decide.rows (did you mean batch.rows?)"}},
      {R"([stage.decide]
batch.row = 1)",
       {"bad.toml:2:7: unknown key: stage.decide.batch.row (did you mean batch.rows?)"}},
      {R"([stage.decide]
batch.max_bytes = 1)",
       {"bad.toml:2:7: unknown key: stage.decide.batch.max_bytes (did you mean "
        "credit.max_bytes?)"}},
      {R"([stage.decide]
commit.every = 1)",
       {"bad.toml:2:1: unknown key: stage.decide.commit" + stage_keys}},
      {R"([stage.decide]
name = "d")",
       {"bad.toml:2:1: unknown key: stage.decide.name" + stage_keys}},
      {R"([stage.decide]
batch.rows = 0)",
       {"bad.toml:2:14: value out of range: stage.decide.batch.rows = 0" + allowed(batch_rows)}},
      {R"([stage.decide]
miniBatch.size = 0)",
       {"bad.toml:2:18: value out of range: stage.decide.miniBatch.size = 0" +
        allowed(size_rows, turn_off)}},
      {R"([stage.decide]
parallelism = 0)",
       {"bad.toml:2:15: value out of range: stage.decide.parallelism = 0" + allowed(instances)}},
      {R"([stage.decide]
parallelism = 257)",
       {"bad.toml:2:15: value out of range: stage.decide.parallelism = 257" + allowed(instances)}},
      {R"([stage.decide]
parallelism = "2")",
       {R"(bad.toml:2:15: wrong type: stage.decide.parallelism = "2" (allowed: 1 to 256 instances; write it without quotes))"}},
      {R"([stage.decide]
miniBatch.allowLatencyMs = 500)",
       {R"(bad.toml:2:28: interval of a stage without policy "mini": stage.decide.miniBatch.allowLatencyMs = 500 ms (bad.toml:2:28), batch.policy = both (default))" +
        one_per_graph}},
      {R"([stage.decide]
policy = "micro"
allowLatencyMs = 500)",
       {R"(bad.toml:3:18: interval of a stage without policy "mini": stage.decide.allowLatencyMs = 500 ms (bad.toml:3:18), stage.decide.policy = micro (bad.toml:2:10))" +
        one_per_graph}},
      {R"([batch]
policy = "mini"
[stage.decide]
policy = "off"
allowLatencyMs = 500)",
       {R"(bad.toml:5:18: interval of a stage without policy "mini": stage.decide.allowLatencyMs = 500 ms (bad.toml:5:18), stage.decide.policy = off (bad.toml:4:10))" +
        one_per_graph}},
      {R"([stage.decide]
policy = "mini"
allowLatencyMs = 0)",
       {"bad.toml:3:18: value out of range: stage.decide.allowLatencyMs = 0" +
        allowed(times, turn_off)}},
      {R"([stage.decide]
policy = "mini"
microBatch.allowLatencyMs = 500)",
       {"bad.toml:3:1: Blink key below a table: stage.decide.microBatch.allowLatencyMs (move it "
        "above the first table)"}},
      {R"([stage.decide]
blink.miniBatch.size = 500)",
       {"bad.toml:2:1: Blink key below a table: stage.decide.blink.miniBatch.size (for one stage "
        "write miniBatch.size)"}},
      {R"([stage.decide]
batch.rows = 70_000)",
       {"bad.toml:2:14: window smaller than the largest batch: credit.rows = 65536 rows (default) "
        "< stage.decide.batch.rows = 70000 rows (bad.toml:2:14)" +
        raise_or_lower}},
      {R"([stage.decide]
credit.rows = 100)",
       {"bad.toml:2:15: window smaller than the largest batch: stage.decide.credit.rows = 100 rows "
        "(bad.toml:2:15) < batch.rows = 8192 rows (default)" +
        raise_or_lower}},
      {R"([stage.decide]
credit.max_bytes = "512KiB")",
       {"bad.toml:2:20: window smaller than the largest batch: stage.decide.credit.max_bytes = "
        "524288 bytes (bad.toml:2:20) < batch.max_bytes = 1048576 bytes (default)" +
        raise_or_lower}},
      {R"([stage]
decide = "off")",
       {R"(bad.toml:2:10: wrong type: stage.decide = "off" (it is a table: write [stage.decide]))"}},
      {R"([stage]
policy = "off")",
       {"bad.toml:2:1: unknown stage: policy (stages: decide, alerts)"}},
      {R"([stage.decide]
policy = "off"
[stage.decide]
batch.rows = 1)",
       {"bad.toml:3:1: given twice: [stage.decide] (line 1 and line 3) (put all its keys below one "
        "head)"}},
      {R"([[stage.decide]]
policy = "off")",
       {"bad.toml:1:1: wrong type: stage.decide = [[stage.decide]] (it is a table: write "
        "[stage.decide])"}},
      {R"([stages.decide]
policy = "off")",
       {"bad.toml:1:2: unknown key: stages (did you mean stage?)"}},
      {"stage.decide.policy = off",
       {R"(bad.toml:1:23: text must be quoted: off (quote it: "off"))"}},
  };
}

}  // namespace sluice

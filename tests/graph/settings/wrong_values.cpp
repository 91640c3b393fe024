#include "sluice/tests/graph/settings/wrong_files.hpp"

namespace sluice {

namespace {

const std::string times = R"(1 to 86400000 ms, or a text such as "500ms", "5s", "2min", "1h")";
const std::string sizes = R"(1 to 1073741824 bytes, or a text such as "512KiB", "8MiB", "1GiB")";
const std::string combining = R"("off", "on", "auto")";
const std::string policies = R"("off", "micro", "mini", "both")";
const std::string batch_rows = "1 to 1048576 rows";
const std::string size_rows = "1 to 1000000000 rows";
const std::string markers = "1 to 1000000 markers";
const std::string threads = "0 to 1024 threads";
const std::string stores = R"(a directory, or a text such as "etcd://127.0.0.1:2379/sluice/NAME")";
const std::string turn_off = R"(; to turn batching off write policy = "off")";
const std::string raise_or_lower = " (raise the window or lower the batch)";

std::string allowed(const std::string& values, const std::string& more = {}) {
  return " (allowed: " + values + more + ")";
}

}  // namespace

std::vector<wrong_file> files_of_wrong_values() {
  return {
      {"cluster.store = 5", {"bad.toml:1:17: wrong type: cluster.store = 5" + allowed(stores)}},
      {R"(cluster.store = "zk://a")",
       {R"(bad.toml:1:17: not the name of a store: cluster.store = "zk://a")" +
        allowed(stores, "; zk://a: character 1: etcd:// or etcds:// expected, or a directory")}},
      {"[cluster]\nstore = 'etcd://a:0/x'",
       {"bad.toml:2:9: not the name of a store: cluster.store = 'etcd://a:0/x'" +
        allowed(stores, "; etcd://a:0/x: character 10: a port from 1 to 65535 expected")}},
      {"blink.microBatch.allowLatencyMs = 0",
       {"bad.toml:1:35: value out of range: blink.microBatch.allowLatencyMs = 0" +
        allowed(times, turn_off)}},
      {"microBatch.allowLatencyMs = -5",
       {"bad.toml:1:29: value out of range: microBatch.allowLatencyMs = -5" +
        allowed(times, turn_off)}},
      {"blink.miniBatch.size = 0",
       {"bad.toml:1:24: value out of range: blink.miniBatch.size = 0" +
        allowed(size_rows, turn_off)}},
      {"miniBatch.size = -1",
       {"bad.toml:1:18: value out of range: miniBatch.size = -1" + allowed(size_rows, turn_off)}},
      {R"(miniBatch.allowLatencyMs = "0s")",
       {R"(bad.toml:1:28: value out of range: miniBatch.allowLatencyMs = "0s")" +
        allowed(times, turn_off)}},
      {R"(miniBatch.allowLatencyMs = "5 s")",
       {R"(bad.toml:1:28: unknown unit: miniBatch.allowLatencyMs = "5 s")" + allowed(times)}},
      {R"(miniBatch.allowLatencyMs = "5")",
       {R"(bad.toml:1:28: missing unit: miniBatch.allowLatencyMs = "5")" + allowed(times)}},
      {R"(miniBatch.allowLatencyMs = "5sec")",
       {R"(bad.toml:1:28: unknown unit: miniBatch.allowLatencyMs = "5sec")" + allowed(times)}},
      {R"(miniBatch.allowLatencyMs = "1.5s")",
       {R"(bad.toml:1:28: not a whole number: miniBatch.allowLatencyMs = "1.5s")" +
        allowed(times)}},
      {R"(miniBatch.allowLatencyMs = "25h")",
       {R"(bad.toml:1:28: value out of range: miniBatch.allowLatencyMs = "25h")" + allowed(times)}},
      {R"(miniBatch.allowLatencyMs = "")",
       {R"(bad.toml:1:28: not a whole number: miniBatch.allowLatencyMs = "")" + allowed(times)}},
      {"miniBatch.allowLatencyMs = 5.5",
       {"bad.toml:1:28: wrong type: miniBatch.allowLatencyMs = 5.5" + allowed(times)}},
      {"miniBatch.allowLatencyMs = 00:00:05",
       {"bad.toml:1:28: wrong type: miniBatch.allowLatencyMs = 00:00:05" + allowed(times)}},
      {R"(miniBatch.size = "20000")",
       {R"(bad.toml:1:18: wrong type: miniBatch.size = "20000" (allowed: 1 to 1000000000 rows; write it without quotes))"}},
      {R"(miniBatch.size = "8MiB")",
       {R"(bad.toml:1:18: wrong type: miniBatch.size = "8MiB")" + allowed(size_rows)}},
      {"miniBatch.size = true",
       {"bad.toml:1:18: wrong type: miniBatch.size = true" + allowed(size_rows)}},
      {R"([batch]
policy = "auto")",
       {R"(bad.toml:2:10: policy not available in this version: batch.policy = "auto")" +
        allowed(policies)}},
      {R"([batch]
policy = "of")",
       {R"(bad.toml:2:10: unknown policy: batch.policy = "of" (allowed: "off", "micro", "mini", "both"; did you mean "off"?))"}},
      {R"([batch]
policy = "timer")",
       {R"(bad.toml:2:10: unknown policy: batch.policy = "timer")" + allowed(policies)}},
      {R"([batch]
policy = "Both")",
       {R"(bad.toml:2:10: unknown policy: batch.policy = "Both" (allowed: "off", "micro", "mini", "both"; did you mean "both"?))"}},
      {R"([batch]
policy = 1)",
       {"bad.toml:2:10: wrong type: batch.policy = 1" + allowed(policies)}},
      {R"([batch]
policy = ["off"])",
       {R"(bad.toml:2:10: wrong type: batch.policy = ["off"])" + allowed(policies)}},
      {R"([batch]
rows = 0)",
       {"bad.toml:2:8: value out of range: batch.rows = 0" + allowed(batch_rows)}},
      {R"([batch]
rows = -8192)",
       {"bad.toml:2:8: value out of range: batch.rows = -8192" + allowed(batch_rows)}},
      {R"([batch]
rows = 1_048_577)",
       {"bad.toml:2:8: value out of range: batch.rows = 1_048_577" + allowed(batch_rows)}},
      {R"([batch]
rows = 1e4)",
       {"bad.toml:2:8: wrong type: batch.rows = 1e4" + allowed(batch_rows)}},
      {R"([batch]
rows = 2024-05-01)",
       {"bad.toml:2:8: wrong type: batch.rows = 2024-05-01" + allowed(batch_rows)}},
      {R"([batch]
pre_aggregate = "often")",
       {R"(bad.toml:2:17: unknown name: batch.pre_aggregate = "often")" + allowed(combining)}},
      {R"([batch]
pre_aggregate = true)",
       {"bad.toml:2:17: wrong type: batch.pre_aggregate = true" + allowed(combining)}},
      {R"([batch]
pre_aggregate = 1)",
       {"bad.toml:2:17: wrong type: batch.pre_aggregate = 1" + allowed(combining)}},
      {R"([batch]
max_bytes = "1MB")",
       {R"(bad.toml:2:13: unknown unit: batch.max_bytes = "1MB")" + allowed(sizes)}},
      {R"([batch]
max_bytes = "1048576")",
       {R"(bad.toml:2:13: missing unit: batch.max_bytes = "1048576")" + allowed(sizes)}},
      {R"([batch]
max_bytes = "2GiB")",
       {R"(bad.toml:2:13: value out of range: batch.max_bytes = "2GiB")" + allowed(sizes)}},
      {R"([batch]
max_bytes = "99999999999999999999GiB")",
       {R"(bad.toml:2:13: value out of range: batch.max_bytes = "99999999999999999999GiB")" +
        allowed(sizes)}},
      {R"([batch]
max_bytes = "17179869185GiB")",  // 2^64 + 2^30 bytes
       {R"(bad.toml:2:13: value out of range: batch.max_bytes = "17179869185GiB")" +
        allowed(sizes)}},
      {R"([batch]
max_bytes = "9999999999999GiB")",
       {R"(bad.toml:2:13: value out of range: batch.max_bytes = "9999999999999GiB")" +
        allowed(sizes)}},
      {R"([batch]
max_bytes = "MiB")",
       {R"(bad.toml:2:13: not a whole number: batch.max_bytes = "MiB")" + allowed(sizes)}},
      {R"([commit]
every = 0)",
       {"bad.toml:2:9: value out of range: commit.every = 0" + allowed(markers)}},
      {R"([commit]
every = "1s")",
       {R"(bad.toml:2:9: wrong type: commit.every = "1s")" + allowed(markers)}},
      {R"([credit]
rows = 0)",
       {"bad.toml:2:8: value out of range: credit.rows = 0" + allowed(size_rows)}},
      {R"([credit]
max_bytes = 0)",
       {"bad.toml:2:13: value out of range: credit.max_bytes = 0" + allowed(sizes)}},
      {R"([credit]
rows = 4096)",
       {"bad.toml:2:8: window smaller than the largest batch: credit.rows = 4096 rows "
        "(bad.toml:2:8) < batch.rows = 8192 rows (default)" +
        raise_or_lower}},
      {R"([batch]
rows = 100_000)",
       {"bad.toml:2:8: window smaller than the largest batch: credit.rows = 65536 rows (default) < "
        "batch.rows = 100000 rows (bad.toml:2:8)" +
        raise_or_lower}},
      {R"([batch]
max_bytes = "8MiB"
[credit]
max_bytes = "4MiB")",
       {"bad.toml:4:13: window smaller than the largest batch: credit.max_bytes = 4194304 bytes "
        "(bad.toml:4:13) < batch.max_bytes = 8388608 bytes (bad.toml:2:13)" +
        raise_or_lower}},
      {R"([scheduler]
threads = -1)",
       {"bad.toml:2:11: value out of range: scheduler.threads = -1" + allowed(threads)}},
      {R"([scheduler]
threads = 1025)",
       {"bad.toml:2:11: value out of range: scheduler.threads = 1025" + allowed(threads)}},
      {R"([scheduler]
threads = "auto")",
       {R"(bad.toml:2:11: wrong type: scheduler.threads = "auto")" + allowed(threads)}},
      {R"([batch]
rows = "${ROWS_NOBODY_SET}")",
       {R"(bad.toml:2:8: environment variable not set: ROWS_NOBODY_SET: batch.rows = "${ROWS_NOBODY_SET}")"}},
      {R"([batch]
rows = "${ROWS")",
       {R"(bad.toml:2:8: variable without closing brace: batch.rows = "${ROWS")"}},
      {R"([batch]
rows = "${}")",
       {R"(bad.toml:2:8: no name of a variable: "": batch.rows = "${}")"}},
      {R"([batch]
rows = "${8ROWS:-1}")",
       {R"(bad.toml:2:8: no name of a variable: "8ROWS": batch.rows = "${8ROWS:-1}")"}},
      {R"([batch]
rows = "${SECRET}")",
       {R"(bad.toml:2:8: not a whole number: batch.rows = "${SECRET}")" + allowed(batch_rows)}},
      {R"([batch]
policy = "${SECRET}")",
       {R"(bad.toml:2:10: unknown policy: batch.policy = "${SECRET}")" + allowed(policies)}},
      {R"([batch]
max_bytes = "${SECRET}MiB")",
       {R"(bad.toml:2:13: not a whole number: batch.max_bytes = "${SECRET}MiB")" + allowed(sizes)}},
      {R"([batch]
rows = 0
max_bytes = 0
policy = 0
[commit]
every = 0)",
       {"bad.toml:2:8: value out of range: batch.rows = 0" + allowed(batch_rows),
        "bad.toml:3:13: value out of range: batch.max_bytes = 0" + allowed(sizes),
        "bad.toml:4:10: wrong type: batch.policy = 0" + allowed(policies),
        "bad.toml:6:9: value out of range: commit.every = 0" + allowed(markers)}},
  };
}

}  // namespace sluice

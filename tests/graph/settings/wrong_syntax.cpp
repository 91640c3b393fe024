#include "sluice/tests/graph/settings/wrong_files.hpp"

namespace sluice {

namespace {

const std::string graph_keys =
    " (known: microBatch.allowLatencyMs, miniBatch.size, batch.policy, batch.rows, "
    "batch.max_bytes, batch.pre_aggregate, commit.every, commit.deadline_ms, credit.rows, "
    "credit.max_bytes, "
    "scheduler.threads, "
    "cluster.store, cluster.nodes, cluster.key, cluster.allowed)";

}  // namespace

std::vector<wrong_file> files_of_wrong_syntax() {
  return {
      {R"(blink.microBatch.allowLatencyMs=5000
blink.miniBatch.allowLatencyMs=6000--- This configuration takes effect.)",
       {"bad.toml:2:37: text after the value: --- This configuration takes effect. (comments start "
        "with #)"}},
      {"blink.microBatch.allowLatencyMs=5s",
       {R"(bad.toml:1:34: value with a unit must be quoted: 5s (quote it: "5s"))"}},
      {"miniBatch.size = 20000 rows",
       {"bad.toml:1:24: text after the value: rows (comments start with #)"}},
      {R"([batch]
rows = 8192 // per column batch)",
       {"bad.toml:2:13: text after the value: // per column batch (comments start with #)"}},
      {R"([batch]
rows = 8192; policy = "off")",
       {R"(bad.toml:2:12: text after the value: ; policy = "off" (comments start with #))"}},
      {R"([batch]
policy = "off" because it is fast)",
       {"bad.toml:2:16: text after the value: because it is fast (comments start with #)"}},
      {R"([batch]
max_bytes = 8MiB)",
       {R"(bad.toml:2:14: value with a unit must be quoted: 8MiB (quote it: "8MiB"))"}},
      {R"([batch]
max_bytes = 1.5MiB  # one and a half)",
       {R"(bad.toml:2:16: value with a unit must be quoted: 1.5MiB (quote it: "1.5MiB"))"}},
      {R"([batch]
policy = off)",
       {R"(bad.toml:2:10: text must be quoted: off (quote it: "off"))"}},
      {R"([batch]
policy = “both”)",
       {R"(bad.toml:2:10: text must be quoted: “both” (put it between two " characters))"}},
      {R"([batch]
rows = ${ROWS})",
       {R"(bad.toml:2:8: text must be quoted: ${ROWS} (quote it: "${ROWS}"))"}},
      {R"([batch]
rows =)",
       {"bad.toml:2:7: missing value: batch.rows"}},
      {R"([batch]
rows = # not yet)",
       {"bad.toml:2:8: missing value: batch.rows"}},
      {R"([batch]
rows 8192)",
       {"bad.toml:2:6: = expected after the key: rows 8192 (write it as key = value)"}},
      {R"([batch]
rows: 8192)",
       {"bad.toml:2:5: = expected after the key: rows: 8192 (write it as key = value)"}},
      {R"([batch]
rows == 8192)",
       {"bad.toml:2:7: = is there twice: batch.rows (write it as key = value)"}},
      {R"([batch]
= 8192)",
       {"bad.toml:2:1: missing key: = 8192 (write it as key = value)"}},
      {R"([batch]
rows = 08192)",
       {"bad.toml:2:13: malformed number: batch.rows = 08192…"}},
      {R"([batch]
rows = 8__192)",
       {"bad.toml:2:10: malformed number: batch.rows = 8__192…"}},
      {R"([batch]
rows = 8,192)",
       {"bad.toml:2:9: text after the value: ,192 (comments start with #)"}},
      {R"([batch]
rows = 99999999999999999999)",
       {"bad.toml:2:28: number too large: batch.rows = 99999999999999999999"}},
      {R"([batch]
policy = "off)",
       {R"(bad.toml:2:14: text without closing quote: "off)"}},
      {R"([batch]
policy = 'off
rows = 1)",
       {"bad.toml:2:14: text without closing quote: 'off"}},
      {R"([batch]
policy = "\off")",
       {"bad.toml:2:12: not valid TOML: …"}},
      {R"([batch
rows = 1)",
       {"bad.toml:1:7: table head without closing bracket: [batch (write it as [name])"}},
      {"[batch] rows = 1",
       {"bad.toml:1:9: text after the table head: rows = 1 (comments start with #)"}},
      {"[ = 1 ]",
       {"bad.toml:1:1: not a table name: [ = 1 ] (a name is letters, digits, _ and -, joined by "
        "dots)"}},
      {"[batch!]\nrows = 1",
       {"bad.toml:1:1: not a table name: [batch!] (a name is letters, digits, _ and -, joined by "
        "dots)"}},
      {R"([]
rows = 1)",
       {"bad.toml:1:1: not a table name: [] (a name is letters, digits, _ and -, joined by dots)"}},
      {R"(// batching
[batch]
rows = 1)",
       {"bad.toml:1:1: not a setting: // batching (comments start with #)"}},
      {R"(; batching
[batch])",
       {"bad.toml:1:1: not a setting: ; batching (comments start with #)"}},
      {"-- batching", {"bad.toml:1:4: not a setting: -- batching (comments start with #)"}},
      {R"([batch]
rows = 1
rows = 2)",
       {"bad.toml:3:1: given twice: batch.rows (line 2 and line 3) (keep one of the two lines)"}},
      {R"(blink.miniBatch.size = 1

# again
blink.miniBatch.size = 1)",
       {"bad.toml:4:1: given twice: blink.miniBatch.size (line 1 and line 4) (keep one of the two "
        "lines)"}},
      {R"([batch]
rows = 1
[commit]
every = 1
[batch]
policy = "off")",
       {"bad.toml:5:1: given twice: [batch] (line 1 and line 5) (put all its keys below one "
        "head)"}},
      {R"(batch.rows = 1
[batch]
policy = "off")",
       {"bad.toml:2:1: table already given by a key: batch.rows and [batch] (line 1 and line 2) "
        "(put all its keys below one head)"}},
      {R"(miniBatch = 1
miniBatch.size = 1)",
       {"bad.toml:1:13: wrong type: miniBatch = 1 (it is a table: write [miniBatch])",
        "bad.toml:2:1: both a table and a value: miniBatch and miniBatch.size (line 1 and line "
        "2)"}},
      {R"([batch]
rows = [1,
 2,)",
       {"bad.toml:2:8: wrong type: batch.rows = [1,… (allowed: 1 to 1048576 rows)"}},
      {R"([batch]
rows = { most = 1)",
       {"bad.toml:2:18: not valid TOML: …"}},
      {"colours = [\"red\", }\nrows = [}",
       {R"(bad.toml:1:1: unknown key: colours)" + graph_keys,
        "bad.toml:2:1: unknown key: rows (did you mean batch.rows?)"}},
      {R"([batch]
policy = """off)",
       {R"(bad.toml:2:16: text without closing quotes: """off)"}},
      {"größe = 1",
       {R"(bad.toml:1:3: not a key: "größe" (a key is letters, digits, _ and -, joined by dots))"}},
      {"é = 1",
       {R"(bad.toml:1:1: not a key: "é" (a key is letters, digits, _ and -, joined by dots))"}},
      {"[batch] é\nrows = 1",
       {"bad.toml:1:9: text after the table head: é (comments start with #)"}},
      {"[batch]\nrows = 1 é", {"bad.toml:2:10: text after the value: é (comments start with #)"}},
      {"[batch]\nrows = 1\xA9",
       {"bad.toml:2:9: text after the value: \\xa9 (comments start with #)"}},
      {R"([batch]
rows = 1"é")",
       {R"(bad.toml:2:9: text after the value: "é" (comments start with #))"}},
      {R"([batch]
policy = off'é')",
       {R"(bad.toml:2:10: text must be quoted: off'é' (put it between two " characters))"}},
      {"batch..rows = 1",
       {R"(bad.toml:1:7: not a key: batch."".rows (a key is letters, digits, _ and -, joined by dots))"}},
      {R"(	[batch]
	rows = "é" 1)",
       {"bad.toml:2:13: text after the value: 1 (comments start with #)"}},
      {R"([batch]
rows = 1 1
policy = off
[commit]
every = x)",
       {"bad.toml:2:10: text after the value: 1 (comments start with #)",
        R"(bad.toml:3:10: text must be quoted: off (quote it: "off"))",
        R"(bad.toml:5:9: text must be quoted: x (quote it: "x"))"}},
      {"[batch]\npolicy = \"o\x01"
       "ff\"",
       {"bad.toml:2:12: not valid TOML: …"}},
      {"rows", {"bad.toml:1:5: = expected after the key: rows (write it as key = value)"}},
  };
}

}  // namespace sluice

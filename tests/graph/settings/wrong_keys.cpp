#include "sluice/tests/graph/settings/wrong_files.hpp"

namespace sluice {

namespace {

const std::string batch_rows = "1 to 1048576 rows";
const std::string graph_keys =
    " (known: microBatch.allowLatencyMs, miniBatch.size, batch.policy, batch.rows, "
    "batch.max_bytes, batch.pre_aggregate, commit.every, commit.deadline_ms, credit.rows, "
    "credit.max_bytes, "
    "scheduler.threads, "
    "cluster.store, cluster.nodes, cluster.key, cluster.allowed)";

std::string allowed(const std::string& values, const std::string& more = {}) {
  return " (allowed: " + values + more + ")";
}

}  // namespace

std::vector<wrong_file> files_of_wrong_keys() {
  return {
      {"rows = 1", {"bad.toml:1:1: unknown key: rows (did you mean batch.rows?)"}},
      {R"(polcy = "off")", {"bad.toml:1:1: unknown key: polcy (did you mean batch.policy?)"}},
      {"latency = 5", {"bad.toml:1:1: unknown key: latency" + graph_keys}},
      {"effective_latency_ms = 5",
       {"bad.toml:1:1: unknown key: effective_latency_ms (did you mean "
        "microBatch.allowLatencyMs?)"}},
      {"mini_batch_size = 5",
       {"bad.toml:1:1: unknown key: mini_batch_size (did you mean miniBatch.size?)"}},
      {"microBatch.allowLatencyMS = 5",
       {"bad.toml:1:12: unknown key: microBatch.allowLatencyMS (did you mean "
        "microBatch.allowLatencyMs?)"}},
      {"blink.microBatch.size = 5",
       {"bad.toml:1:18: unknown key: blink.microBatch.size (did you mean miniBatch.size?)"}},
      {"blink.minibatch.size = 5",
       {"bad.toml:1:7: unknown key: blink.minibatch (did you mean blink.miniBatch?)"}},
      {"blnk.miniBatch.size = 5", {"bad.toml:1:1: unknown key: blnk (did you mean blink?)"}},
      {"minibatch.size = 5", {"bad.toml:1:1: unknown key: minibatch (did you mean miniBatch?)"}},
      {R"([batch]
row = 1)",
       {"bad.toml:2:1: unknown key: batch.row (did you mean batch.rows?)"}},
      {R"([batch]
maxBytes = 1)",
       {"bad.toml:2:1: unknown key: batch.maxBytes (did you mean batch.max_bytes?)"}},
      {R"([batch]
every = 1)",
       {"bad.toml:2:1: unknown key: batch.every (did you mean commit.every?)"}},
      {R"([batch]
size = 1)",
       {"bad.toml:2:1: unknown key: batch.size (did you mean miniBatch.size?)"}},
      {R"([batch]
colour = "red")",
       {"bad.toml:2:1: unknown key: batch.colour (known: batch.policy, batch.rows, "
        "batch.max_bytes, batch.pre_aggregate)"}},
      {R"([bach]
rows = 1
policy = "off")",
       {"bad.toml:1:2: unknown key: bach (did you mean batch?)"}},
      {"[commits]", {"bad.toml:1:2: unknown key: commits (did you mean commit?)"}},
      {R"([credit]
bytes = 1)",
       {"bad.toml:2:1: unknown key: credit.bytes (known: credit.rows, credit.max_bytes)"}},
      {R"([scheduler]
thread = 1)",
       {"bad.toml:2:1: unknown key: scheduler.thread (did you mean scheduler.threads?)"}},
      {R"([source]
rows = 1)",
       {"bad.toml:2:1: unknown key: source.rows (did you mean batch.rows?)"}},
      {R"([caf]
max-threads = 2)",
       {"bad.toml:1:2: unknown key: caf" + graph_keys}},
      {R"([batch]
blink.microBatch.allowLatencyMs = 5000)",
       {"bad.toml:2:1: Blink key below a table: batch.blink.microBatch.allowLatencyMs (move it "
        "above the first table)"}},
      {R"([batch]
miniBatch.size = 5)",
       {"bad.toml:2:1: Blink key below a table: batch.miniBatch.size (move it above the first "
        "table)"}},
      {R"([commit]
every = 1
[blink.miniBatch]
size = 5)",
       {"bad.toml:4:1: Blink key below a table: blink.miniBatch.size (move it above the first "
        "table)"}},
      {R"([microBatch]
allowLatencyMs = 5)",
       {"bad.toml:2:1: Blink key below a table: microBatch.allowLatencyMs (move it above the first "
        "table)"}},
      {R"("batch.rows" = 1)",
       {R"(bad.toml:1:1: unknown key: "batch.rows" (did you mean batch.rows?))"}},
      {R"([batch]
rows.most = 1)",
       {"bad.toml:2:6: unknown key: batch.rows.most (did you mean batch.rows?)"}},
      {"[batch.rows]",
       {"bad.toml:1:1: wrong type: batch.rows = [batch.rows]" + allowed(batch_rows)}},
      {"batch = 5", {"bad.toml:1:9: wrong type: batch = 5 (it is a table: write [batch])"}},
      {"blink.miniBatch = 5",
       {"bad.toml:1:19: wrong type: blink.miniBatch = 5 (it is a table: write [blink.miniBatch])"}},
      {R"([[batch]]
rows = 1)",
       {"bad.toml:1:1: wrong type: batch = [[batch]] (it is a table: write [batch])"}},
      {R"(stage = "decide")",
       {R"(bad.toml:1:9: wrong type: stage = "decide" (it is a table: write [stage]))"}},
      {R"(source = "lines")",
       {R"(bad.toml:1:10: wrong type: source = "lines" (it is a table: write [source]))"}},
      {"a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q = 1",
       {"bad.toml:1:1: key too long: a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q = 1"}},
  };
}

}  // namespace sluice

#include "sluice/apps/fraud/demo.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>

#include "sluice/apps/fraud/verdict.hpp"
#include "sluice/graph/run.hpp"
#include "sluice/graph/run_and_show.hpp"
#include "sluice/graph/run_choices.hpp"
#include "sluice/graph/run_messages.hpp"
#include "sluice/graph/run_verbs.hpp"
#include "sluice/graph/settings.hpp"

namespace sluice::fraud {

namespace {

constexpr int wrong_usage = 2, interrupted = 130;

constexpr const char* picture =
    "\n"
    "  transactions ──▶ decide ──┬──▶ decisions\n"
    "                            └──▶ terminal windows ──▶ score ──┬──▶ features\n"
    "  labels, 7 days later ────────────────┘                      ├──▶ alerts\n"
    "                                                              └──▶ cards\n\n";

void say(const std::string& text) {
  std::fputs(text.c_str(), stdout);
  std::fflush(stdout);
}

std::string share_text(std::uint64_t part, std::uint64_t of) {
  return std::to_string(part) + " of " + std::to_string(of);
}

// `  last alerts   customer 17    RATIO+AMOUNT …`
void say_last_alerts(const run_record& run, std::size_t count) {
  std::vector<const kept_alert*> newest;
  for (const auto& alert : run.alerts()) newest.push_back(&alert);
  std::sort(newest.begin(), newest.end(), [](const auto* a, const auto* b) {
    return std::pair{a->row.at, a->row.tx_id} > std::pair{b->row.at, b->row.tx_id};
  });
  newest.resize(std::min(newest.size(), count));
  std::string text;
  for (const auto* alert : newest) {
    const auto& row = alert->row;
    char line[200];
    std::snprintf(line, sizeof line,
                  "  %-13s customer %-5u %-13s %8.2f at terminal %-5u %-22s score %.3f\n",
                  text.empty() ? "last alerts" : "", row.customer, alert->reasons.c_str(),
                  static_cast<double>(row.amount_cents) / 100, row.terminal,
                  row.t_f7 == 0 ? "" : (share_text(row.t_f7, row.t_n7) + " frauds there").c_str(),
                  row.champion);
    text += line;
  }
  say(text + "\n");
}

// Rows a second of the whole graph over `world`, with batches of `rows` and this policy; 0 if not
// every row came through.
double throughput(const std::shared_ptr<const handbook_world>& world, const score_models& models,
                  std::size_t rows, batch_policy policy) {
  graph g{"fraud"};
  g.batch({.rows = rows}).policy(policy);
  compose(g, world_feed{payments_of(world)}, {.models = models, .limits = {}, .period = {}}, {});
  const auto started = std::chrono::steady_clock::now();
  const auto ran = run_graph(g, settings_in_code(g));
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - started;
  if (!ran || !ran.value().finished || counts_of(ran.value()).read != world->rows.size()) return 0;
  return static_cast<double>(world->rows.size()) / took.count();
}

verdict_line compare_batching(const score_models& models) {
  const auto world = std::make_shared<const handbook_world>(
      generate_world({.customers = 1'000, .terminals = 2'000, .days = 30, .radius = 8}));
  const double micro = throughput(world, models, 8'192, batch_policy::both);
  return batching_verdict(micro, throughput(world, models, 1, batch_policy::off));
}

}  // namespace

int demo(const command_line& line, const demo_options& options) {
  const std::uint64_t nodes = line.choices().nodes;
  const bool other_node = !line.choices().node_name.empty();
  const run_messages messages{line.choices()};
  if (options.kill_one && nodes < 2 && !other_node) {
    messages.error("--kill-one needs --nodes 2 or more: the first one is not killed");
    return wrong_usage;
  }
  const fraud_steps steps{.models = models_named("lr"),
                          .limits = {.travel_farther = 2 * world_parameters{}.radius},
                          .period = {}};
  graph g{"fraud"};
  // While the batched path is busy the inline path must not wait for it, nor for a core.
  if (options.seconds != 0) g.set("scheduler.threads", 2);
  if (other_node) {  // neither sources nor sinks are here
    run_record none{0, run_record::keep::counts};
    compose(g, world_feed{generated_payments({})}, steps, none.sinks());
    return run_and_show(g, line).exit_code;
  }

  say("sluice " + library_version() + "  fraud   " +
      (nodes > 1 ? std::to_string(nodes) + " processes over ZeroMQ" : std::string{"1 process"}) +
      ", " +
      (options.seconds == 0 ? "as fast as it goes" : std::to_string(options.seconds) + " seconds") +
      "\n" + picture);
  messages.note("generating 183 days of payments by 5,000 customers");
  const auto world = std::make_shared<const handbook_world>(generate_world({}));
  const std::size_t rows = world->rows.size();
  const double rate =
      options.seconds == 0 ? 0 : static_cast<double>(rows) / static_cast<double>(options.seconds);
  run_record record{rows, nodes > 1 ? run_record::keep::whole_rows : run_record::keep::counts};
  compose(g, world_feed{payments_of(world), rate}, steps, record.sinks());
  const auto kill_after = options.kill_one ? std::optional<std::uint64_t>{rows} : std::nullopt;
  const shown_run shown = run_and_show(g, line, kill_after);
  if (shown.exit_code != 0) return shown.exit_code;
  if (shown.drained) {
    messages.error("stopped before the end of the stream: no verdict");
    return interrupted;
  }

  say_last_alerts(record, 5);
  printed_verdict verdict;
  verdict.add(count_verdict(*world, counts_of(shown.status), record));
  verdict.add(truth_verdict(*world));
  verdict.add(table_verdict(*world, record, steps.period));
  verdict.add(rule_verdict(*world, record));
  if (nodes > 1) verdict.add(recovery_verdict(shown.recovery, nodes, fingerprints_of(record)));
  verdict.add(latency_verdict(record));
  verdict.add(compare_batching(steps.models));
  say("  Next: " + line.program() + " explain · " + line.program() +
      " run --alerts alerts --decisions decisions · docs/first-graph.md\n");
  return verdict.exit_code();
}

}  // namespace sluice::fraud

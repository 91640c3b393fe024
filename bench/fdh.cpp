// FD-H: the whole fraud graph over the handbook stream: every feature, both
// scorers, alerts and cards, rows per second of CPU time.

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <utility>
#include <vector>

#include "sluice/apps/fraud/verdict.hpp"
#include "sluice/bench/harness/program.hpp"
#include "sluice/bench/harness/stopwatch.hpp"
#include "sluice/bench/used_settings.hpp"
#include "sluice/graph/run.hpp"
#include "sluice/graph/settings.hpp"
#include "sluice/operators/run_status.hpp"

namespace sluice::bench {
namespace {

using namespace sluice::fraud;

trial_outcome judge_stream(const handbook_world& world, const world_feed& feed) {
  const fraud_steps steps{.models = models_named("lr"),
                          .limits = {.travel_farther = 2 * world.parameters.radius},
                          .period = {}};
  run_record record{world.rows.size(), run_record::keep::counts};
  graph g{"fraud"};
  g.set("scheduler.threads", 1);
  compose(g, feed, steps, record.sinks());

  stopwatch watch;
  watch.start();
  const auto ran = run_graph(g, settings_in_code(g));
  watch.stop();
  if (!ran) throw std::runtime_error(ran.failure().message);
  if (!ran.value().finished) throw std::runtime_error(ran.value().failure);

  std::vector<verdict_line> checks{count_verdict(world, counts_of(ran.value()), record),
                                   truth_verdict(world)};
  for (auto& more : table_verdict(world, record, steps.period)) checks.push_back(std::move(more));
  for (auto& more : rule_verdict(world, record)) checks.push_back(std::move(more));
  trial_outcome out{.run = {.rows = world.rows.size(),
                            .result = {.rows = record.features_seen().seen(), .sums = {}},
                            .wall_s = watch.wall_s(),
                            .cpu_s = watch.cpu_s(),
                            .allocations = watch.allocated()},
                    .figures = {},
                    .right = std::all_of(checks.begin(), checks.end(),
                                         [](const verdict_line& one) { return one.right; })};
  out.figures.push_back(static_cast<double>(out.run.rows) / out.run.cpu_s);
  return out;
}

std::vector<trial> handbook_stream(size s) {
  const auto world = std::make_shared<const handbook_world>(generate_world({}));
  return {{.variant = "handbook/both scorers",
           .limits = {{.measure = "rows_per_cpu_s", .gate = 0.5e6, .goal = 2e6}},
           .emission = "R",
           .interval_ms = default_interval_ms(),
           .settings = used_settings(),
           .warm_up = s != size::smoke,
           .run = [world] { return judge_stream(*world, world_feed{payments_of(world)}); }}};
}

}  // namespace
}  // namespace sluice::bench

int main(int argc, char** argv) {
  return sluice::bench::run_program({.bench = "FD-H", .trials = sluice::bench::handbook_stream},
                                    argc, argv);
}

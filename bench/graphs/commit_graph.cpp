#include "sluice/bench/graphs/commit_graph.hpp"

#include <atomic>

#include "sluice/bench/harness/allocations.hpp"
#include "sluice/bench/harness/stopwatch.hpp"
#include "sluice/bench/graphs/keyed_files.hpp"
#include "sluice/bench/graphs/node_run.hpp"

namespace sluice::bench {
namespace {

using steady = std::chrono::steady_clock;

double seconds(steady::duration time) { return std::chrono::duration<double>(time).count(); }

}  // namespace

void compose_commits(graph& g, const commit_run& how, const std::string& folder, sink_hooks hooks) {
  g.set("scheduler.threads", 1)
      .set("microBatch.allowLatencyMs", how.interval.count())
      .set("batch.policy", "micro");
  g.source("rows", keyed_source{how.of, how.at_source})
      .key_by(&keyed_row::key)
      .aggregate<keyed_total>("sum", count(), sum(&keyed_row::value), emit::updates)
      .sink("totals", watched_csv{folder, std::move(hooks)});
}

outcome run_commits(const commit_run& how, const buffer_pool& pool) {
  const scratch_folder folder;
  const std::string out = folder.path("out");
  std::atomic<steady::time_point> started{steady::time_point{}}, ended{steady::time_point{}};
  commit_run watched = how;
  watched.at_source.timed_row = [&started, also = how.at_source.timed_row] {
    if (started.load() == steady::time_point{}) started = steady::now();
    if (also) also();
  };
  const auto see_end = [&ended] { ended = steady::now(); };
  graph g{"keyed sum into files"};
  compose_commits(g, watched, out, {see_end, [see_end, also = how.visible] {
                                      see_end();
                                      if (also) also();
                                    }});
  run_options options{.pool = pool};
  if (how.commits) options.checkpoints = folder.path("checkpoints");

  const auto begun = steady::now();
  const auto cpu = process_cpu_time();
  const std::uint64_t allocated = allocations();
  const run_status status = run_here(g, options);
  const double life = seconds(steady::now() - begun);
  const double wall = seconds(ended.load() - started.load());
  return {.rows = status.instances.front().source.rows - how.of.warm_rows(),
          .result = folded_totals(out, how.of.warm),
          .wall_s = wall,
          .cpu_s = seconds(process_cpu_time() - cpu) * wall / life,
          .allocations = allocations() - allocated};
}

}  // namespace sluice::bench

#include <algorithm>
#include <utility>

#include "sluice/actors/engine.hpp"
#include "sluice/connectors/outside_wait.hpp"
#include "sluice/connectors/reject_logs.hpp"
#include "sluice/graph/deploy.hpp"
#include "sluice/graph/graph_signature.hpp"
#include "sluice/graph/plan.hpp"
#include "sluice/graph/run.hpp"
#include "sluice/graph/run_cluster.hpp"
#include "sluice/graph/run_durably.hpp"
#include "sluice/graph/run_once.hpp"
#include "sluice/graph/run_part.hpp"
#include "sluice/graph/settings_of_graph.hpp"

namespace sluice {

namespace {

constexpr std::chrono::milliseconds look_every{100};  // at the interruption

constexpr int drain = 1, abort_now = 2, keep = 3;  // what `interrupted` may want

// `stopped`: something was asked for.
run_status see_through(engine& run, const std::function<int()>& interrupted, bool can_keep,
                       bool& stopped) {
  if (!interrupted) return run.wait();
  for (bool aborted = false;;) {
    if (auto last = run.wait_for(look_every)) return *last;
    const int wanted = interrupted();
    if (wanted == abort_now && !std::exchange(aborted, true)) run.abort("aborted");
    if ((wanted == drain || wanted == keep) && !stopped)
      wanted == keep&& can_keep ? run.keep() : run.drain();
    stopped = stopped || wanted != 0;
  }
}

}  // namespace

settings settings_in_code(const graph& g) { return reader_for(g.description()).read().checked(); }

run_outcome run_once(const graph_description& description, const plan& planned,
                     const run_options& options, const restoring* from) {
  const deploy_options deploying{.pool = options.pool,
                                 .rejects = options.rejects,
                                 .from = from,
                                 .staging = from ? staging_in(options.checkpoints) : std::string{},
                                 .wait = std::make_shared<outside_waits>(options.on_outside_wait)};
  run_outcome outcome;
  auto deployed = deploy(description, planned, deploying);
  if (!deployed) {
    outcome.problem = deployed.failure();
    return outcome;
  }
  outcome.began = true;
  if (from && options.on_repeating) {
    std::vector<std::string> repeating;
    for (const planned_instance& one : deployed.value().instances)
      if (one.sink && !one.sink->commits() && one.instance == 0) repeating.push_back(one.stage);
    options.on_repeating(repeating);
  }
  // The input was at its end, and everything of it is visible now.
  if (from && from->truth.last() && from->truth.last()->end) {
    outcome.status.finished = true;
    return outcome;
  }

  run_part part{std::move(deployed).value(),
                planned.threads,
                {.report_every = options.report_every,
                 .on_status = options.on_status,
                 .on_epoch = options.on_epoch,
                 .trace = {}}};
  if (options.on_start) options.on_start();
  part.run().connect();
  part.run().start();
  outcome.status = see_through(part.run(), options.interrupted, from != nullptr, outcome.stopped);
  return outcome;
}

result<run_status> run_graph(const graph& g, const settings& chosen, const run_options& given) {
  const graph_description& description = g.description();
  run_options options = given;
  if (!options.rejects)
    options.rejects = [](const std::string& stage) {
      return std::make_shared<file_reject_log>(file_reject_log::default_path(stage));
    };
  auto mistakes = check_graph(description);
  if (!options.checkpoints.empty())
    for (auto& problem : check_savable(description)) mistakes.push_back(std::move(problem));
  if (!mistakes.empty()) throw graph_error(std::move(mistakes));
  if (options.checkpoints.empty() && !chosen.store().empty())
    return error{error_code::failed, "setting without effect: cluster.store = " + chosen.store() +
                                         ": a run without checkpoints has nothing to keep there"};
  const plan planned = make_plan(description, chosen);
  if (options.nodes) return run_cluster(description, planned, options, chosen.store());
  if (!options.checkpoints.empty()) {
    auto place = open_checkpoint_place(options.checkpoints, chosen.store());
    if (!place) return place.failure();
    return run_durably(description, planned, place.value(), options);
  }
  run_outcome once = run_once(description, planned, options, nullptr);
  if (!once.began) return once.problem;
  return std::move(once.status);
}

}  // namespace sluice

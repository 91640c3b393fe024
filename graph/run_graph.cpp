#include <caf/all.hpp>

#include <future>
#include <utility>

#include "sluice/actors/engine.hpp"
#include "sluice/connectors/reject_logs.hpp"
#include "sluice/graph/deploy.hpp"
#include "sluice/graph/graph_signature.hpp"
#include "sluice/graph/plan.hpp"
#include "sluice/graph/run.hpp"
#include "sluice/graph/run_durably.hpp"
#include "sluice/graph/run_once.hpp"
#include "sluice/graph/settings_of_graph.hpp"

namespace sluice {

namespace {

constexpr std::chrono::milliseconds look_every{100};  // at the interruption
constexpr std::size_t messages_a_turn = 8;            // before a worker looks at the next actor

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

// Waits at its end until everything given to the queue of `from` is done: its works tell actors.
struct work_queue_end {
  const restoring* from;
  ~work_queue_end() {
    if (!from) return;
    std::promise<void> done;
    from->how->queue->post([&] { done.set_value(); });
    done.get_future().wait();
  }
};

}  // namespace

settings settings_in_code(const graph& g) { return reader_for(g.description()).read().checked(); }

run_outcome run_once(const graph_description& description, const plan& planned,
                     const run_options& options, const restoring* from) {
  deploy_options deploying{.pool = options.pool, .rejects = options.rejects, .from = from};
  if (!deploying.rejects)
    deploying.rejects = [](const std::string& stage) {
      return std::make_shared<file_reject_log>(file_reject_log::default_path(stage));
    };
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

  caf::actor_system_config config;
  seam::configure(config, planned.threads, messages_a_turn);
  descriptor_watch watch;
  caf::actor_system system{config};
  const work_queue_end end{from};
  engine run{system,
             std::move(deployed).value(),
             {.report_every = options.report_every,
              .on_status = options.on_status,
              .on_epoch = options.on_epoch,
              .trace = {}},
             &watch};
  if (options.on_start) options.on_start();
  run.start();
  outcome.status = see_through(run, options.interrupted, from != nullptr, outcome.stopped);
  return outcome;
}

result<run_status> run_graph(const graph& g, const settings& chosen, const run_options& options) {
  const graph_description& description = g.description();
  auto mistakes = check_graph(description);
  if (!options.checkpoints.empty())
    for (auto& problem : check_savable(description)) mistakes.push_back(std::move(problem));
  if (!mistakes.empty()) throw graph_error(std::move(mistakes));
  const plan planned = make_plan(description, chosen);
  if (!options.checkpoints.empty()) {
    auto place = open_checkpoint_place(options.checkpoints);
    if (!place) return place.failure();
    return run_durably(description, planned, place.value(), options);
  }
  run_outcome once = run_once(description, planned, options, nullptr);
  if (!once.began) return once.problem;
  return std::move(once.status);
}

}  // namespace sluice

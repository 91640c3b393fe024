#include "sluice/graph/run_durably.hpp"

#include <thread>
#include <utility>

#include "sluice/graph/run_generation.hpp"
#include "sluice/graph/run_once.hpp"
#include "sluice/operators/restart_policy.hpp"

namespace sluice {

namespace {

// True once `time` has passed, false if the run is to stop before.
bool wait(std::chrono::milliseconds time, const std::function<int()>& interrupted) {
  constexpr std::chrono::milliseconds look_every{50};
  const auto end = std::chrono::steady_clock::now() + time;
  while (std::chrono::steady_clock::now() < end) {
    if (interrupted && interrupted() > 0) return false;
    std::this_thread::sleep_for(look_every);
  }
  return true;
}

}  // namespace

result<run_status> run_durably(const graph_description& description, const plan& planned,
                               const checkpoint_place& place, const run_options& options) {
  auto truth = begin_job(description, *place.store);
  if (!truth) return truth.failure();
  const std::shared_ptr<work_queue> queue = std::make_shared<work_thread>();
  restart_policy restarts{options.most_restarts};
  for (bool first = true;; first = false) {
    auto from = begin_generation(truth.value(), planned, place, queue);
    if (!from) return from.failure();
    truth = from.value().truth;
    run_outcome once = run_once(description, planned, options, &from.value());
    if (!once.began) {
      once.problem = undecided(once.problem);
      if (first || once.problem.code == error_code::needs_decision) return once.problem;
      once.status.failure = once.problem.message;
    }
    auto after = place.store->load();
    if (!after) return undecided(after.failure());
    truth = std::move(*after.value());
    if (once.status.finished || once.stopped) return once.status;
    // Another coordinator has taken over, or the truth is not known: D7.
    if (truth.value().generation != from.value().truth.generation) return once.status;
    const auto pause = restarts.failed(once.status.commits);
    if (!pause) return once.status;
    if (options.on_restart) options.on_restart(truth.value().generation, once.status.failure);
    if (!wait(*pause, options.interrupted)) return once.status;
  }
}

}  // namespace sluice

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

// Nothing that is kept is left behind in silence.
void say_beginning(const meta_truth& kept, generation_start start, const run_options& options) {
  if (start == generation_start::behind_last || !options.on_beginning) return;
  const auto epoch = [](const manifest& m) { return "epoch " + std::to_string(m.epoch.value); };
  if (start == generation_start::behind_older)
    options.on_beginning("going back behind " + epoch(kept.sealed.front()) + "; nobody has seen " +
                         epoch(*kept.last()));
  else if (kept.last())
    options.on_beginning("beginning again; the run that was kept had ended with " +
                         epoch(*kept.last()) + ", and its output is replaced");
}

}  // namespace

result<run_status> run_durably(const graph_description& description, const plan& planned,
                               const checkpoint_place& place, const run_options& options) {
  auto kept = place.store->load();
  if (!kept) return undecided(kept.failure());
  const auto start = find_start(description, kept.value(), options.from);
  if (!start) return start.failure();
  auto truth = begin_job(description, place, start.value());
  if (!truth) return truth.failure();
  if (place.claim)
    if (auto ours = place.claim(truth.value().job); !ours) return ours.failure();
  say_beginning(truth.value(), start.value(), options);
  const std::shared_ptr<work_queue> queue = std::make_shared<work_thread>();
  restart_policy restarts{options.most_restarts};
  for (bool first = true;; first = false) {
    auto from = begin_generation(description, truth.value(), planned, place, queue,
                                 first ? start.value() : generation_start::behind_last);
    if (!from) return from.failure();
    truth = from.value().truth;
    from.value().how->on_wait = options.on_waiting;
    run_outcome once = run_once(description, planned, options, &from.value());
    if (!once.began) {
      once.problem = undecided(once.problem);
      if (first || once.problem.code == error_code::needs_decision) return once.problem;
      once.status.failure = once.problem.message;
    }
    if (once.began && (once.status.finished || once.stopped)) return once.status;
    auto after = place.store->load();
    if (!after) {
      const error why = undecided(after.failure());
      if (!once.began || why.code == error_code::needs_decision) return why;
      // What is not known now is for the next process to read (D7): this one has failed.
      if (once.status.failure.find(why.message) == std::string::npos)
        once.status.failure += "; " + why.message;
      return once.status;
    }
    truth = std::move(*after.value());
    // Another coordinator has taken over, or the truth is not known: D7.
    if (truth.value().generation != from.value().truth.generation) return once.status;
    const auto pause = restarts.failed(once.status.commits);
    if (!pause) return once.status;
    if (options.on_restart) options.on_restart(truth.value().generation, once.status.failure);
    if (!wait(*pause, options.interrupted)) return once.status;
  }
}

}  // namespace sluice

#include "sluice/graph/run_durably.hpp"

#include <algorithm>
#include <thread>
#include <utility>

#include "sluice/graph/run_generation.hpp"
#include "sluice/graph/run_once.hpp"

namespace sluice {

namespace {

constexpr std::chrono::milliseconds first_wait{100}, longest_wait{5000};  // R8
constexpr std::uint64_t calm_after = 3;  // epochs sealed, and the wait is short again

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
  if (place.claim)
    if (auto ours = place.claim(truth.value().job); !ours) return ours.failure();
  const std::shared_ptr<work_queue> queue = std::make_shared<work_thread>();
  auto pause = first_wait;
  for (std::size_t failures = 0;;) {
    auto from = begin_generation(truth.value(), planned, place, queue);
    if (!from) return from.failure();
    truth = from.value().truth;
    from.value().how->on_wait = options.on_waiting;
    run_outcome once = run_once(description, planned, options, &from.value());
    if (!once.began) {
      once.problem = undecided(once.problem);
      if (failures == 0 || once.problem.code == error_code::needs_decision) return once.problem;
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
    const auto sealed_before = truth.value().last() ? truth.value().last()->epoch : epoch_id{};
    truth = std::move(*after.value());
    // Another coordinator has taken over, or the truth is not known: D7.
    if (truth.value().generation != from.value().truth.generation) return once.status;
    const auto sealed_now = truth.value().last() ? truth.value().last()->epoch : epoch_id{};
    if (sealed_now.value >= sealed_before.value + calm_after) {
      failures = 0;
      pause = first_wait;
    }
    if (++failures > options.most_restarts) return once.status;
    if (options.on_restart) options.on_restart(truth.value().generation, once.status.failure);
    if (!wait(pause, options.interrupted)) return once.status;
    pause = std::min(2 * pause, longest_wait);
  }
}

}  // namespace sluice

#include "sluice/apps/fraud/slow_sinks.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <utility>
#include <vector>

#include "sluice/actors/process_memory.hpp"
#include "sluice/connectors/each.hpp"
#include "sluice/graph/run.hpp"
#include "sluice/graph/settings.hpp"
#include "sluice/operators/run_status.hpp"

namespace sluice::fraud {

namespace {

using namespace std::chrono_literals;
using clock = std::chrono::steady_clock;
using seconds = std::chrono::duration<double>;

constexpr double offered = 60'000;  // payments a second
constexpr double too_slow = 10;     // times
constexpr auto warm_up = 1s, usual = 4s, slow = 10s, filling = 4s, after = 3s, patience = 10s;
constexpr double nearly = 0.95;  // of a rate: slices are not all of one length

// What a sink of rows goes through: it counts them, and may be told to take its time.
class valve {
 public:
  // How long a row takes; 0: none.
  void set(std::chrono::microseconds row) {
    const std::lock_guard lock(mutex_);
    row_ = row;
    changed_.notify_all();
  }
  void pass(std::uint64_t rows) {
    for (; rows > 0; rows -= std::min(rows, piece)) {
      const std::uint64_t now = std::min(rows, piece);
      std::unique_lock lock(mutex_);
      const auto held = row_;
      if (held > 0us) changed_.wait_for(lock, held * now, [&] { return row_ != held; });
      taken_ += now;
    }
  }
  std::uint64_t taken() const { return taken_; }

 private:
  static constexpr std::uint64_t piece = 32;  // rows; it may be fast again at any time

  std::mutex mutex_;
  std::condition_variable changed_;
  std::chrono::microseconds row_{0};
  std::atomic<std::uint64_t> taken_ = 0;
};

// Answers and how long they took, before the sink is slow and while it is.
class answers {
 public:
  void take(const batch<decision>& rows) {
    const instant now = arrivals::now();
    const std::lock_guard lock(mutex_);
    for (const instant due : rows.column(&decision::arrived))
      if (into_)
        into_->record(static_cast<std::uint64_t>(std::max<std::int64_t>(0, now.us - due.us)));
    decided_ += rows.size();
  }
  // From now on they are recorded there; null: nowhere.
  void record_into(latency_histogram* into) {
    const std::lock_guard lock(mutex_);
    into_ = into;
  }
  std::uint64_t decided() const { return decided_; }

 private:
  std::mutex mutex_;
  latency_histogram* into_ = nullptr;
  std::atomic<std::uint64_t> decided_ = 0;
};

// A moment of the run.
struct sample {
  clock::time_point at;
  std::uint64_t decided = 0;
  std::uint64_t taken = 0;
};

double rate(const sample& from, const sample& to, std::uint64_t sample::*what) {
  return static_cast<double>(to.*what - from.*what) / seconds{to.at - from.at}.count();
}

// Makes the sink slow and fast again as time goes by. Asked now and then, by the thread that waits
// for the run.
class timetable {
 public:
  timetable(slow_sink_run& into, valve& held, answers& given)
      : run_(into), held_(held), given_(given) {}

  void begin() { begun_ = clock::now(); }

  // True once the run may end.
  bool look() {
    const std::uint64_t taken = held_.taken();  // first: no more wait than are seen
    const sample now{clock::now(), given_.decided(), taken};
    if (run_.which == slow_sink::features)
      run_.most_waiting = std::max(run_.most_waiting, now.decided - std::min(now.decided, taken));
    const auto since = now.at - begun_;
    switch (phase_) {
      case phase::starting:
        if (since >= warm_up) go(phase::usual, now), given_.record_into(&run_.answers_before);
        break;
      case phase::usual:
        if (since >= usual) make_slow(now);
        break;
      case phase::filling:
        if (now.at - from_.at >= filling) {
          go(phase::slow, now);
          run_.memory_before = run_.memory_slow = resident_bytes();
        }
        break;
      case phase::slow:
        run_.memory_slow = std::max(run_.memory_slow, resident_bytes());
        if (since >= usual + slow) make_fast(now);
        break;
      case phase::fast:
        if (run_.full_again_seconds < 0 &&
            rate(last_, now, &sample::decided) >= nearly * run_.decided_before &&
            rate(last_, now, &sample::taken) >= nearly * run_.taken_before)
          run_.full_again_seconds = seconds{now.at - from_.at}.count();
        if (now.at - from_.at >= (run_.full_again_seconds < 0 ? patience : after)) return true;
        break;
    }
    last_ = now;
    return false;
  }

 private:
  enum class phase : std::uint8_t { starting, usual, filling, slow, fast };

  void go(phase next, const sample& now) {
    phase_ = next;
    from_ = now;
  }
  void make_slow(const sample& now) {
    run_.decided_before = rate(from_, now, &sample::decided);
    run_.taken_before = rate(from_, now, &sample::taken);
    const auto row = seconds{too_slow / std::max(1.0, run_.taken_before)};
    given_.record_into(&run_.answers_slow);
    held_.set(std::chrono::duration_cast<std::chrono::microseconds>(row));
    slow_since_ = now.at;
    go(phase::filling, now);
  }
  void make_fast(const sample& now) {
    run_.decided_slow = rate(from_, now, &sample::decided);
    run_.taken_slow = rate(from_, now, &sample::taken);
    run_.slow_seconds = seconds{now.at - slow_since_}.count();
    given_.record_into(nullptr);
    held_.set(0us);
    go(phase::fast, now);
  }

  slow_sink_run& run_;
  valve& held_;
  answers& given_;
  phase phase_ = phase::starting;
  clock::time_point begun_, slow_since_;
  sample from_;  // when the phase began
  sample last_;
};

}  // namespace

slow_sink_run run_with_slow_sink(const std::shared_ptr<const handbook_world>& world,
                                 const fraud_steps& steps, slow_sink which) {
  slow_sink_run seen{.which = which, .offered = offered};
  valve alerts, features_taken;
  answers given;
  timetable times{seen, which == slow_sink::alerts ? alerts : features_taken, given};
  fraud_sinks sinks;
  sinks.decisions = to::each<decision>{[&](const batch<decision>& rows) { given.take(rows); }};
  sinks.features =
      to::each<features>{[&](const batch<features>& rows) { features_taken.pass(rows.size()); }};
  sinks.alerts = to::each<alert>{[&](const batch<alert>& rows) { alerts.pass(rows.size()); }};

  graph g{"fraud"};
  // The sink that waits has a thread to wait on; answers must not wait for the batched path.
  g.set("scheduler.threads", 3);
  compose(g, world_feed{payments_of(world), offered}, steps, sinks);
  const settings chosen = settings_in_code(g);
  run_options options;
  options.on_start = [&] { times.begin(); };
  options.interrupted = [&] { return times.look() ? 1 : 0; };
  const auto ran = run_graph(g, chosen, options);
  if (!ran) throw std::runtime_error(ran.failure().message);
  const run_status& status = ran.value();
  if (!status.finished) throw std::runtime_error(status.failure);

  seen.window = chosen.credit_rows();
  for (const auto& one : status.instances) {
    if (one.stage == "transactions" && one.role == "source") seen.read += one.source.rows;
    if (which == slow_sink::alerts && one.stage == "alerts")
      for (const credit& most : one.most_queued)
        seen.most_waiting = std::max(seen.most_waiting, most.rows);
  }
  seen.decided = given.decided();
  seen.examined = features_taken.taken();
  return seen;
}

}  // namespace sluice::fraud

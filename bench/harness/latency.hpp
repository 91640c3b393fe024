#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>
#include <thread>
#include <vector>

#include "sluice/bench/harness/json.hpp"

namespace sluice::bench {

using steady_time = std::chrono::steady_clock::time_point;

/// Waits of single rows, by the second in which the row was due.
class latency_record {
 public:
  /// Seconds are counted from `start`; rows due before it are not recorded.
  explicit latency_record(steady_time start) : start_(start) {}

  /// A row that was due at `due` became visible at `seen`.
  void add(steady_time due, steady_time seen);
  std::size_t timed_seconds() const { return waits_.size(); }

  /// The share-th part of all waits in seconds for which `valid` holds (missing: no) is at most so
  /// many µs; nothing if there is none. Exact: every wait is kept.
  std::optional<double> at_share(double share, const std::vector<bool>& valid) const;

  /// The member "latency_us": percentiles over valid seconds, and how many those are.
  json_object summary(const std::vector<bool>& valid) const;

 private:
  std::vector<std::int64_t> sorted(const std::vector<bool>& valid) const;

  steady_time start_;
  std::vector<std::vector<std::int64_t>> waits_;  // ns, by second
};

/// A wake-up that came late.
struct late_wake {
  steady_time due;
  std::chrono::nanoseconds by;
};

/// What a wake-up at `woken` shows that was due at `due`; nothing if it was at most 1 ms late.
std::optional<late_wake> late_wake_of(steady_time due, steady_time woken);

/// For each of `count` seconds from `start`: true if no wake-up of `late` fell into it, or lasted
/// into it.
std::vector<bool> quiet_seconds(const std::vector<late_wake>& late, steady_time start,
                                std::size_t count);

/// A thread that sleeps to deadlines 1 ms apart and notes how late the machine lets it wake. It
/// does not spin: that would slow the other core down.
class hiccup_watch {
 public:
  hiccup_watch();
  ~hiccup_watch();

  /// For each second since `start`: true if no wake-up in it was more than 1 ms late. Call after
  /// `stop`.
  std::vector<bool> quiet_seconds(steady_time start, std::size_t count) const {
    return bench::quiet_seconds(late_, start, count);
  }
  void stop();

 private:
  void watch();

  std::vector<late_wake> late_;  // by more than 1 ms
  std::atomic<bool> stopped_{false};
  std::thread thread_;
};

}  // namespace sluice::bench

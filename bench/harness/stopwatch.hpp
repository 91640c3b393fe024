#pragma once

#include <chrono>
#include <cstdint>

namespace sluice::bench {

/// CPU time, user and system, of this process, all its threads, and its ended children.
std::chrono::nanoseconds process_cpu_time();

/// Times the stretches between `start` and `stop`, so that a run may prepare between them.
///
/// Reads the clock only (18–20 ns); CPU time is taken over the whole life and shared out by wall
/// time.
class stopwatch {
 public:
  stopwatch();

  void start() { begun_ = std::chrono::steady_clock::now(); }
  void stop() { timed_ += std::chrono::steady_clock::now() - begun_; }

  /// Seconds between all starts and stops.
  double wall_s() const;

  /// CPU seconds of the process in them.
  double cpu_s() const;

  /// Allocations since construction.
  std::uint64_t allocated() const;

 private:
  std::chrono::steady_clock::time_point created_;
  std::chrono::nanoseconds cpu_before_;
  std::uint64_t allocations_before_;
  std::chrono::steady_clock::time_point begun_;
  std::chrono::nanoseconds timed_{0};
};

}  // namespace sluice::bench

#pragma once

#include <chrono>
#include <optional>
#include <vector>

#include "sluice/bench/harness/json.hpp"

namespace sluice::bench {

/// What the machine adds by itself: pauses of a thread that does nothing but read the clock.
struct pauses {
  double lost = 0;        // share of the time in which it did not run
  double wait_100us = 0;  // probability that a random arrival waits longer than 100 µs …
  double wait_1ms = 0;    // … and 1 ms
  double longest_ms = 0;

  bool operator==(const pauses&) const = default;
};

/// From the gaps between two readings of the clock, those above 2 µs, over `total` time. An arrival
/// waits longer than x with probability Σ max(0, gap - x) / total.
pauses summarize(const std::vector<std::chrono::nanoseconds>& gaps, std::chrono::nanoseconds total);

/// Reads the clock without pause for so long.
pauses probe_pauses(std::chrono::nanoseconds during);

/// Rows per second of two threads, each running the row generator, over those of one: 2 on two full
/// cores, 1 if a second thread gains nothing. Nothing on a machine of one CPU. Takes about twice
/// `during`.
std::optional<double> probe_second_thread(std::chrono::nanoseconds during);

/// The member "noise" of the line of a benchmark, probed before and after it.
json_object noise_record(const pauses& before, const pauses& after,
                         std::optional<double> second_thread);

}  // namespace sluice::bench

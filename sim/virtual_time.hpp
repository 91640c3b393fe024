#pragma once

#include <chrono>

namespace sluice::sim {

/// The time of the simulation this thread is running; the start of the clock outside of one. For
/// connectors that ask for a clock:
///
///   from::generate<click>{make_click, {.rate = 1000, .now = sim::virtual_now}}
std::chrono::steady_clock::time_point virtual_now();

/// Sets that time; called by the simulated world as its time goes on.
void set_virtual_time(std::chrono::nanoseconds since_start);

}  // namespace sluice::sim

#include "sluice/sim/virtual_time.hpp"

namespace sluice::sim {

namespace {
// Connectors take a plain function as their clock, so the time it tells has to be found from
// nothing but the thread.
thread_local std::chrono::nanoseconds time_of_this_thread{0};
}  // namespace

std::chrono::steady_clock::time_point virtual_now() {
  using clock = std::chrono::steady_clock;
  return clock::time_point{std::chrono::duration_cast<clock::duration>(time_of_this_thread)};
}

void set_virtual_time(std::chrono::nanoseconds since_start) { time_of_this_thread = since_start; }

}  // namespace sluice::sim

#pragma once

#include <cstdint>
#include <string>

#include "sluice/sim/world.hpp"

namespace sluice::sim {

/// Payments and their labels merged in event-time order per account, out of order within their
/// lateness, with settings drawn from `seed`. Compares what is visible at every COMMIT with a plain
/// loop over the rows the watermark had passed there.
struct event_time_run {
  simulated_run run;
  std::string problem;  ///< Empty if all is well.
};
event_time_run merge_labels(std::uint64_t seed);

}  // namespace sluice::sim

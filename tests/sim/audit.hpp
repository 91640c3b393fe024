#pragma once

#include <string>

#include "sluice/sim/crashes.hpp"

namespace sluice::sim {

/// A graph whose committed output can be checked at any moment: every number once in the files of
/// `rows`, what has been counted and summed of each key in those of `sums`; the keys once by
/// arrival and once in event-time order. Runs until it has ended, whatever is killed on the way.
crashed_run audit_with_crashes(std::uint64_t seed);

}  // namespace sluice::sim

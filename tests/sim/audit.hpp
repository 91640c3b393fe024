#pragma once

#include <string>

#include "sluice/sim/crashes.hpp"

namespace sluice::sim {

/// A graph whose committed output can be checked at any moment: every number once in the files of
/// `rows`, what has been counted and summed of each key in those of `sums`; the keys once by
/// arrival and once in event-time order, and once more what each key comes to, when all have ended.
/// Runs until it has ended, whatever is killed on the way.
crashed_run audit_with_crashes(std::uint64_t seed);

/// The same, and it is asked to stop the `nth` time that `at` happens: drained, the numbers end
/// there; kept, the next process goes on.
struct asked_stop {
  crash_options::wish how = crash_options::wish::keep;
  traced at = traced::tick;
  std::uint64_t nth = 1;
  std::uint64_t most_crashes = 0;
};
crashed_run audit_with_stop(std::uint64_t seed, const asked_stop& stop);

}  // namespace sluice::sim

#pragma once

#include <string>

#include "sluice/sim/crashes.hpp"

namespace sluice::sim {

/// Runs the audit graph (audit_graph.hpp) in one process until it has ended, whatever is killed on
/// the way.
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

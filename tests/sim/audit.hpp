#pragma once

#include <string>

#include "sluice/sim/crashes.hpp"

namespace sluice::sim {

/// Runs the audit graph (audit_graph.hpp) in one process until it has ended, whatever is killed on
/// the way.
crashed_run audit_with_crashes(std::uint64_t seed);

}  // namespace sluice::sim

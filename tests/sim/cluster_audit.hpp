#pragma once

#include "sluice/sim/cluster.hpp"

namespace sluice::sim {

/// Runs the audit graph (audit_graph.hpp) on a simulated cluster until it has ended, and looks at
/// its output at every commit. `tune` may change what happens.
cluster_run audit_on_cluster(std::uint64_t seed,
                             const std::function<void(cluster_options&)>& tune = {});

/// Has nothing happen but that a coordinator goes on after another has taken its place.
void two_coordinators(cluster_options& options);

}  // namespace sluice::sim

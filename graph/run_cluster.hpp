#pragma once

#include <string>

#include "sluice/graph/graph_description.hpp"
#include "sluice/graph/plan.hpp"
#include "sluice/graph/run.hpp"

namespace sluice {

/// Runs `description` as the node of `options.nodes` that this process is, until the run is over
/// (docs/protocol.md 9). `store`: where the truth is, if not in the directory of checkpoints; then
/// the nodes take turns as coordinator: whoever has the seat there is it, and another one takes it
/// when its process is gone. Else the first node is it.
///
/// The status of a node that never was the coordinator says only that the run is over. Errors: it
/// cannot listen, the truth cannot be believed, nobody has coordinated for too long.
result<run_status> run_cluster(const graph_description& description, const plan& planned,
                               const run_options& options, const std::string& store);

}  // namespace sluice

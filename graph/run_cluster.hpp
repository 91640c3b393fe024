#pragma once

#include "sluice/graph/checkpoint_place.hpp"
#include "sluice/graph/cluster.hpp"
#include "sluice/graph/graph_description.hpp"
#include "sluice/graph/plan.hpp"
#include "sluice/graph/run.hpp"

namespace sluice {

/// Runs `description` on the nodes of `of`, of which this one has the coordinator, to its end: as
/// `run_durably`, and a node that is lost is a failure after which all go back to the last sealed
/// epoch (docs/protocol.md 9).
result<run_status> run_cluster(const graph_description& description, const plan& planned,
                               const checkpoint_place& place, const cluster& of,
                               const run_options& options);

}  // namespace sluice

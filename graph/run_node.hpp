#pragma once

#include "sluice/graph/checkpoint_place.hpp"
#include "sluice/graph/cluster.hpp"
#include "sluice/graph/graph_description.hpp"
#include "sluice/graph/plan.hpp"
#include "sluice/graph/run.hpp"

namespace sluice {

/// Runs what the coordinator gives this node of `of`, generation after generation, until the run is
/// over (docs/protocol.md 9). `files` is where the snapshots lie, `job` what `of` runs. Errors: it
/// cannot listen, or the coordinator has been silent for too long.
result<void> run_node(const graph_description& description, const plan& planned,
                      const checkpoint_place& files, const job_id& job, const cluster& of,
                      const run_options& options);

}  // namespace sluice

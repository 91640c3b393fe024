#pragma once

#include "sluice/graph/checkpoint_place.hpp"
#include "sluice/graph/plan.hpp"
#include "sluice/graph/run.hpp"

namespace sluice {

/// Runs the graph of `description` with checkpoints at `place` until it has ended, as `run_graph`
/// does: each time it fails it goes back to the last sealed epoch and on under the next generation
/// (docs/protocol.md 9). The error is what keeps it from beginning, or from going on: checkpoints
/// that cannot be believed, another graph, another process that runs there.
result<run_status> run_durably(const graph_description& description, const plan& planned,
                               const checkpoint_place& place, const run_options& options);

}  // namespace sluice

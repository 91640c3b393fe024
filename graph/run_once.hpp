#pragma once

#include "sluice/graph/plan.hpp"
#include "sluice/graph/restoring.hpp"
#include "sluice/graph/run.hpp"

namespace sluice {

/// What became of one attempt to run a graph.
struct run_outcome {
  bool began = false;
  error problem;         ///< Why it did not begin.
  run_status status;     ///< If it did.
  bool stopped = false;  ///< Drained or aborted, as asked.
};

/// Deploys `description` once, from where `from` says if there are checkpoints, and runs it to its
/// end or failure. Does not return before everything given to the queue of `from` is done.
run_outcome run_once(const graph_description& description, const plan& planned,
                     const run_options& options, const restoring* from);

}  // namespace sluice

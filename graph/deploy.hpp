#pragma once

#include <functional>
#include <memory>
#include <string>

#include "sluice/actors/engine.hpp"
#include "sluice/graph/placement.hpp"
#include "sluice/graph/plan.hpp"
#include "sluice/graph/restoring.hpp"

namespace sluice {

/// Where sinks of a run whose checkpoints are in `checkpoints` may stage rows.
inline std::string staging_in(const std::string& checkpoints) { return checkpoints + "/staged"; }

/// What a deployment needs besides the plan.
struct deploy_options {
  buffer_pool pool;
  /// Where a source's bad rows go; called once for each source stage. Null: a bad row fails the
  /// source.
  std::function<std::shared_ptr<reject_log>(const std::string& stage)> rejects;
  const restoring* from = nullptr;  ///< Of a run with checkpoints; null: without.
  /// Who runs what in a run of several nodes; null: all of it is run here.
  const placement* places = nullptr;
  std::string here{};                     ///< This node, if there are several.
  std::string staging{};                  ///< `sink_context::staging`
  std::shared_ptr<outside_waits> wait{};  ///< `sink_context::wait`
};

/// Opens every connector of this node and puts its instances of `p` together; of the others only
/// where they are is said. Nothing runs yet; the first
/// connector that cannot be opened is the error, named with its stage. Every sink that can be tried
/// is, before anything is opened: an output is not started, and what an earlier run left not lost,
/// when another connector cannot be opened. Sinks that cannot be tried are opened behind the
/// sources, the others last.
result<deployment> deploy(const graph_description& g, const plan& p, const deploy_options& options);

}  // namespace sluice

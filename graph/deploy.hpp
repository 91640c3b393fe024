#pragma once

#include <functional>
#include <memory>
#include <string>

#include "sluice/actors/engine.hpp"
#include "sluice/graph/plan.hpp"
#include "sluice/graph/restoring.hpp"

namespace sluice {

/// What a deployment needs besides the plan.
struct deploy_options {
  buffer_pool pool;
  /// Where a source's bad rows go; called once for each source stage. Null: a bad row fails the
  /// source.
  std::function<std::shared_ptr<reject_log>(const std::string& stage)> rejects;
  const restoring* from = nullptr;     ///< Of a run with checkpoints; null: without.
  std::string staging;                 ///< `sink_context::staging`
  std::shared_ptr<outside_wait> wait;  ///< `sink_context::wait`
};

/// Opens every connector and puts all instances of `p` together. Nothing runs yet; the first
/// connector that cannot be opened is the error, named with its stage. Every sink that can be tried
/// is, before anything is opened: an output is not started, and what an earlier run left not lost,
/// when another connector cannot be opened. Sinks that cannot be tried are opened behind the
/// sources, the others last.
result<deployment> deploy(const graph_description& g, const plan& p, const deploy_options& options);

}  // namespace sluice

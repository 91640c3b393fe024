#pragma once

#include <memory>

#include "sluice/graph/checkpoint_place.hpp"
#include "sluice/graph/graph_description.hpp"
#include "sluice/graph/plan.hpp"
#include "sluice/graph/restoring.hpp"

namespace sluice {

/// The truth about the run of `g` in `store`, which is created if there is none. Errors: it cannot
/// be believed, or is of another graph.
result<meta_truth> begin_job(const graph_description& g, meta_store& store);

/// Begins the generation behind the one of `before` (docs/protocol.md R2): everything of it goes on
/// from the truth of this write, not from one read before. Errors: somebody else runs, or nobody
/// knows whether it began.
result<restoring> begin_generation(const meta_truth& before, const plan& planned,
                                   const checkpoint_place& place,
                                   const std::shared_ptr<work_queue>& queue);

/// What is durable and cannot be believed is for a person to decide on (docs/protocol.md D8).
error undecided(const error& why);

}  // namespace sluice

#pragma once

#include <cstdint>
#include <memory>

#include "sluice/graph/checkpoint_place.hpp"
#include "sluice/graph/graph_description.hpp"
#include "sluice/graph/plan.hpp"
#include "sluice/graph/restoring.hpp"
#include "sluice/graph/run_beginning.hpp"

namespace sluice {

/// How a generation begins.
enum class generation_start : std::uint8_t {
  behind_last,   ///< Behind the last sealed epoch: what every recovery does.
  behind_older,  ///< Behind the older of the two that are kept, of which nobody has seen the newer.
  anew,          ///< As another run, in the place of the one that is kept.
};

/// The truth about the run of `g` at `place`, which is created if there is none. Errors: it cannot
/// be believed, or is of another graph; the message says what differs. With `start` `anew` it may
/// be of any graph.
result<meta_truth> begin_job(const graph_description& g, const checkpoint_place& place,
                             generation_start start = generation_start::behind_last);

/// How a run of `g` begins if `from` is wished and `kept` is there; nothing is changed. Errors:
/// `refused`, there is no such epoch; `needs_decision`, rows would be shown twice or state lost.
result<generation_start> find_start(const graph_description& g,
                                    const std::optional<meta_truth>& kept,
                                    const run_beginning& from);

/// Begins the generation behind the one of `before` (docs/protocol.md R2): everything of it goes on
/// from the truth of this write, not from one read before. Errors: somebody else runs, or nobody
/// knows whether it began.
result<restoring> begin_generation(const graph_description& g, const meta_truth& before,
                                   const plan& planned, const checkpoint_place& place,
                                   const std::shared_ptr<work_queue>& queue,
                                   generation_start start = generation_start::behind_last);

/// What is durable and cannot be believed is for a person to decide on (docs/protocol.md D8).
error undecided(const error& why);

}  // namespace sluice

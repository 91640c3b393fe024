#pragma once

#include <string>
#include <vector>

#include "sluice/graph/graph_description.hpp"
#include "sluice/graph/plan.hpp"
#include "sluice/records/result.hpp"

namespace sluice {

/// Who runs what in a run of several nodes.
struct placement {
  std::vector<std::string> node_of;  ///< By number of the instance, stage after stage.

  bool operator==(const placement&) const = default;
};

/// Spreads the instances of `p` evenly over `nodes`, at least one, the coordinator's first. The
/// same instances go to the same nodes whenever the plan is the same. A batcher lies with its
/// source; a sink whose rows stay in the process of the coordinator lies there.
placement place_evenly(const graph_description& g, const plan& p,
                       const std::vector<std::string>& nodes);

/// The plan and the placement as `start` carries them. Lines: what the plan says, then `node NAME`
/// for each instance.
std::string plan_bytes(const plan& p, const placement& places);
/// The placement in `bytes`. Refused if the plan in it is not `p`: the first line that differs is
/// named.
result<placement> read_plan_bytes(std::string_view bytes, const plan& p);

/// For people: the stages of each node, a line each.
std::string placement_text(const plan& p, const placement& places);

}  // namespace sluice

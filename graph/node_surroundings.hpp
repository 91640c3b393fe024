#pragma once

#include <functional>
#include <memory>

#include "sluice/actors/work_queue.hpp"
#include "sluice/graph/checkpoint_place.hpp"
#include "sluice/graph/cluster.hpp"
#include "sluice/graph/graph_description.hpp"
#include "sluice/graph/node_part.hpp"
#include "sluice/graph/plan.hpp"
#include "sluice/graph/run.hpp"

namespace sluice {

/// What a node works with. All of it outlives the node.
struct node_surroundings {
  const graph_description& description;
  const plan& planned;
  const checkpoint_place& place;  ///< Without a store where the coordinator is not.
  const cluster& of;
  const run_options& options;
  job_id job;
  node_links links;
  std::shared_ptr<work_queue> queue;
  node_part_maker make_part;
};

}  // namespace sluice

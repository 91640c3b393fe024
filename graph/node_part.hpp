#pragma once

#include <functional>
#include <memory>

#include "sluice/actors/engine.hpp"

namespace sluice {

/// What a node runs of one generation. At its end the actors are gone, and everything they gave to
/// the queue of their deployment is done.
class node_part {
 public:
  virtual ~node_part() = default;
  virtual engine& run() = 0;
};

/// Makes actors of a deployment: on threads, or on a simulated scheduler.
using node_part_maker =
    std::function<std::unique_ptr<node_part>(deployment, engine::options, node_links)>;

}  // namespace sluice

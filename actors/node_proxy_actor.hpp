#pragma once

#include <string>
#include <vector>

#include "sluice/actors/link_port.hpp"
#include "sluice/actors/messages.hpp"

namespace sluice {

/// Stands beside the coordinator for the sources, sinks and stages of one other node, in one
/// generation: what the coordinator tells them becomes frames.
///
///   open              one for each source there
///   commit            one for each sink there
///   pace, drain, report_request   one for the node
class node_proxy_actor : public caf::event_based_actor {
 public:
  struct options {
    link_port* port = nullptr;  ///< Outlives the actors.
    generation_id generation;
    std::string node;
    std::vector<std::size_t> sources;  ///< By number in the deployment, as are the sinks.
    std::vector<std::size_t> sinks;
  };

  node_proxy_actor(caf::actor_config& config, options chosen);

  caf::behavior make_behavior() override;

 private:
  void tell(control_frame frame) { options_.port->tell(options_.node, std::move(frame)); }

  options options_;
};

}  // namespace sluice

#pragma once

#include <string>

#include "sluice/actors/link_port.hpp"
#include "sluice/actors/messages.hpp"

namespace sluice {

/// Stands in this process for the actors of all others, in one generation. Numbers of channels are
/// those of the plan (`channel_id`).
///
///   rows, marker    to the inlet at the other end
///   credit          to the outlet at the other end
///
/// On a node without the coordinator it stands for that too: `exhausted`, `passed`, `progress`,
/// `answer`, `failed` and reports become frames. An answer or a reason that does not fit a frame is
/// a failure that says so.
class gateway_actor : public caf::event_based_actor {
 public:
  /// `port` outlives the actors. `coordinator`: its node; empty if it is this one.
  gateway_actor(caf::actor_config& config, link_port* port, generation_id generation,
                std::string coordinator);

  caf::behavior make_behavior() override;

 private:
  void tell(control_frame frame, const std::string& stage);

  link_port* port_;
  generation_id generation_;
  std::string coordinator_;
};

}  // namespace sluice

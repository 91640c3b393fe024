#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <variant>
#include <vector>

#include "sluice/actors/messages.hpp"
#include "sluice/links/hub.hpp"

namespace sluice {

/// Who in this process takes what comes from other nodes, in one generation.
struct link_routes {
  generation_id generation;
  std::map<channel_id, channel_peer> inlets;    ///< Of channels that end here.
  std::map<channel_id, channel_peer> outlets;   ///< Of channels that begin here.
  std::map<std::uint64_t, caf::actor> sources;  ///< By number in the deployment, as are the sinks.
  std::map<std::uint64_t, caf::actor> sinks;
  std::vector<caf::actor> all;
  caf::actor coordinator;  ///< Null on a node without it.
};

/// Something that is for the node, not for an actor.
struct peer_seen_event {
  std::string node;
  incarnation_id incarnation;
};
struct peer_lost_event {
  std::string node;
};
struct frame_event {
  std::string node;  ///< Who told it.
  control_frame frame;
};
struct link_broken_event {
  generation_id generation;  ///< In which it broke.
  channel_id channel;
  std::string cause;
};
using node_event = std::variant<peer_seen_event, peer_lost_event, frame_event, link_broken_event>;

/// Hands what the hub has to say to the actors of the present generation. What is not for them
/// (`start`, `started`, `stop`, `fenced`, who comes and goes) goes to `events`, which is called on
/// the hub's thread and must not block. Frames of another generation than the routes' change
/// nothing (I8). None is faster than the routes: the coordinator begins before it tells anybody to,
/// and tells sources to begin when all nodes have answered.
class link_router final : public hub_listener {
 public:
  explicit link_router(std::function<void(node_event)> events) : events_(std::move(events)) {}

  /// Routes of the next generation, in force once the hub has begun it. From any thread.
  void prepare(link_routes next);
  /// Lets the actors go: nothing more reaches them. From any thread.
  void forget();

  void begun(generation_id generation) override;
  void arrived(channel_id channel, batch_ptr rows, instant watermark) override;
  void arrived(channel_id channel, const marker& m) override;
  void limit(channel_id channel, const credit& up_to) override;
  void told(const std::string& peer, control_frame frame) override;
  void broken(channel_id channel, const std::string& cause) override;
  void peer_seen(const std::string& peer, incarnation_id incarnation) override;
  void peer_lost(const std::string& peer) override;

 private:
  struct for_actors;

  std::function<void(node_event)> events_;
  std::mutex mutex_;  // of all below
  link_routes next_;
  link_routes now_;
};

}  // namespace sluice

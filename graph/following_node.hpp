#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "sluice/actors/link_router.hpp"
#include "sluice/graph/node_surroundings.hpp"
#include "sluice/graph/restoring.hpp"

namespace sluice {

/// A node without the coordinator: runs what it is given, generation after generation, until it is
/// told to stop (docs/protocol.md 9). Goes on only in `turn`, which its owner calls with everything
/// that is heard and now and then without.
///
///   start{G}           ends what it ran, begins its part of G, answers `started` or `failed`
///   fenced{G}          ends what it runs: the others are further
///   a turn too late    likewise, and says so: whoever was stopped for longer than others wait is
///                      not one of them any more
///   coordinator gone   goes on for a while, then gives up
class following_node {
 public:
  using milliseconds = std::chrono::milliseconds;
  static constexpr milliseconds failure_deadline{1'500};
  static constexpr milliseconds coordinator_grace{30'000};

  /// `around.links.coordinator` is who is followed at first; `there`: who has been heard already;
  /// `generation`: the newest this process has run, as whatever.
  following_node(node_surroundings around, std::set<std::string> there = {},
                 generation_id generation = {});

  /// Another node has the coordinator from now on.
  void follow(const std::string& coordinator, milliseconds now);
  const std::string& coordinator() const { return around_.links.coordinator; }
  /// False while the coordinator is not heard.
  bool coordinator_there() const { return there_.contains(coordinator()); }

  /// `now` is the time since any fixed moment; it never goes back.
  void turn(std::optional<node_event> event, milliseconds now);
  /// The last turn has taken until `now`: however long that was, nobody was stopped.
  void turned(milliseconds now);
  /// What became of it, once it is over.
  const std::optional<result<void>>& ended() const { return ended_; }
  /// What it runs; null: nothing.
  node_part* part() { return part_.get(); }
  generation_id generation() const { return generation_; }

 private:
  void take(peer_seen_event& e);
  void take(peer_lost_event& e);
  void take(link_broken_event& e);
  void take(frame_event& e);
  void stood_still(milliseconds gap);
  void begin(const start_frame& start);
  result<void> try_begin(const start_frame& start);
  restoring restoring_of(const start_frame& start) const;
  void tell(control_frame frame);

  node_surroundings around_;
  generation_id generation_;
  std::unique_ptr<node_part> part_;
  std::set<std::string> there_;
  std::optional<milliseconds> last_turn_;
  milliseconds now_{};
  milliseconds gone_since_{};  // the coordinator, if it is not there
  std::optional<result<void>> ended_;
};

}  // namespace sluice

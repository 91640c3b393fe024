#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sluice/actors/link_router.hpp"
#include "sluice/graph/cluster_members.hpp"
#include "sluice/graph/node_surroundings.hpp"
#include "sluice/graph/placement.hpp"
#include "sluice/graph/restoring.hpp"
#include "sluice/operators/restart_policy.hpp"

namespace sluice {

/// The node that has the coordinator: begins generations on all nodes, ends each whose nodes do not
/// all go on, and begins the next one, until the run has ended (docs/protocol.md 9). Goes on only
/// in `turn`, which its owner calls with everything that is heard and now and then without; a turn
/// blocks for what the store takes.
///
///   gathering ──all there──▶ starting ──all started──▶ running ──END──▶ ended
///       ▲                        │ a verdict               │ a verdict, a failure
///       └──────── pausing ◀──────┴─────────────────────────┘
class coordinating_node {
 public:
  using milliseconds = std::chrono::milliseconds;
  /// A node that is gone for longer is not waited for: the others do its work.
  static constexpr milliseconds replace_after{5'000};
  static constexpr milliseconds start_deadline{60'000};

  /// `truth`: what `begin_job` has found.
  coordinating_node(node_surroundings around, meta_truth truth);

  /// `now` is the time since any fixed moment; it never goes back.
  void turn(std::optional<node_event> event, milliseconds now);
  /// What became of the run, once it is over.
  const std::optional<result<run_status>>& ended() const { return ended_; }
  /// What it runs; null: nothing.
  node_part* part() { return part_.get(); }
  generation_id generation() const { return generation_; }

 private:
  enum class state { gathering, starting, running, pausing };

  void gather();
  void begin(const std::vector<std::string>& others);
  result<void> try_begin(const std::vector<std::string>& others);
  result<void> tell_start(const std::vector<std::string>& others);
  void wait_for_all();
  void set_running();
  void see_through();
  void over(run_status status);
  void did_not_begin(error problem);
  void end(result<run_status> how);

  void listen(std::optional<node_event>& event);
  void judge(const std::optional<std::string>& verdict);
  void take(peer_seen_event& e);
  void take(peer_lost_event& e);
  void take(link_broken_event& e);
  void take(frame_event& e);

  node_surroundings around_;
  cluster_members members_;
  restart_policy restarts_;
  meta_truth truth_;
  state state_ = state::gathering;
  milliseconds now_{};
  milliseconds since_{};  // of the state
  generation_id generation_;
  restoring from_;
  placement places_;
  std::unique_ptr<node_part> part_;
  std::optional<error> verdict_;  // why the generation cannot go on
  bool may_cure_itself_ = false;  // the verdict is of one who comes and goes
  bool verdict_told_ = false;
  milliseconds pause_{};
  int stopping_ = 0;  // what was asked for, at last
  int told_ = 0;      // … and passed on
  bool waiting_said_ = false;
  bool begun_once_ = false;  // a generation has run
  bool first_ = true;
  std::optional<result<run_status>> ended_;
};

}  // namespace sluice

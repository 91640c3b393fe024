#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sluice/graph/coordinating_node.hpp"
#include "sluice/graph/following_node.hpp"
#include "sluice/sim/sim_hub.hpp"
#include "sluice/sim/stepped_queue.hpp"
#include "sluice/sim/stepped_system.hpp"

namespace sluice::sim {

/// How a process of a simulated cluster starts.
struct process_options {
  const graph_description& description;
  const plan& planned;
  std::vector<node_address> nodes;
  sim_process_name self;
  job_id job;
  checkpoint_place place;  ///< With a store where the coordinator is.
  run_options run;
  /// A part of a generation is made here; then its events. `actor` counts as in the deployment.
  std::function<void(const sim_process_name&, const deployment&)> on_part;
  std::function<void(generation_id, std::size_t actor, traced kind, std::uint64_t detail)> on_event;
};

/// One process of a simulated cluster: a node, its hub, its actors and the queue of its writer, of
/// which one thing after another is done when it is told to. Ends like a process: at once, or by
/// itself.
class cluster_process {
 public:
  using nanoseconds = std::chrono::nanoseconds;
  using milliseconds = std::chrono::milliseconds;

  /// What can be done next. The order is that of the numbers drawn.
  enum class doing { hub, actor, writer, turn, tick };

  cluster_process(process_options options, sim_network& network, std::uint64_t seed,
                  nanoseconds now);
  /// Nothing that it still does has an effect.
  ~cluster_process();
  cluster_process(const cluster_process&) = delete;
  cluster_process& operator=(const cluster_process&) = delete;

  const sim_process_name& name() const { return options_.self; }

  bool can(doing what, nanoseconds now) const;
  void do_one(doing what, nanoseconds now);
  /// When it can do something next; the greatest time: never by itself.
  nanoseconds next_due(nanoseconds now) const;

  /// Stands still until then.
  void pause(nanoseconds until) { paused_until_ = until; }
  bool paused(nanoseconds now) const { return now < paused_until_; }

  /// It ended by itself.
  bool ended() const;
  /// The run is over, says the coordinator.
  bool finished() const;
  /// Why not; empty if it just ended.
  std::string failure() const;
  /// What it says is for a person to decide on.
  bool needs_decision() const;

  sim_hub& hub() { return hub_; }
  generation_id generation() const { return generation_; }
  bool coordinates() const { return coordinating_ != nullptr || coordinator_failed_.has_value(); }

 private:
  class part;

  std::unique_ptr<node_part> make_part(deployment planned, engine::options chosen,
                                       node_links links);
  void turn(nanoseconds now);

  process_options options_;
  sim_network& network_;
  seeded_random random_;
  cluster of_;
  bool dead_ = false;
  nanoseconds last_done_;
  nanoseconds paused_until_{0};
  nanoseconds busy_until_{0};  // in a turn that takes its time
  nanoseconds next_look_{0};
  nanoseconds next_tick_{0};
  milliseconds look_every_;
  generation_id generation_;
  std::deque<node_event> mailbox_;
  std::shared_ptr<stepped_queue> works_ = std::make_shared<stepped_queue>();
  link_router router_;
  sim_hub hub_;
  part* part_ = nullptr;
  std::optional<error> coordinator_failed_;  // before it began
  std::unique_ptr<coordinating_node> coordinating_;
  std::unique_ptr<following_node> following_;
};

}  // namespace sluice::sim

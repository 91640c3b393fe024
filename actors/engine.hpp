#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "sluice/actors/coordinator_actor.hpp"
#include "sluice/actors/descriptor_watch.hpp"
#include "sluice/actors/link_port.hpp"
#include "sluice/actors/link_router.hpp"
#include "sluice/actors/node_proxy_actor.hpp"
#include "sluice/actors/source_pump.hpp"
#include "sluice/connectors/outside_wait.hpp"
#include "sluice/connectors/sink.hpp"
#include "sluice/operators/stage.hpp"

namespace sluice {

/// One end of a planned channel: a place in the deployment, and the number of the channel there.
struct planned_end {
  std::size_t instance = 0;
  std::uint32_t channel = 0;
  channel_id id{};  ///< Of the channel in the plan.
};

/// One actor to be: exactly one of `source` and `work` is set, or none if it is another node's.
struct planned_instance {
  std::string stage;
  std::string role;
  std::size_t instance = 0;
  std::string node;  ///< Where it runs; empty: here.
  bool is_source = false;
  bool is_sink = false;
  bool answers = false;  ///< For COMMITs of a run with checkpoints.
  std::shared_ptr<source_pump> source;
  std::shared_ptr<sluice::stage> work;
  snapshot_chain snapshots;  ///< Of `work`.
  std::chrono::milliseconds timer{1000};
  std::shared_ptr<sink_writer> sink;    ///< The writer of a sink; null for the others.
  bool has_event_time = false;          ///< A source whose watermark the others may wait for.
  std::vector<planned_end> downstream;  ///< Per outlet channel.
  std::vector<planned_end> upstream;    ///< Per inlet channel.
  std::vector<credit> windows;          ///< Per inlet channel …
  std::vector<const schema*> fields;    ///< … what rows come on it …
  std::vector<const schema*> combined;  ///< … and what combined ones, if any (batch_frame.hpp).
};

/// A graph made ready to run once, in this process.
struct deployment {
  std::vector<planned_instance> instances;
  epoch_tracker::options epochs;
  std::uint64_t deadline_ms = 0;         ///< Of an epoch in a run with checkpoints; 0: none.
  bool paced = false;                    ///< Some source may not run too far ahead of the slowest.
  std::shared_ptr<durability> durable;   ///< Null: without checkpoints.
  std::shared_ptr<outside_waits> waits;  ///< Of its sinks, ended with it.
};

/// What ties the deployments of several nodes together. All outlive the engine.
struct node_links {
  link_port* port = nullptr;
  link_router* router = nullptr;
  std::string coordinator;  ///< The node that has it; empty: this one.
};

/// Turns a deployment into actors and sees it through.
///
///   engine run{system, std::move(planned), {}};
///   run.connect();
///   run.start();
///   run_status last = run.wait();
///
/// Of several nodes, one runs the coordinator, and starts once all others have; the others start at
/// once, and never end by themselves.
class engine {
 public:
  struct options {
    std::chrono::milliseconds report_every{0};
    std::function<void(const run_status&)> on_status;  ///< On a worker thread; must not block.
    std::function<void(epoch_id, std::uint64_t elapsed_ms)> on_epoch;
    trace_function trace;
  };

  /// `watch` may be null: sources that wait for a descriptor then look every millisecond.
  engine(caf::actor_system& system, deployment planned, options chosen, descriptor_watch* watch,
         node_links links = {});
  ~engine();
  engine(const engine&) = delete;
  engine& operator=(const engine&) = delete;

  /// Tells everybody who the neighbours are, and begins the generation of the links.
  void connect();
  void start();
  /// Asks the sources to stop: what was read is worked off and committed. From any thread.
  void drain();
  /// Asks for one more COMMIT, at which nothing ends, and to stop behind it: the next run with the
  /// same checkpoints goes on from there. Of `drain` and `keep` the first one counts. From any
  /// thread.
  void keep();
  /// Ends all actors at once; `wait` then returns a status that says so. From any thread.
  void abort(const std::string& reason) { fail("run", reason); }
  void fail(const std::string& stage, const std::string& reason);
  /// Blocks until the run has ended or failed.
  run_status wait();
  /// Blocks for at most `time`; nothing if the run still goes on.
  std::optional<run_status> wait_for(std::chrono::milliseconds time);
  /// The last status if the run has ended; does not block.
  std::optional<run_status> ended();

 private:
  void finished(const run_status& status);
  bool coordinates() const { return links_.coordinator.empty(); }
  bool here(std::size_t i) const { return planned_.instances[i].node.empty(); }
  // Who is told what is decided.
  bool hears_commits(const planned_instance& one) const {
    return one.is_sink || (one.is_source && planned_.durable);
  }
  channel_peer peer_of(const planned_end& end) const;
  void spawn(std::size_t i);
  void spawn_proxies();
  void begin_links();
  assembly_message everybody() const;

  caf::actor_system& system_;
  deployment planned_;
  options options_;
  descriptor_watch* watch_;
  node_links links_;
  std::vector<caf::actor> actors_;   // null where another node has it
  caf::actor gateway_;               // null in a run of one node
  std::vector<caf::actor> proxies_;  // of the other nodes, where the coordinator is …
  std::vector<node_proxy_actor::options> behind_;  // … and who is behind each
  caf::actor coordinator_;                         // or who stands for it
  std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<run_status> last_;
};

}  // namespace sluice

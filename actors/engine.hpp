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
#include "sluice/actors/source_pump.hpp"
#include "sluice/connectors/sink.hpp"
#include "sluice/operators/stage.hpp"

namespace sluice {

/// One end of a planned channel: a place in the deployment, and the number of the channel there.
struct planned_end {
  std::size_t instance = 0;
  std::uint32_t channel = 0;
};

/// One actor to be: exactly one of `source` and `work` is set.
struct planned_instance {
  std::string stage;
  std::string role;
  std::size_t instance = 0;
  std::shared_ptr<source_pump> source;
  std::shared_ptr<sluice::stage> work;
  std::chrono::milliseconds timer{1000};
  std::shared_ptr<sink_writer> sink;    ///< The writer of a sink; null for the others.
  bool has_event_time = false;          ///< A source whose watermark the others may wait for.
  std::vector<planned_end> downstream;  ///< Per outlet channel.
  std::vector<planned_end> upstream;    ///< Per inlet channel.
};

/// A graph made ready to run once, in this process.
struct deployment {
  std::vector<planned_instance> instances;
  epoch_tracker::options epochs;
  bool paced = false;                   ///< Some source may not run too far ahead of the slowest.
  std::shared_ptr<durability> durable;  ///< Null: without checkpoints.
};

/// Turns a deployment into actors and sees it through.
///
///   engine run{system, std::move(planned), {}};
///   run.start();
///   run_status last = run.wait();
class engine {
 public:
  struct options {
    std::chrono::milliseconds report_every{0};
    std::function<void(const run_status&)> on_status;  ///< On a worker thread; must not block.
    std::function<void(epoch_id, std::uint64_t elapsed_ms)> on_epoch;
    trace_function trace;
  };

  /// `watch` may be null: sources that wait for a descriptor then look every millisecond.
  engine(caf::actor_system& system, deployment planned, options chosen, descriptor_watch* watch);
  ~engine();
  engine(const engine&) = delete;
  engine& operator=(const engine&) = delete;

  void start();
  /// Asks the sources to stop: what was read is worked off and committed. From any thread.
  void drain();
  /// Asks for one more COMMIT, at which nothing ends, and to stop behind it: the next run with the
  /// same checkpoints goes on from there. Of `drain` and `keep` the first one counts. From any
  /// thread.
  void keep();
  /// Ends all actors at once; `wait` then returns a status that says so. From any thread.
  void abort(const std::string& reason);
  /// Blocks until the run has ended or failed.
  run_status wait();
  /// Blocks for at most `time`; nothing if the run still goes on.
  std::optional<run_status> wait_for(std::chrono::milliseconds time);
  /// The last status if the run has ended; does not block.
  std::optional<run_status> ended();

 private:
  void finished(const run_status& status);

  caf::actor_system& system_;
  deployment planned_;
  options options_;
  descriptor_watch* watch_;
  std::vector<caf::actor> actors_;
  caf::actor coordinator_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<run_status> last_;
};

}  // namespace sluice

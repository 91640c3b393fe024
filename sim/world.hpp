#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "sluice/graph/graph.hpp"
#include "sluice/graph/run.hpp"
#include "sluice/graph/settings.hpp"
#include "sluice/operators/run_status.hpp"
#include "sluice/sim/channel_checks.hpp"
#include "sluice/sim/shrink.hpp"

namespace sluice::sim {

/// How a graph is simulated.
struct simulation_options {
  std::string scenario;  ///< Named in the line that reproduces a failure.
  settings chosen;       ///< Before the seed draws some of them anew.
  shrinking shrink;
  /// Steps and virtual time after which a run counts as endless.
  std::uint64_t most_steps = 5'000'000;
  std::chrono::milliseconds most_time = std::chrono::hours{1};
  /// Virtual time that passes at each step: drawn from [0, this].
  std::chrono::nanoseconds step_time = std::chrono::microseconds{40};
  /// How long an instance of `stage` is busy with a batch of `rows` rows; null: no time at all.
  std::function<std::chrono::nanoseconds(const std::string& stage, std::uint64_t rows)> work_time;
  /// Sees the virtual time of every event, in µs since the start, with its stage. For tests.
  std::function<void(std::uint64_t us, const std::string& stage, traced kind, std::uint64_t detail)>
      on_event;
  /// `deploy_options::rejects`
  std::function<std::shared_ptr<reject_log>(const std::string& stage)> rejects;
  std::chrono::milliseconds report_every{0};
  std::function<void(const run_status&)> on_status;
  std::function<void(epoch_id, std::uint64_t elapsed_ms)> on_epoch;
};

/// What became of a simulated run.
struct simulated_run {
  run_status status;
  /// Empty if the run ended and every check held; else what was broken, and behind it the line that
  /// reproduces it.
  std::string problem;
  std::uint64_t trace = 0;  ///< Hash of every event of every actor, in order.
  std::uint64_t steps = 0;
  std::chrono::nanoseconds virtual_time{0};
  std::map<std::string, std::chrono::nanoseconds> blocked;  ///< Without credit, by stage.
  std::vector<source_cut> cuts;
  settings used;
};

/// Settings of a run that is to show something in particular: nothing is drawn but the order.
inline constexpr shrinking nothing_shrunk{.policy = false,
                                          .interval = false,
                                          .commits = false,
                                          .batches = false,
                                          .windows = false,
                                          .size = false,
                                          .parallelism = false,
                                          .kept_parallel = {}};

/// Runs `g` in this thread and in virtual time, every step in an order drawn from `seed`, and
/// checks the channels after each (docs/protocol.md I6, I7, I9). The same seed gives the same run.
/// Throws `graph_error` if the graph is wrong.
simulated_run run_simulated(const graph& g, std::uint64_t seed,
                            const simulation_options& options = {});

}  // namespace sluice::sim

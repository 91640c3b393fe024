#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "sluice/graph/graph.hpp"
#include "sluice/sim/sim_disk.hpp"
#include "sluice/sim/world.hpp"

namespace sluice::sim {

/// How a run with checkpoints is killed again and again.
struct crash_options {
  simulation_options run;
  std::uint64_t most_crashes = 4;
  /// One crash in so many is a failure of the power, the others kill the process alone.
  std::uint64_t power_failure_in = 2;
  /// Looks at what the sinks show: after every commit, after every crash, and at the end
  /// (`finished`). Returns what is wrong.
  std::function<std::string(bool finished)> look;
  /// Asked after every step of every process: whether somebody asks the run to stop now, and how.
  /// What is kept is gone on with.
  enum class wish { go_on, keep, drain };
  std::function<wish()> stop;
};

/// What became of it.
struct crashed_run {
  simulated_run run;  ///< Of the last process; trace, steps and time of all.
  std::uint64_t crashes = 0;
  std::uint64_t generations = 0;
  std::uint64_t kept = 0;  ///< Processes that stopped behind a checkpoint.
};

/// Runs `g` with checkpoints on `disk`, in this thread and in virtual time, and kills it at steps
/// drawn from `seed`, also while it writes, commits or recovers, until it has ended
/// (docs/protocol.md I1–I6, I10). Sinks of `g` that commit write to `disk` too; what
/// is not synced is lost when the power fails.
crashed_run run_with_crashes(const graph& g, sim_disk& disk, std::uint64_t seed,
                             const crash_options& options);

}  // namespace sluice::sim

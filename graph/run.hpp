#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "sluice/connectors/source.hpp"
#include "sluice/graph/graph.hpp"
#include "sluice/graph/run_beginning.hpp"
#include "sluice/graph/run_command_line.hpp"
#include "sluice/graph/settings.hpp"
#include "sluice/graph/settings_problem.hpp"
#include "sluice/operators/run_status.hpp"
#include "sluice/records/result.hpp"

namespace sluice {

struct cluster;

/// Runs `g` as the command line says: `run` (also without a verb), `graph`, `explain`, `check`,
/// `diff`, `stop`, `simulate`, `list`, `version`, `help`. Returns the exit code: 0 done, 1 the run
/// failed, 2 wrong usage, configuration or graph (nothing started), 3 a person has to decide about
/// a checkpoint, 4 the checkpoint is of another graph (`diff`), 130 aborted. Prints everything
/// itself; does not throw for what a user can get wrong.
int run(const graph& g, int argc, char** argv);

/// The same for a program with flags of its own, which `line` has read. A verb of the program's own
/// runs the graph.
int run(const graph& g, const command_line& line);

/// A generation begins on several nodes.
struct begun_generation {
  struct place {
    std::string source;
    std::size_t instance = 0;
    std::string node;
    std::uint64_t rows = 0;  ///< Read before, as far as it is decided: it goes on behind them.
  };
  generation_id generation;
  epoch_id restored;      ///< The sealed epoch it goes on from; 0: it begins anew.
  std::string placement;  ///< Which stages are where, a line a node.
  std::vector<place> sources;
};

/// How a program runs a graph itself.
struct run_options {
  buffer_pool pool;
  /// Where a source's bad rows go. Null: into `<stage>.rejected.jsonl` in the working directory.
  std::function<std::shared_ptr<reject_log>(const std::string& stage)> rejects{};
  std::function<void()> on_start{};  ///< Every connector is open; the run begins.
  std::chrono::milliseconds report_every{0};
  std::function<void(const run_status&)> on_status{};                  ///< On a worker thread.
  std::function<void(epoch_id, std::uint64_t elapsed_ms)> on_epoch{};  ///< Likewise.
  /// Asked now and then while the run goes on: 0 go on, 1 drain, 2 abort, 3 keep: stop behind one
  /// more checkpoint, so that the next run goes on from there; without checkpoints that is drain.
  std::function<int()> interrupted{};

  /// Directory of checkpoints: the run then goes on from the last one, also after it failed, and
  /// sinks that can show every row exactly once. Empty: no checkpoints.
  std::string checkpoints{};
  /// Where a run with checkpoints begins; after a failure it always goes on behind the last epoch.
  run_beginning from{};
  /// Says in a sentence what becomes of an earlier run, if that is not what always happens; told
  /// before `on_start`.
  std::function<void(const std::string&)> on_beginning{};
  /// How often in a row a run with checkpoints may fail; an attempt that committed three epochs
  /// breaks the row.
  std::size_t most_restarts = 10;
  /// Sinks of a run with checkpoints that show rows at once, so that some are shown again after a
  /// failure; told before `on_start`.
  std::function<void(const std::vector<std::string>& stages)> on_repeating{};
  /// A commit waits for what is outside: room on a disk, a store in reach; empty: no longer. On a
  /// worker thread.
  std::function<void(const std::string& why)> on_waiting{};
  /// A sink has waited long for a system outside, with the reason, or, without one, waits no longer
  /// (`outside_waits`). On the thread that waits; must not block.
  std::function<void(const std::string& stage, const std::string& why)> on_outside_wait{};
  /// A run with checkpoints failed and begins again; on the thread of the caller.
  std::function<void(generation_id, const std::string& failure)> on_restart{};

  /// The nodes of the run, if there are several, and which of them this process is. They need
  /// checkpoints, in a directory that all of them see. A node without the coordinator runs until
  /// the run is over; its status says nothing of that.
  std::shared_ptr<const cluster> nodes{};
  /// Something is odd about another node; from any thread.
  std::function<void(const std::string&)> on_odd{};
  /// On the thread of the caller.
  std::function<void(const begun_generation&)> on_generation{};
  /// Asked now and then, if given: which nodes are known to have ended, and how.
  std::function<std::vector<std::pair<std::string, std::string>>()> tend{};
};

/// Runs `g` in this process, without a command line, until every source has ended, and returns what
/// it did. Throws `graph_error` if the graph is wrong; the error is a connector that cannot be
/// opened. A run that failed is a status with a failure.
///
///   auto ran = run_graph(g, settings_in_code(g));
///   if (ran && ran.value().finished) use(ran.value().instances);
result<run_status> run_graph(const graph& g, const settings& chosen,
                             const run_options& options = {});

/// The settings of `g` with what was set in code, and nothing else. Throws `config_error`.
settings settings_in_code(const graph& g);

}  // namespace sluice

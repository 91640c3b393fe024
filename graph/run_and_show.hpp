#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "sluice/graph/graph.hpp"
#include "sluice/graph/run.hpp"
#include "sluice/graph/run_command_line.hpp"
#include "sluice/operators/run_status.hpp"

namespace sluice {

/// A node that was killed on purpose, and how the run went on.
struct shown_recovery {
  std::string node;                   ///< Empty: none was killed.
  std::uint64_t rows_at_kill = 0;     ///< Read by all sources, as last reported.
  bool recovered = false;             ///< An epoch of a later generation is committed.
  std::uint64_t first_commit_ms = 0;  ///< From the kill to that.
  begun_generation after;
};

/// What became of a run.
struct shown_run {
  int exit_code = 0;        ///< 0 done, 1 failed, 2 nothing was started, 130 aborted.
  run_status status;        ///< What was counted; empty with exit code 2.
  bool drained = false;     ///< Somebody asked it to stop before its input ended.
  bool coordinated = true;  ///< False in a process that was another node of the run.
  shown_recovery recovery{};
};

/// The verb `run`: settings from everywhere, a message at the start, progress while it goes on,
/// Ctrl-C, counts and a message at the end. Messages go to stderr. For programs whose own verbs run
/// a graph and go on from there; from the main thread, one at a time.
/// `kill_after`: once so many rows are read, the last of the nodes that `--nodes` started is
/// killed.
shown_run run_and_show(const graph& g, const command_line& line,
                       std::optional<std::uint64_t> kill_after = {});

}  // namespace sluice

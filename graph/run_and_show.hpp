#pragma once

#include "sluice/graph/graph.hpp"
#include "sluice/graph/run_command_line.hpp"
#include "sluice/operators/run_status.hpp"

namespace sluice {

/// What became of a run.
struct shown_run {
  int exit_code = 0;     ///< 0 done, 1 failed, 2 nothing was started, 130 aborted.
  run_status status;     ///< What was counted; empty with exit code 2.
  bool drained = false;  ///< Somebody asked it to stop before its input ended.
};

/// The verb `run`: settings from everywhere, a message at the start, progress while it goes on,
/// Ctrl-C, counts and a message at the end. Messages go to stderr. For programs whose own verbs run
/// a graph and go on from there; from the main thread, one at a time.
shown_run run_and_show(const graph& g, const command_line& line);

}  // namespace sluice

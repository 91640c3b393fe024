#pragma once

#include <cstdint>

#include "sluice/graph/run_command_line.hpp"

namespace sluice::fraud {

/// How the demo is run.
struct demo_options {
  std::uint32_t seconds = 0;  ///< How long the stream lasts; 0: as fast as it can be worked off.
  bool kill_one = false;      ///< Kills a node in the middle of the stream.
};

/// The verb `demo`: runs the published stream, on as many nodes as `line` says, and prints what was
/// found, then the verdict. Returns the exit code: 0 only if every line of the verdict is right, 4
/// if one is not, 2 for flags that do not go together.
int demo(const command_line& line, const demo_options& options);

}  // namespace sluice::fraud

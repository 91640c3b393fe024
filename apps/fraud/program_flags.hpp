#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "sluice/apps/fraud/fraud_graph.hpp"
#include "sluice/graph/run_command_line.hpp"

namespace sluice::fraud {

/// What was said on the command line of `sluice-fraud`.
struct program_flags {
  world_parameters world;
  std::string radius;
  std::string input;
  std::string output;
  std::string features;
  std::string scores;
  std::string alerts;
  std::string decisions;
  std::string model = "lr";
  std::uint32_t parallelism = 1;
  std::uint32_t seconds = 0;
  bool kill_one = false;
  std::string part;  ///< Of `verify`: small, slow, full; empty: all of it.
};

/// Declares verbs and flags; `into` outlives `line`.
void declare(command_line& line, program_flags& into);

/// Looks at what `line` has read as a whole and completes `flags`. Returns what is wrong, in a
/// line; nothing if nothing is.
std::optional<std::string> complete(const command_line& line, program_flags& flags);

/// Where the payments of `run` come from, and where its results go.
payment_input input_of(const program_flags& flags);
fraud_sinks sinks_of(const program_flags& flags);

}  // namespace sluice::fraud

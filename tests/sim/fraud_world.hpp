#pragma once

#include <cstdint>
#include <string>

#include "sluice/sim/world.hpp"

namespace sluice::sim {

/// Runs the whole fraud graph over a small world with settings drawn from `seed`, and compares
/// features, answers, alerts and cards with those of a plain loop.
struct fraud_world_run {
  simulated_run run;
  std::string problem;  ///< Empty if all is well.
};
fraud_world_run run_fraud_world(std::uint64_t seed);

}  // namespace sluice::sim

#pragma once

#include <cstdint>
#include <string>

#include "sluice/sim/world.hpp"

namespace sluice::sim {

/// Runs the whole fraud graph over a small world with settings drawn from `seed`, and compares
/// features and answers with a plain loop, alerts and cards with those of the first seed.
struct fraud_world_run {
  simulated_run run;
  std::string problem;  ///< Empty if all is well.
};
fraud_world_run run_fraud_world(std::uint64_t seed);

}  // namespace sluice::sim

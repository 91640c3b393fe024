#pragma once

#include <cstdint>
#include <string>

#include "sluice/sim/world.hpp"

namespace sluice::sim {

/// A source, two branches of unequal length and cost, and a join, with settings drawn from `seed`.
/// Compares what the join had seen at every COMMIT, and what the sink shows, with the rows that lay
/// before that marker at the source (S33).
struct diamond_run {
  simulated_run run;
  std::string problem;  ///< Empty if all is well.
};
diamond_run run_diamond(std::uint64_t seed);

}  // namespace sluice::sim

#pragma once

#include <cstdint>
#include <string>

#include "sluice/sim/world.hpp"

namespace sluice::sim {

/// Counts words per epoch, running and at the end, with settings drawn from `seed`, and compares
/// what is visible at every COMMIT with a plain loop over the rows before it.
struct word_count_run {
  simulated_run run;
  std::string problem;  ///< Empty if all is well.
};
word_count_run count_words(std::uint64_t seed);

}  // namespace sluice::sim

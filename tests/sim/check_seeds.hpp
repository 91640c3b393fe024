#pragma once

#include <cstdint>
#include <set>
#include <string>

#include "sluice/tests/sim/seeds.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice::sim {

/// Runs a scenario on 500 seeds, 1 in 20 of them twice: nothing may be wrong, the same seed runs
/// the same way, different seeds do not.
template <class Scenario>
void check_seeds(Scenario scenario) {
  std::set<std::uint64_t> traces;
  std::uint64_t seeds = 0;
  const auto problem = first_problem(500, [&](std::uint64_t seed) {
    const auto once = scenario(seed);
    ++seeds;
    traces.insert(once.run.trace);
    if (once.problem.empty() && seed % 20 == 0 && scenario(seed).run.trace != once.run.trace)
      return "seed " + std::to_string(seed) + " ran differently the second time";
    return once.problem;
  });
  CHECK(problem == "");
  CHECK(traces.size() == seeds);
}

}  // namespace sluice::sim

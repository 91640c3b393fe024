#pragma once

#include <cstdint>
#include <cstdlib>
#include <functional>
#include <string>

namespace sluice::sim {

/// Runs `scenario(seed)`, which returns what is wrong, for the seeds 1 … `count`. The environment
/// may say otherwise: SLUICE_SEED, that one alone; SLUICE_SEEDS, so many. Returns the first thing
/// that was wrong, or nothing.
inline std::string first_problem(std::uint64_t count,
                                 const std::function<std::string(std::uint64_t)>& scenario) {
  if (const char* only = std::getenv("SLUICE_SEED"))
    return scenario(std::strtoull(only, nullptr, 10));
  if (const char* more = std::getenv("SLUICE_SEEDS")) count = std::strtoull(more, nullptr, 10);
  for (std::uint64_t seed = 1; seed <= count; ++seed)
    if (std::string problem = scenario(seed); !problem.empty()) return problem;
  return {};
}

}  // namespace sluice::sim

#pragma once

#include <cstddef>
#include <optional>

#include "sluice/bench/harness/statistics.hpp"

namespace sluice::bench {

/// A repetition of which other processes took a larger share of its CPUs is foreign.
inline constexpr double foreign_limit = 0.05;
/// What is unresolved is measured so often in all, then it fails.
inline constexpr std::size_t most_attempts = 3;

enum class verdict { pass, fail, unresolved };

/// "pass", "fail" or "unresolved".
const char* to_string(verdict v);

/// What the repetitions of one variant showed.
struct evidence {
  spread ratio;    // of the variant to its bound
  spread control;  // of the bound's second run to its first
  std::size_t repetitions = 0;
  std::size_t foreign = 0;  // of them, spoilt by other processes
  double allocations_per_mrow = 0;
};

/// A ratio at the gate passes however noisy the machine; one below fails
/// only if the machine was quiet: control median in 0.87–1.15, at most a third of the repetitions
/// foreign. More than `most_allocations` per million rows fail at once; nothing there means they
/// are not judged.
verdict judge(const evidence& seen, double gate, std::optional<double> most_allocations);

}  // namespace sluice::bench

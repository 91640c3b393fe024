#include "sluice/bench/harness/verdict.hpp"

namespace sluice::bench {

const char* to_string(verdict v) {
  switch (v) {
    case verdict::pass:
      return "pass";
    case verdict::fail:
      return "fail";
    case verdict::unresolved:
      return "unresolved";
  }
  return "";
}

verdict judge(const evidence& seen, double gate, std::optional<double> most_allocations) {
  if (most_allocations && seen.allocations_per_mrow > *most_allocations) return verdict::fail;
  if (seen.ratio.median >= gate) return verdict::pass;
  const bool steady = seen.control.median >= 0.87 && seen.control.median <= 1.15;
  const bool alone = 3 * seen.foreign <= seen.repetitions;
  return steady && alone ? verdict::fail : verdict::unresolved;
}

}  // namespace sluice::bench

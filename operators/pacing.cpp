#include "sluice/operators/pacing.hpp"

#include <algorithm>

namespace sluice {

std::optional<instant> pacing::reached(std::size_t number, instant watermark, bool idle) {
  sources_[number] = {watermark, idle};
  instant slowest = instant::highest();
  for (const auto& [at, one] : sources_)
    if (!one.idle) slowest = std::min(slowest, one.watermark);
  // Nobody is left to wait for, or only now: whoever comes back is held as before.
  if (slowest == instant::highest() || slowest <= slowest_) return std::nullopt;
  return slowest_ = slowest;
}

}  // namespace sluice

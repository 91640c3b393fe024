#include "sluice/operators/restart_policy.hpp"

#include <algorithm>
#include <utility>

namespace sluice {

std::optional<std::chrono::milliseconds> restart_policy::failed(std::uint64_t commits) {
  if (commits >= calm_after) {
    failures_ = 0;
    pause_ = first_pause;
  }
  if (++failures_ > most_) return std::nullopt;
  return std::exchange(pause_, std::min(2 * pause_, longest_pause));
}

}  // namespace sluice

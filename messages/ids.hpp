#pragma once

#include <compare>
#include <cstdint>

namespace sluice {

/// Number of a marker; 1 is the first, 0 means none yet. Grows along a channel and is never reused.
struct epoch_id {
  std::uint64_t value = 0;
  auto operator<=>(const epoch_id&) const = default;
};

/// Number of a stage in its graph's plan, from 0.
struct stage_id {
  std::uint32_t value = 0;
  auto operator<=>(const stage_id&) const = default;
};

/// Number of a channel in the plan, from 0: one FIFO between two actors.
struct channel_id {
  std::uint32_t value = 0;
  auto operator<=>(const channel_id&) const = default;
};

}  // namespace sluice

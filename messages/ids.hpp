#pragma once

#include <array>
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

/// Number of the recovery attempt of a whole run (docs/protocol.md 3): durable, grows by one on
/// every attempt, also a failed one. 0: none yet.
struct generation_id {
  std::uint64_t value = 0;
  auto operator<=>(const generation_id&) const = default;
};

/// This deployment of this graph, drawn at random once. Durable.
struct job_id {
  std::array<std::uint64_t, 2> value{};
  auto operator<=>(const job_id&) const = default;
};

/// One start of one process, drawn at random.
struct incarnation_id {
  std::array<std::uint64_t, 2> value{};
  auto operator<=>(const incarnation_id&) const = default;
};

/// What a checkpoint must agree with to be restored: stage names, record schemas, keys of
/// exchanges, format versions.
struct graph_hash {
  std::uint64_t value = 0;
  auto operator<=>(const graph_hash&) const = default;
};

}  // namespace sluice

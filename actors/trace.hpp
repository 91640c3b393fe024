#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>

#include "sluice/messages/marker.hpp"

namespace sluice {

/// What an actor does, as the simulator sees it. Upper case: the coordinator.
enum class traced : char {
  start = 's',
  rows_in = 'r',    ///< detail: traced_rows
  marker_in = 'm',  ///< detail: traced_marker
  credit_in = 'c',  ///< detail: the limit in rows
  timer = 't',
  pump = 'p',
  rows_out = '>',    ///< detail: traced_rows
  marker_out = '|',  ///< detail: traced_marker
  tick = 'T',
  exhausted = 'X',
  passed = 'P',     ///< detail: the epoch, as of those below
  cut = 'u',        ///< a source says where it is
  written = 'w',    ///< a snapshot is durable
  commit = 'C',     ///< a sink is told that an epoch is decided
  committed = 'v',  ///< it is visible
  answered = 'A',   ///< the coordinator has an answer
  sealed = 'S',     ///< the commit record is durable
};

/// Sees every event of every actor, by its place in the deployment; the coordinator comes last.
/// Called in the order of execution.
using trace_function = std::function<void(std::size_t actor, traced kind, std::uint64_t detail)>;

/// A batch on channel `channel` of the actor, packed into one number.
struct traced_rows {
  std::uint32_t channel = 0;
  std::uint32_t rows = 0;

  static constexpr traced_rows of(std::uint64_t detail) {
    return {static_cast<std::uint32_t>(detail >> 32), static_cast<std::uint32_t>(detail)};
  }
  constexpr std::uint64_t detail() const { return std::uint64_t{channel} << 32 | rows; }
  bool operator==(const traced_rows&) const = default;
};

/// A marker on channel `channel` of the actor, likewise.
struct traced_marker {
  std::uint32_t channel = 0;
  epoch_id epoch;
  bool commit = false;
  bool end = false;

  static constexpr traced_marker of(std::uint64_t detail) {
    return {static_cast<std::uint32_t>(detail >> 44),
            {detail >> 2 & 0x3FF'FFFF'FFFFu},
            (detail & 2) != 0,
            (detail & 1) != 0};
  }
  constexpr std::uint64_t detail() const {
    return std::uint64_t{channel} << 44 | epoch.value << 2 | (commit ? 2u : 0u) | (end ? 1u : 0u);
  }
  bool operator==(const traced_marker&) const = default;
};

}  // namespace sluice

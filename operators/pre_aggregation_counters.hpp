#pragma once

#include <cstdint>

#include "sluice/operators/batching.hpp"

namespace sluice {

/// What became of the rows for aggregates on other nodes.
struct pre_aggregation_counters {
  std::uint64_t rows_in = 0;
  std::uint64_t rows_out = 0;   ///< Sent in their place.
  batching::switches switched;  ///< To whole rows (`to_bypass`), and back.
  double switch_ratio = 0;      ///< Rows sent ÷ rows taken that decided the last switch.
  double ratio = 0;             ///< … of the last batches that were judged.

  /// Counts of another edge on top; the ratios are those of the edge that was added last and has
  /// any.
  pre_aggregation_counters& operator+=(const pre_aggregation_counters& other) {
    rows_in += other.rows_in;
    rows_out += other.rows_out;
    switched.to_bypass += other.switched.to_bypass;
    switched.to_gathering += other.switched.to_gathering;
    if (other.switch_ratio != 0) switch_ratio = other.switch_ratio;
    if (other.ratio != 0) ratio = other.ratio;
    return *this;
  }
};

}  // namespace sluice

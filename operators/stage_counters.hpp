#pragma once

#include <array>
#include <cstdint>

#include "sluice/operators/batching.hpp"
#include "sluice/operators/histogram.hpp"
#include "sluice/operators/operation.hpp"
#include "sluice/operators/pre_aggregation_counters.hpp"

namespace sluice {

/// Counts of one stage instance, for metrics.
struct stage_counters {
  std::uint64_t rows_in = 0, bytes_in = 0, batches_in = 0;
  std::uint64_t rows_out = 0, bytes_out = 0, batches_out = 0;
  batch_row_histogram batch_rows{};  ///< Of the batches given on, as they were pushed.
  std::uint64_t markers = 0;
  std::uint64_t timer_wakeups = 0;
  std::uint64_t blocked_times = 0;  ///< How often it had to stop for credit.
  std::array<std::uint64_t, flush_causes> flushes{};
  std::uint64_t most_gathered = 0;  ///< Rows that ever waited for a flush.
  batching::switches bypass;      ///< How often gathering did not pay, and how often it did again.
  double bypass_ratio = 0;        ///< O/I that decided the last switch.
  pre_aggregation_counters wire;  ///< Of the rows for aggregates on other nodes.
  operation_counters operation;
};

}  // namespace sluice

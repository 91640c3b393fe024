#pragma once

#include <cstdint>

#include "sluice/operators/histogram.hpp"
#include "sluice/records/instant.hpp"

namespace sluice {

/// How far a reader is, for progress: a unit of its own choosing (bytes of a file, rows).
struct read_progress {
  std::uint64_t done = 0;
  std::uint64_t total = 0;  ///< 0 means not known.
};

/// Counts of one source instance.
struct source_counters {
  std::uint64_t rows = 0;  ///< Of a run with checkpoints: since the job began, each once.
  std::uint64_t bytes = 0, batches = 0;
  batch_row_histogram batch_rows{};
  std::uint64_t markers = 0;
  std::uint64_t blocked_times = 0;
  std::uint64_t rejected = 0;
  read_progress progress;
  instant watermark = instant::lowest();  ///< Lowest: no event time, or no row yet.
  /// The same as the rows alone have it: not raised to the highest by the end.
  instant watermark_of_rows = instant::lowest();
};

}  // namespace sluice

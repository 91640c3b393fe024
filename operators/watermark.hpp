#pragma once

#include <algorithm>
#include <cstddef>

#include "sluice/records/column_batch.hpp"
#include "sluice/records/instant.hpp"

namespace sluice {

/// Tracks how far event time has come in one instance of a source.
///
/// Rows may be late by up to `lateness` µs against the newest row so far: the watermark is the
/// newest event time minus lateness minus 1 µs, and never falls.
class watermark_tracker {
 public:
  /// `column` is the event-time field, of type instant.
  watermark_tracker(std::size_t column, std::int64_t lateness_us)
      : column_(column), lateness_(lateness_us) {}

  void see(const column_batch& rows) {
    const instant* at = rows.values<instant>(column_);
    for (std::size_t i = 0; i < rows.size(); ++i) newest_ = std::max(newest_, at[i]);
  }
  /// The newest event time so far; lowest: no row yet.
  instant newest() const { return newest_; }
  void restore(instant newest) { newest_ = newest; }
  instant watermark() const {
    return newest_ == instant::lowest() ? newest_ : instant{newest_.us - lateness_ - 1};
  }

 private:
  std::size_t column_;
  std::int64_t lateness_;
  instant newest_ = instant::lowest();
};

}  // namespace sluice

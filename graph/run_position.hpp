#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "sluice/graph/plan.hpp"
#include "sluice/operators/run_status.hpp"

namespace sluice {

/// The window of each channel into a stage, by the stage's name.
using stage_windows = std::map<std::string, credit>;

stage_windows windows_of(const plan& p);

/// Where a run stands: its instances added up.
struct run_position {
  std::uint64_t elapsed_ms = 0;
  std::uint64_t rows = 0;      ///< Read, without those rejected.
  std::uint64_t rejected = 0;  ///< Rows that were none.
  /// 0 to 1: how much of its input the source has read that is furthest behind. Nothing if the size
  /// of one is not known.
  std::optional<double> part;
  epoch_id done;
  std::uint64_t queued_rows = 0;
  std::uint64_t keys = 0;
  std::uint64_t state_bytes = 0;
  /// The smallest watermark of the sources with an event time that are still read, or of their last
  /// rows if all have ended; nothing if none has one or has seen a row.
  std::optional<instant> watermark;
  /// The least rows a channel had left of its window so far; nothing if there is no channel.
  std::optional<std::uint64_t> lowest_credit_rows;

  bool operator==(const run_position&) const = default;
};

run_position position_of(const run_status& status, const stage_windows& windows);

/// Rows a second as they come now: half of what it says is younger than two seconds.
class row_rate {
 public:
  /// Takes the rows read `elapsed_ms` after the start. Counts grow, until a run goes back and
  /// begins again from fewer.
  void see(std::uint64_t elapsed_ms, std::uint64_t rows);
  double rows_per_second() const { return rate_; }

 private:
  std::uint64_t elapsed_ms_ = 0;
  std::uint64_t rows_ = 0;
  double rate_ = 0;
};

}  // namespace sluice

#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <tuple>

#include "sluice/bench/inputs/checksum.hpp"
#include "sluice/bench/inputs/keyed_rows.hpp"
#include "sluice/operators/aggregate.hpp"

namespace sluice::bench {

/// A row of the keyed sum as it leaves a source …
struct keyed_row {
  std::uint64_t key;
  std::int64_t value;
};
SLUICE_RECORD(keyed_row, key, value);

/// … and what is known of a key.
struct keyed_total {
  std::uint64_t key;
  std::uint64_t count;
  std::int64_t sum;
};
SLUICE_RECORD(keyed_total, key, count, sum);

/// The aggregate of the keyed sum: the operation the engine runs and the bound calls.
using keyed_sum = aggregate_operation<keyed_row, keyed_total, std::tuple<std::uint64_t>,
                                      count_accumulator, sum_accumulator<keyed_row, std::int64_t>>;
std::unique_ptr<keyed_sum> make_keyed_sum(emit when);

/// The rows of the keyed sum batch by batch, first, if asked for, one of value 0 for every key: the
/// table is then as warm as it gets. Out of line: what is compared runs the same code.
class keyed_batches {
 public:
  keyed_batches(const keyed_input& input, std::uint64_t rows, bool warm);

  /// True once the rows to come are those that are timed.
  bool warmed_up() const { return warm_left_ == 0; }
  bool ended() const { return warmed_up() && at_ == rows_; }
  /// Fills `into` with the next rows, as many as it has room for; those that warm up and those that
  /// are timed are not mixed.
  void fill(column_batch& into);
  /// From the first timed row again.
  void rewind() { at_ = 0; }

 private:
  keyed_rows source_;
  std::uint64_t rows_;
  std::uint64_t warm_left_;
  std::uint64_t at_ = 0;
};

/// Sums up totals that leave the aggregate, less the one row by which each key was warmed up.
class total_sums {
 public:
  explicit total_sums(bool warm) : warm_(warm) {}

  void add(const column_batch& totals);
  answer result() const { return sums_.result(); }

 private:
  bool warm_;
  keyed_sums sums_;
};

}  // namespace sluice::bench

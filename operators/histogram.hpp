#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace sluice {

/// How many values were of which size, for metrics: bucket i holds those above bound i - 1 and at
/// most bound i, the last those above all bounds. `Bounds` is an array of growing numbers. A value
/// costs one comparison a bound and two additions, and nothing is allocated.
///
///   histogram<batch_row_bounds> rows;
///   rows.add(17);       // in the bucket of 64
///   rows.up_to(3);      // 1: values of at most 64
template <const auto& Bounds>
class histogram {
 public:
  static constexpr const auto& bounds = Bounds;

  void add(std::uint64_t value) {
    std::size_t bucket = 0;
    for (const std::uint64_t bound : Bounds) bucket += value > bound;
    ++counts_[bucket];
    sum_ += value;
  }

  /// Values of at most `bounds[i]`.
  std::uint64_t up_to(std::size_t i) const {
    std::uint64_t values = 0;
    for (std::size_t bucket = 0; bucket <= i; ++bucket) values += counts_[bucket];
    return values;
  }
  std::uint64_t count() const { return up_to(counts_.size() - 1); }
  std::uint64_t sum() const { return sum_; }

  bool operator==(const histogram&) const = default;

 private:
  std::array<std::uint64_t, Bounds.size() + 1> counts_{};
  std::uint64_t sum_ = 0;
};

/// Rows of a batch.
inline constexpr std::array<std::uint64_t, 9> batch_row_bounds{1,    4,    16,    64,   256,
                                                               1024, 4096, 16384, 65536};
using batch_row_histogram = histogram<batch_row_bounds>;

/// From opening an epoch until all sinks are done with it, in µs.
inline constexpr std::array<std::uint64_t, 13> epoch_duration_bounds{
    1'000,   2'500,   5'000,     10'000,    25'000,    50'000,    100'000,
    250'000, 500'000, 1'000'000, 2'500'000, 5'000'000, 10'000'000};
using epoch_duration_histogram = histogram<epoch_duration_bounds>;

}  // namespace sluice

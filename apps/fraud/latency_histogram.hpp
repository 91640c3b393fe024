#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace sluice::fraud {

/// Counts durations in steps that grow with them, so that any percentile is known to within 1/64
/// (1.6 %) from a fixed 19 KiB:
///
///   0 … 127             one step each
///   128 … 255           64 steps of 2
///   256 … 511           64 steps of 4, and so on; from 2^40 on all are counted as 2^40 - 1
///
/// The unit is whatever is recorded, here µs.
class latency_histogram {
 public:
  void record(std::uint64_t value, std::uint64_t times = 1) {
    counts_[step_of(value < limit ? value : limit - 1)] += times;
    recorded_ += times;
  }
  void add(const latency_histogram& other) {
    for (std::size_t i = 0; i < steps; ++i) counts_[i] += other.counts_[i];
    recorded_ += other.recorded_;
  }

  std::uint64_t recorded() const { return recorded_; }

  /// The largest value of the step that the `share`-th part of all values reaches; 0 < share <= 1,
  /// 0.99 being the 99th percentile. 0 if nothing was recorded.
  std::uint64_t at_share(double share) const {
    const double wanted = share * static_cast<double>(recorded_);
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < steps; ++i) {
      seen += counts_[i];
      if (seen > 0 && static_cast<double>(seen) >= wanted) return last_of(i);
    }
    return 0;
  }

 private:
  static constexpr unsigned fine_bits = 6;  // 64 steps a power of two
  static constexpr unsigned most_bits = 40;
  static constexpr std::uint64_t limit = std::uint64_t{1} << most_bits;
  static constexpr std::size_t steps = (most_bits - fine_bits + 1) << fine_bits;

  // The top 7 bits of a value are its step within its power of two.
  static constexpr std::size_t step_of(std::uint64_t value) {
    const auto width = static_cast<unsigned>(std::bit_width(value));
    const unsigned shift = width <= fine_bits + 1 ? 0 : width - fine_bits - 1;
    return (std::size_t{shift} << fine_bits) + (value >> shift);
  }
  static constexpr std::uint64_t last_of(std::size_t step) {
    if (step < (std::size_t{2} << fine_bits)) return step;
    const std::size_t shift = (step >> fine_bits) - 1;
    const std::uint64_t top = (step & ((1u << fine_bits) - 1)) + (1u << fine_bits);
    return ((top + 1) << shift) - 1;
  }

  std::array<std::uint64_t, steps> counts_{};
  std::uint64_t recorded_ = 0;
};

}  // namespace sluice::fraud

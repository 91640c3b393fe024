#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "sluice/bench/inputs/random.hpp"

namespace sluice::bench {

/// What a benchmark must compute: a number of rows and named sums that do not depend on their
/// order.
struct answer {
  std::uint64_t rows = 0;
  std::vector<std::pair<std::string, std::uint64_t>> sums;

  bool operator==(const answer&) const = default;
};

/// Sums up keyed results: Σ mix(key) · value modulo 2^64, over keys that have rows.
class keyed_sums {
 public:
  void add(std::uint64_t key, std::uint64_t count, std::int64_t sum) {
    if (count == 0) return;  // prefilled, never seen
    const std::uint64_t weight = mix(key);
    ++rows_;
    count_ += weight * count;
    sum_ += weight * static_cast<std::uint64_t>(sum);
  }

  answer result() const { return {rows_, {{"count", count_}, {"sum", sum_}}}; }

 private:
  std::uint64_t rows_ = 0;
  std::uint64_t count_ = 0;
  std::uint64_t sum_ = 0;
};

}  // namespace sluice::bench

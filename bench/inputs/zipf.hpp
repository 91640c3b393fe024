#pragma once

#include <cstdint>
#include <vector>

namespace sluice::bench {

/// Zipf's law with exponent 1 over ranks 1 … `ranks`, in integers only: rank r weighs floor(2^40 /
/// r).
class zipf {
 public:
  explicit zipf(std::uint64_t ranks);

  /// The rank drawn by `x`, uniform over 64 bits: the first whose cumulative weight exceeds
  /// floor(x · total / 2^64).
  std::uint64_t rank(std::uint64_t x) const;

 private:
  std::vector<std::uint64_t> upto_;   // weight of ranks 1 … r
  std::vector<std::uint32_t> first_;  // where to look: first rank of each of about 2^20 stretches
  int shift_ = 0;
};

/// Places ranks among `keys` = 10^n ids, so that frequent ones are not neighbours.
constexpr std::uint64_t scatter(std::uint64_t rank, std::uint64_t keys) {
  return ((rank - 1) * 2654435761u) % keys;
}

}  // namespace sluice::bench

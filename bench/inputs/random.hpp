#pragma once

#include <cstdint>
#include <string_view>

namespace sluice::bench {

/// One step and the finaliser of splitmix64 (Steele, Lea, Flood 2014): every random number of the
/// inputs comes from it. Fixed for good, as the answers are.
constexpr std::uint64_t mix(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

/// Maps the upper half of `x` to 0 … `end` - 1, evenly; `end` < 2^32.
constexpr std::uint64_t scaled(std::uint64_t x, std::uint64_t end) {
  return ((x >> 32) * end) >> 32;
}

/// Hash of the canonical text of a row (FNV-1a, 64 bits).
constexpr std::uint64_t fnv1a(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return hash;
}

/// Random numbers without state: draw `j` of row `i` of one stream. Any row can be made alone.
class draws {
 public:
  /// Streams: Nexmark 1, Yahoo 2, words 3, Markov 4, letters 5, velocity 6.
  explicit constexpr draws(std::uint64_t stream) : stream_{mix(stream)} {}

  constexpr std::uint64_t raw(std::uint64_t i, std::uint64_t j) const {
    return mix(mix(stream_ + i) + j);
  }
  constexpr std::uint64_t below(std::uint64_t i, std::uint64_t j, std::uint64_t end) const {
    return scaled(raw(i, j), end);
  }
  /// 0 ≤ unit < 1.
  constexpr double unit(std::uint64_t i, std::uint64_t j) const {
    return static_cast<double>(raw(i, j) >> 11) * 0x1p-53;
  }

 private:
  std::uint64_t stream_;
};

}  // namespace sluice::bench

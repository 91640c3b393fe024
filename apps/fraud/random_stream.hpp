#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace sluice::fraud {

/// The random numbers of the handbook world: one MT19937 core (Matsumoto and Nishimura 1998),
/// seeded in either of two ways, and the draws derived from its 32-bit outputs. The same seed gives
/// the same numbers on every machine with IEEE doubles, as long as no multiply and add are fused.
class random_stream {
 public:
  /// The stream that `std::mt19937(seed)` has ("seed A").
  static random_stream from_number(std::uint32_t seed);
  /// The stream seeded by array with the one element `key` ("seed B").
  static random_stream from_key(std::uint32_t key);

  /// 32 fresh bits.
  std::uint32_t next() {
    if (at_ == words_.size()) refill();
    std::uint32_t y = words_[at_++];
    y ^= y >> 11;
    y ^= (y << 7) & 0x9d2c5680u;
    y ^= (y << 15) & 0xefc60000u;
    return y ^ (y >> 18);
  }

  /// In [0, 1), with 53 bits.
  double unit() {
    const std::uint32_t high = next() >> 5;
    const std::uint32_t low = next() >> 6;
    return (high * 67108864.0 + low) / 9007199254740992.0;
  }

  /// In [low, high).
  double uniform(double low, double high) { return low + (high - low) * unit(); }

  /// Standard normal, by the polar method of Marsaglia; every second call answers with the number
  /// kept from the call before.
  double gauss();

  /// Poisson distributed with the given mean, by multiplying until below e^-mean; for means
  /// below 10. A mean of 0 gives 0 and draws nothing.
  std::uint32_t poisson(double mean);

  /// In [0, last], both ends included: masks and rejects.
  std::uint32_t interval(std::uint32_t last);

  /// In [0, n) for n > 0: takes as many top bits as `n` has and rejects.
  std::uint32_t below(std::uint32_t n);

 private:
  random_stream() = default;
  void refill();

  std::array<std::uint32_t, 624> words_{};
  std::size_t at_ = 624;
  double kept_ = 0;
  bool has_kept_ = false;
};

/// The first `k` entries of the permutation of 0 … n-1 that seed A(`seed`) shuffles. Needs k <= n.
std::vector<std::uint32_t> first_of_permutation(std::uint32_t seed, std::uint32_t n,
                                                std::uint32_t k);

/// `k` different numbers below `n`, drawn from `stream` as it stands. Needs k <= n.
std::vector<std::uint32_t> sample(random_stream& stream, std::uint32_t n, std::uint32_t k);

}  // namespace sluice::fraud

#include "sluice/apps/fraud/random_stream.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>
#include <utility>

namespace sluice::fraud {

namespace {

constexpr std::size_t word_count = 624;
constexpr std::size_t middle = 397;

// One word of the next state: the top bit of `high`, the other bits of `low`, through the twist
// matrix.
std::uint32_t twisted(std::uint32_t high, std::uint32_t low) {
  const std::uint32_t joined = (high & 0x80000000u) | (low & 0x7fffffffu);
  return (joined >> 1) ^ ((joined & 1u) != 0 ? 0x9908b0dfu : 0u);
}

// Small samples shuffle a pool of all n; large worlds draw again what was drawn before. The bound
// is the published one: 21, and for more than five draws the smallest power of four that is at
// least 3k on top.
bool uses_pool(std::uint32_t n, std::uint32_t k) {
  std::uint64_t limit = 21;
  if (k > 5) {
    std::uint64_t power = 1;
    while (power < 3ull * k) power *= 4;
    limit += power;
  }
  return n <= limit;
}

}  // namespace

random_stream random_stream::from_number(std::uint32_t seed) {
  random_stream made;
  made.words_[0] = seed;
  for (std::uint32_t i = 1; i < word_count; ++i) {
    const std::uint32_t before = made.words_[i - 1];
    made.words_[i] = 1812433253u * (before ^ (before >> 30)) + i;
  }
  return made;
}

random_stream random_stream::from_key(std::uint32_t key) {
  static const random_stream start = from_number(19650218u);
  random_stream made = start;
  auto& x = made.words_;
  std::size_t i = 1;
  const auto step = [&] {
    if (++i == word_count) {
      x[0] = x[word_count - 1];
      i = 1;
    }
  };
  for (std::size_t round = 0; round < word_count; ++round) {
    x[i] = (x[i] ^ ((x[i - 1] ^ (x[i - 1] >> 30)) * 1664525u)) + key;
    step();
  }
  for (std::size_t round = 1; round < word_count; ++round) {
    x[i] = (x[i] ^ ((x[i - 1] ^ (x[i - 1] >> 30)) * 1566083941u)) - static_cast<std::uint32_t>(i);
    step();
  }
  x[0] = 0x80000000u;
  return made;
}

void random_stream::refill() {
  for (std::size_t i = 0; i < word_count - middle; ++i)
    words_[i] = words_[i + middle] ^ twisted(words_[i], words_[i + 1]);
  for (std::size_t i = word_count - middle; i < word_count - 1; ++i)
    words_[i] = words_[i + middle - word_count] ^ twisted(words_[i], words_[i + 1]);
  words_[word_count - 1] = words_[middle - 1] ^ twisted(words_[word_count - 1], words_[0]);
  at_ = 0;
}

double random_stream::gauss() {
  if (has_kept_) {
    has_kept_ = false;
    return kept_;
  }
  double first, second, squares;
  do {
    first = 2.0 * unit() - 1.0;
    second = 2.0 * unit() - 1.0;
    squares = first * first + second * second;
  } while (squares >= 1.0 || squares == 0.0);
  const double factor = std::sqrt(-2.0 * std::log(squares) / squares);
  kept_ = factor * first;
  has_kept_ = true;
  return factor * second;
}

std::uint32_t random_stream::poisson(double mean) {
  if (mean == 0.0) return 0;
  const double enough = std::exp(-mean);
  std::uint32_t n = 0;
  for (double product = unit(); product > enough; product *= unit()) ++n;
  return n;
}

std::uint32_t random_stream::interval(std::uint32_t last) {
  const std::uint32_t mask = last == 0 ? 0u : ~0u >> std::countl_zero(last);
  std::uint32_t drawn;
  do drawn = next() & mask;
  while (drawn > last);
  return drawn;
}

std::uint32_t random_stream::below(std::uint32_t n) {
  const int shift = std::countl_zero(n);
  std::uint32_t drawn;
  do drawn = next() >> shift;
  while (drawn >= n);
  return drawn;
}

std::vector<std::uint32_t> first_of_permutation(std::uint32_t seed, std::uint32_t n,
                                                std::uint32_t k) {
  auto stream = random_stream::from_number(seed);
  std::vector<std::uint32_t> all(n);
  std::iota(all.begin(), all.end(), 0u);
  for (std::uint32_t i = n; i-- > 1;) std::swap(all[i], all[stream.interval(i)]);
  all.resize(k);
  return all;
}

std::vector<std::uint32_t> sample(random_stream& stream, std::uint32_t n, std::uint32_t k) {
  std::vector<std::uint32_t> drawn;
  drawn.reserve(k);
  if (uses_pool(n, k)) {
    std::vector<std::uint32_t> pool(n);
    std::iota(pool.begin(), pool.end(), 0u);
    for (std::uint32_t i = 0; i < k; ++i) {
      const std::uint32_t j = stream.below(n - i);
      drawn.push_back(pool[j]);
      pool[j] = pool[n - i - 1];
    }
    return drawn;
  }
  std::vector<bool> taken(n);
  while (drawn.size() < k) {
    const std::uint32_t j = stream.below(n);
    if (taken[j]) continue;
    taken[j] = true;
    drawn.push_back(j);
  }
  return drawn;
}

}  // namespace sluice::fraud

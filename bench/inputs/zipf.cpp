#include "sluice/bench/inputs/zipf.hpp"

namespace sluice::bench {
namespace {

constexpr std::uint64_t stretches = std::uint64_t{1} << 20;

}  // namespace

zipf::zipf(std::uint64_t ranks) : upto_(ranks + 1) {
  for (std::uint64_t r = 1; r <= ranks; ++r) upto_[r] = upto_[r - 1] + (std::uint64_t{1} << 40) / r;
  while ((upto_[ranks] >> shift_) > stretches) ++shift_;
  first_.resize((upto_[ranks] >> shift_) + 2);
  std::uint32_t r = 1;
  for (std::uint64_t stretch = 0; stretch < first_.size(); ++stretch) {
    while (r < ranks && upto_[r] <= (stretch << shift_)) ++r;
    first_[stretch] = r;
  }
}

std::uint64_t zipf::rank(std::uint64_t x) const {
  const auto target =
      static_cast<std::uint64_t>((static_cast<unsigned __int128>(x) * upto_.back()) >> 64);
  std::uint64_t r = first_[target >> shift_];
  while (upto_[r] <= target) ++r;
  return r;
}

}  // namespace sluice::bench

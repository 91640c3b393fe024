#pragma once

#include <cstdint>
#include <cstdio>
#include <functional>
#include <string>

#include "sluice/sim/own_process.hpp"

namespace sluice::sim {

/// True if `run(seed)`, in a process of its own because a broken invariant aborts, does not end
/// well within 20 s, or says what is wrong. Prints that.
inline bool notices(const std::function<std::string(std::uint64_t seed)>& run, std::uint64_t seed) {
  const auto said = in_own_process([&] { return run(seed); }, 20);
  if (said && said.value().empty()) return false;
  std::printf("%s\ncaught with seed %llu\n",
              said ? said.value().c_str() : said.failure().message.c_str(),
              static_cast<unsigned long long>(seed));
  return true;
}

/// The exit code of a catcher that has not noticed anything with so many seeds.
inline int survived(std::uint64_t seeds) {
  std::printf("survived %llu seeds\n", static_cast<unsigned long long>(seeds));
  return 1;
}

}  // namespace sluice::sim

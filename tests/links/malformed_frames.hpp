#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "sluice/links/connection_name.hpp"

namespace sluice {

/// Bytes that no hub would send: random ones; valid frames cut short, lengthened, or with bits
/// flipped; prologues and headers that lie under a right checksum; several parts. None can change
/// anything, whoever sends it. From a seed.
class malformed_frames {
 public:
  explicit malformed_frames(std::uint64_t seed) : random_(seed) {}

  /// The parts of the next one, from `who`, who may send rows on `channel`; nearly always one.
  std::vector<std::string> next(const connection_name& who, std::uint32_t channel);

 private:
  std::string valid(const connection_name& who, std::uint32_t channel);
  std::string random_bytes(std::size_t most);
  std::string lying_prologue(std::uint32_t channel);
  std::string lying_header(std::uint32_t channel);
  std::size_t below(std::size_t limit) { return random_() % limit; }

  std::mt19937_64 random_;
};

/// What whoever does not speak ZeroMQ's protocol might send to a port: number `n` of a few.
std::string garbage_stream(std::mt19937_64& random, int n);

}  // namespace sluice

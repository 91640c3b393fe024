#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sluice {

/// Version of the key hash. Part of the checkpoint format and of the wire format: a change of any
/// function below is a new version.
inline constexpr int key_hash_version = 1;

/// Hash of an integer key: the finaliser of splitmix64 (Steele, Lea, Flood 2014), a bijection, two
/// multiplications.
constexpr std::uint64_t hash_key(std::uint64_t key) {
  key += 0x9e3779b97f4a7c15;
  key = (key ^ (key >> 30)) * 0xbf58476d1ce4e5b9;
  key = (key ^ (key >> 27)) * 0x94d049bb133111eb;
  return key ^ (key >> 31);
}

/// Hash of a text key: XXH3, 64 bits, seed 0.
std::uint64_t hash_key(std::string_view key);

/// Joins the hash of one more key field to that of the fields before it; order counts.
constexpr std::uint64_t combine_hashes(std::uint64_t before, std::uint64_t next) {
  return hash_key(before * 0x9e3779b97f4a7c15 + next);
}

}  // namespace sluice

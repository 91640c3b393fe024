#pragma once

#include <cstdint>

#include "sluice/records/hash.hpp"
#include "sluice/records/instant.hpp"
#include "sluice/records/record.hpp"

namespace sluice::sim {

/// A number of the audit graph, its key, and an event time.
struct audited_number {
  std::uint64_t row;
  std::uint64_t key;
  instant at;
};
SLUICE_RECORD(audited_number, row, key, at);

inline constexpr std::uint64_t audited_keys = 7;

inline std::uint64_t key_of(std::uint64_t row) { return hash_key(row) % audited_keys; }

}  // namespace sluice::sim

#pragma once

#include <cstddef>
#include <cstdint>

#include "sluice/records/assert.hpp"

namespace sluice {

/// A fixed bucket of keys: the unit in which state is owned, moved and stored. Changing the
/// parallelism of a stage moves groups, never keys between groups.
using key_group = std::uint32_t;

/// Number of key groups; part of the checkpoint format, and the largest parallelism of a stage.
inline constexpr std::size_t key_group_count = 256;

/// The group of a key with `hash_key` value `hash`: its top 8 bits. Tables place keys by other
/// bits, so the keys of one group spread over a whole table.
constexpr key_group group_of(std::uint64_t hash) { return static_cast<key_group>(hash >> 56); }

/// Groups `first` … `end` - 1 of one instance.
struct key_group_range {
  key_group first = 0;
  key_group end = 0;

  constexpr std::size_t size() const { return end - first; }
  constexpr bool contains(key_group group) const { return first <= group && group < end; }

  bool operator==(const key_group_range&) const = default;
};

/// The instance, of 0 … `parallelism` - 1, that owns `group`. Ranges are contiguous and differ by
/// at most one group in size. `parallelism` is 1 … key_group_count.
constexpr std::size_t owner(key_group group, std::size_t parallelism) {
  SLUICE_ASSERT(parallelism >= 1 && parallelism <= key_group_count,
                "a keyed stage has 1 to 256 instances");
  return group * parallelism / key_group_count;
}

/// The groups that `instance` of `parallelism` owns; never none.
constexpr key_group_range groups_of(std::size_t instance, std::size_t parallelism) {
  SLUICE_ASSERT(parallelism >= 1 && parallelism <= key_group_count && instance < parallelism,
                "a keyed stage has 1 to 256 instances");
  const auto first_of = [&](std::size_t i) {
    return static_cast<key_group>((i * key_group_count + parallelism - 1) / parallelism);
  };
  return {first_of(instance), first_of(instance + 1)};
}

}  // namespace sluice

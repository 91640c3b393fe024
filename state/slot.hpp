#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace sluice {

/// True for states that live inside their slot: plain bytes that leave room for key and epoch in
/// one cache line of 64 bytes. Others live behind a pointer and never move.
template <class State>
inline constexpr bool state_in_slot = std::is_trivially_copyable_v<State> && sizeof(State) <= 48 &&
                                      alignof(State) <= 8;

/// One place of a `slot_table`. All zero means empty.
///
///   | key 8 | state, or a pointer to it | epoch 8 |    32 or 64 bytes, never across two cache
///   lines
template <class State>
struct slot {
  using held = std::conditional_t<state_in_slot<State>, State, State*>;

  static constexpr std::size_t alignment = sizeof(held) <= 16 ? 32 : 64;

  alignas(alignment) std::uint64_t key;
  held value;
  std::uint64_t epoch;  // interval of the last change; 0: never touched

  State& state() {
    if constexpr (state_in_slot<State>) {
      return value;
    } else {
      return *value;
    }
  }
  const State& state() const { return const_cast<slot*>(this)->state(); }
};

/// Where a key may stand: its home, the place beside it in the same cache line, then line after
/// line.
///
///   home h, then h^1 | (h^1)+2, h+2 | h+4, …   round 0, 1 | 2, 3 | 4, …
///
/// The home is the top of `key * multiplier` (Knuth, TAOCP 3, 6.4: Fibonacci hashing): consecutive
/// keys are spread evenly, so that they hardly ever collide.
struct probe_sequence {
  std::uint64_t multiplier;
  int shift;
  std::size_t mask;

  std::size_t home(std::uint64_t key) const { return (key * multiplier) >> shift; }

  /// The place examined in round `round` >= 1, after `place` in the round before.
  std::size_t next(std::size_t place, std::size_t round) const {
    return round % 2 == 1 ? place ^ 1 : (place + 2) & mask;
  }
};

}  // namespace sluice

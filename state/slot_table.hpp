#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include "sluice/records/assert.hpp"
#include "sluice/records/hash.hpp"
#include "sluice/state/slot.hpp"
#include "sluice/state/slot_memory.hpp"

namespace sluice {

/// Whether a table lists the keys touched in an interval. `ignored` saves about 0.4 ns a row where
/// nobody reads the list; `keep_unsaved` overrules it.
enum class changes { recorded, ignored };

/// Open addressing over 64-bit words, a chunk of rows at a time: the engine of `keyed_table` (the
/// word is the key) and `text_keyed_table` (the word is the hash of the text).
///
/// A chunk takes three steps:
///   1. rows whose home slot holds their key are done at once, up to the first that misses;
///   2. the others are compacted and stepped together, round by round, without a branch per row: a
///      collision costs no misprediction; empty places are taken on the way;
///   3. states are changed, in row order.
///
/// An empty slot is all zero. The word 0 therefore has a slot of its own: slot 0, its home, which
/// no other word may take. A slot is live once its epoch is not 0.
///
/// What it holds and in which order it lists it depends on the operations alone, never on addresses
/// or random numbers. If a user's function throws, the table is to be discarded.
template <class State>
class slot_table {
  static_assert(std::is_default_constructible_v<State>, "the state of a new key is State{}");

 public:
  using slot_type = slot<State>;

  /// Most rows in one call of `update_chunk`.
  static constexpr std::size_t chunk_rows = 256;

  explicit slot_table(changes mode) : tracking_{mode == changes::recorded} {
    allocate(least_slots);
    construct(data()[0]);
  }

  /// Finds or inserts `words[i]` for every i < `words.size()` <= chunk_rows and calls
  /// `f(State&, first_row + i)` in that order.
  /// `identity` tells words apart that stand for different keys: `matches(const State&, row)`
  /// whether a state that holds the word belongs to the row's key, `adopt(State&, row)` makes it so
  /// for a new one, `exact` is true where a word is a key and neither is needed.
  template <class Identity, class F>
  void update_chunk(std::span<const std::uint64_t> words, std::size_t first_row, Identity& identity,
                    F& f) {
    make_room(words.size());
    if (changed_.size() < changed_count_ + words.size()) {
      changed_.resize(2 * changed_count_ + 4 * chunk_rows);
    }
    if (beside_first_ > 0) {
      --beside_first_;
      if (tracking_) return run<true, true>(words, first_row, identity, f);
      return run<false, true>(words, first_row, identity, f);
    }
    if (tracking_) return run<true, false>(words, first_row, identity, f);
    return run<false, false>(words, first_row, identity, f);
  }

  /// Returns the live slot of the first state with `word` that `matches(const State&)`, or null.
  template <class Matches>
  slot_type* find(std::uint64_t word, Matches&& matches) const {
    slot_type* slots = data();
    if (word == 0) return slots[0].epoch != 0 ? &slots[0] : nullptr;
    std::size_t place = probe_.home(word);
    for (std::size_t round = 1; !empty(slots[place], place); ++round) {
      if (slots[place].key == word && matches(std::as_const(slots[place]).state())) {
        return &slots[place];
      }
      place = probe_.next(place, round);
    }
    return nullptr;
  }

  /// Number of live slots.
  std::size_t size() const { return taken_ + (data()[0].epoch != 0); }

  /// Number of slots, live or empty; the end of `for_some`.
  std::size_t slots() const { return probe_.mask + 1; }

  /// Bytes held for slots, states beside them and the change list; not what states own themselves.
  std::size_t bytes() const {
    return memory_.bytes() + states_.size() * sizeof(State) +
           (changed_.capacity() + unsaved_.capacity()) * sizeof(std::uint32_t);
  }

  /// Number of slots touched since `clear_changes()`.
  std::size_t changed() const { return changed_count_; }

  /// The `i`-th slot touched, i < changed(), in order of first touch.
  slot_type& changed_slot(std::size_t i) const { return data()[changed_[i]]; }

  /// Starts the next interval: nothing is changed.
  void clear_changes() {
    if (saving_) remember_unsaved();
    ++epoch_;
    changed_count_ = 0;
  }

  /// From now on also lists what a checkpoint does not hold yet, over any number of intervals.
  void keep_unsaved() { saving_ = tracking_ = true; }

  /// What the table holds is saved: from now on a save need not hold more than what changes.
  void mark_saved() {
    clear_changes();
    unsaved_.clear();
    save_whole_ = false;
  }

  /// True if a save must hold everything: the first one, and one after `clear`.
  bool save_whole() const { return save_whole_; }

  /// Calls `f(slot)` for every slot touched since the last call, in slot order; nothing is changed
  /// or unsaved then. With `whole`: for every live slot.
  template <class F>
  void save(bool whole, F&& f) {
    clear_changes();
    if (whole) {
      for_some(0, slots(), f);
    } else {
      sort_unsaved();
      for (const std::uint32_t place : unsaved_) f(data()[place]);
    }
    mark_saved();
  }

  /// Calls `f(slot)` for up to `most` live slots from slot `from` on, in slot order. Returns where
  /// to go on; `slots()` when there are no more.
  template <class F>
  std::size_t for_some(std::size_t from, std::size_t most, F&& f) const {
    slot_type* slots = data();
    std::size_t i = from;
    for (; i < this->slots() && most > 0; ++i) {
      if (slots[i].epoch == 0) continue;
      f(slots[i]);
      --most;
    }
    while (i < this->slots() && slots[i].epoch == 0) ++i;
    return i;
  }

  /// Forgets every key; memory is kept. Costs O(slots touched in this interval) if those are all
  /// there are, O(slots) otherwise.
  void clear() {
    if (changed_count_ == size() && tracking_) {
      for (std::size_t i = 0; i < changed_count_; ++i) changed_slot(i) = slot_type{};
    } else {
      std::fill_n(data(), slots(), slot_type{});
    }
    states_.clear();
    taken_ = 0;
    changed_count_ = 0;
    unsaved_.clear();
    save_whole_ = true;
    clear_changes();
    construct(data()[0]);
  }

  /// Makes room for `keys` keys in all.
  void reserve(std::size_t keys) {
    std::size_t wanted = slots();
    while (crowded(keys, wanted)) wanted *= 2;
    if (wanted != slots()) rehash(wanted);
  }

 private:
  static constexpr std::size_t least_slots = 1024;
  static constexpr std::size_t small_bytes = std::size_t{4} << 20;
  static constexpr std::size_t prefetch_bytes = std::size_t{1} << 20;
  static constexpr std::size_t long_chain = 256;  // rounds; beyond chance at any load we allow

  slot_type* data() const { return static_cast<slot_type*>(memory_.data()); }

  static bool empty(const slot_type& here, std::size_t place) {
    return here.key == 0 && place != 0;
  }

  // Low load while the table is small and a collision costs more than the memory.
  static bool crowded(std::size_t keys, std::size_t slots) {
    return slots * sizeof(slot_type) < small_bytes ? keys * 4 > slots : keys * 8 > slots * 5;
  }

  template <bool Track, bool Beside, class Identity, class F>
  [[gnu::noinline]] void run(std::span<const std::uint64_t> words, std::size_t first_row,
                             Identity& identity, F& f) {
    const std::size_t rows = words.size();
    const probe_sequence probe = probe_;
    const std::uint64_t epoch = epoch_;
    slot_type* const slots = data();
    std::uint32_t* changed = changed_.data() + changed_count_;

    const auto touch = [&](std::size_t place, std::size_t i) {
      slot_type& here = slots[place];
      if constexpr (Track) {
        *changed = static_cast<std::uint32_t>(place);
        changed += here.epoch != epoch;
      }
      here.epoch = epoch;
      f(here.state(), first_row + i);
    };

    if (slots_bytes() > prefetch_bytes) {
      for (std::size_t i = 0; i < rows; ++i) __builtin_prefetch(&slots[probe.home(words[i])], 1);
    }
    // The place of row i if its key is there, before anything else is looked at.
    const auto at_once = [&](std::size_t i, std::size_t& place) {
      place = probe.home(words[i]);
      if constexpr (Beside) place ^= slots[place].key != words[i];
      return slots[place].key == words[i] && matches(slots[place], first_row + i, identity);
    };
    std::size_t done = 0;
    std::size_t place = 0;
    if constexpr (Track) {  // as long as keys have been touched before, there is nothing to list
      while (done < rows && at_once(done, place) && slots[place].epoch == epoch) {
        f(slots[place].state(), first_row + done++);
      }
    }
    while (done < rows && at_once(done, place)) touch(place, done++);
    if (done < rows) {
      std::uint32_t places[chunk_rows];
      locate<Beside>(words, done, places);
      if constexpr (!Identity::exact) settle(words, done, first_row, places, identity);
      for (std::size_t i = done; i < rows; ++i) touch(places[i], i);
    }
    changed_count_ = static_cast<std::size_t>(changed - changed_.data());
  }

  // Step 2: writes the place of every row from `first` on; new words get a slot.
  template <bool Beside>
  void locate(std::span<const std::uint64_t> words, std::size_t first, std::uint32_t* places) {
    const std::size_t rows = words.size();
    const probe_sequence probe = probe_;
    slot_type* const slots = data();
    std::uint32_t missing[chunk_rows];
    std::uint32_t left = 0;
    for (std::size_t i = first; i < rows; ++i) {
      std::size_t place = probe.home(words[i]);
      if constexpr (Beside) place ^= slots[place].key != words[i];
      places[i] = static_cast<std::uint32_t>(place);
      missing[left] = static_cast<std::uint32_t>(i);
      left += slots[place].key != words[i];
    }
    if constexpr (Beside) {
      for (std::uint32_t j = 0; j < left; ++j) {
        places[missing[j]] = static_cast<std::uint32_t>(probe.home(words[missing[j]]));
      }
    } else if (2 * left > rows) {
      beside_first_ = 31;  // most rows displaced: a hot key that is not at home
    }
    std::size_t round = 1;
    for (; left > 0; ++round) {
      std::uint32_t next = 0;
      for (std::uint32_t j = 0; j < left; ++j) {
        const std::uint32_t i = missing[j];
        std::size_t place = places[i];
        const std::uint64_t held = slots[place].key;
        if (held == 0 && place != 0) [[unlikely]] {
          take(slots[place], words[i]);
          continue;
        }
        // Stays where it is if an earlier row of this round took the place for the same word.
        place = held == words[i] ? place : probe.next(place, round);
        places[i] = static_cast<std::uint32_t>(place);
        missing[next] = i;
        next += slots[place].key != words[i];
      }
      left = next;
    }
    if (round > long_chain) [[unlikely]]
      clustered_ = true;
  }

  // Gives every row from `first` on a slot of its own key where several keys share a word.
  template <class Identity>
  void settle(std::span<const std::uint64_t> words, std::size_t first, std::size_t first_row,
              std::uint32_t* places, Identity& identity) {
    slot_type* const slots = data();
    for (std::size_t i = first; i < words.size(); ++i) {
      std::size_t place = probe_.home(words[i]);
      if (adopted(slots[places[i]], first_row + i, identity)) continue;
      for (std::size_t round = 1;; ++round) {
        if (empty(slots[place], place)) take(slots[place], words[i]);
        if (slots[place].key == words[i] && adopted(slots[place], first_row + i, identity)) break;
        place = probe_.next(place, round);
      }
      places[i] = static_cast<std::uint32_t>(place);
    }
  }

  template <class Identity>
  static bool matches(const slot_type& here, std::size_t row, Identity& identity) {
    if constexpr (Identity::exact) {
      return true;
    } else {
      return identity.matches(here.state(), row);
    }
  }

  template <class Identity>
  static bool adopted(slot_type& here, std::size_t row, Identity& identity) {
    return matches(here, row, identity) || identity.adopt(here.state(), row);
  }

  void take(slot_type& fresh, std::uint64_t word) {
    fresh.key = word;
    construct(fresh);
    ++taken_;
  }

  void construct(slot_type& fresh) {
    if constexpr (state_in_slot<State>) {
      fresh.value = State{};
    } else {
      fresh.value = &states_.emplace_back();
    }
  }

  // Grows until `rows` new words fit, or finds another multiplier for keys that cluster under this
  // one.
  void make_room(std::size_t rows) {
    while (crowded(taken_, slots()) || (taken_ + rows) * 8 > slots() * 7) rehash(slots() * 2);
    if (clustered_ && taken_ >= 2 * taken_at_change_) {
      taken_at_change_ = taken_;
      probe_.multiplier = hash_key(probe_.multiplier) | 1;
      rehash(slots());
    }
    clustered_ = false;
  }

  void allocate(std::size_t slots) {
    SLUICE_ASSERT(slots <= std::size_t{1} << 32, "a table has at most 2^32 slots");
    memory_ = slot_memory{slots * sizeof(slot_type)};
    probe_.mask = slots - 1;
    probe_.shift = 64 - std::countr_zero(slots);
  }

  void rehash(std::size_t wanted) {
    const std::size_t before = slots();
    const slot_memory memory = std::move(memory_);
    auto* const old = static_cast<slot_type*>(memory.data());
    allocate(wanted);
    slot_type* const slots = data();
    slots[0] = old[0];
    for (std::size_t i = 1; i < before; ++i) {
      if (old[i].key == 0) continue;
      std::size_t place = probe_.home(old[i].key);
      for (std::size_t round = 1; !empty(slots[place], place); ++round) {
        place = probe_.next(place, round);
      }
      slots[place] = old[i];
      old[i].key = place;  // read by the change list below
    }
    for (std::size_t i = 0; i < changed_count_; ++i) {
      changed_[i] = static_cast<std::uint32_t>(old[changed_[i]].key);  // slot 0 holds key 0: stays
    }
    for (std::uint32_t& place : unsaved_) place = static_cast<std::uint32_t>(old[place].key);
  }

  // A slot may be listed in many intervals: what doubles is thrown out once it could be most.
  void remember_unsaved() {
    unsaved_.insert(unsaved_.end(), changed_.begin(),
                    changed_.begin() + static_cast<std::ptrdiff_t>(changed_count_));
    if (unsaved_.size() > 2 * size() + chunk_rows) sort_unsaved();
  }
  void sort_unsaved() {
    std::sort(unsaved_.begin(), unsaved_.end());
    unsaved_.erase(std::unique(unsaved_.begin(), unsaved_.end()), unsaved_.end());
  }
  std::size_t slots_bytes() const { return slots() * sizeof(slot_type); }

  bool tracking_;
  bool clustered_ = false;     // a chain grew long since the last chunk
  unsigned beside_first_ = 0;  // chunks to go in which home and its neighbour are tried at once
  probe_sequence probe_{.multiplier = 0x9e3779b97f4a7c15, .shift = 0, .mask = 0};
  slot_memory memory_;
  std::deque<State> states_;         // of slots that only point; never moves them
  std::size_t taken_ = 0;            // live slots but slot 0 …
  std::size_t taken_at_change_ = 0;  // … and when the multiplier was last changed
  std::uint64_t epoch_ = 1;          // of this interval
  std::vector<std::uint32_t> changed_;
  std::size_t changed_count_ = 0;
  bool saving_ = false, save_whole_ = true;
  std::vector<std::uint32_t> unsaved_;  // places touched since the last save, but in this interval
};

}  // namespace sluice

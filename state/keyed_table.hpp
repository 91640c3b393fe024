#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include "sluice/state/slot_table.hpp"
#include "sluice/state/text_keyed_table.hpp"  // the other kind of key, for who includes this

namespace sluice {

/// What a keyed stage remembers: one `State` for every integer key, and which keys changed since
/// the last flush.
///
///   keyed_table<std::int64_t> total;
///   total.update(cards, [&](std::int64_t& sum, std::size_t row) { sum += amounts[row]; });
///   total.for_each_changed(0, total.changed(), [](std::uint64_t card, std::int64_t sum) { … });
///   total.clear_changes();
///
/// Every value is a legal key; signed and enum keys are cast by the caller. A new key starts as
/// `State{}`. Plain states of up to 48 bytes live in the slot and move when the table grows, so a
/// reference to one ends with the next `update`, `reserve` or `clear`; other states never move.
///
/// The order of keys depends on the operations alone. Movable, not copyable; a table that was moved
/// from, or whose user function threw, is only fit to be destroyed or assigned to. Not thread-safe.
template <class State>
class keyed_table {
 public:
  explicit keyed_table(changes mode = changes::recorded) : slots_{mode} {}

  /// Finds or inserts the key of every row and calls `f(State&, row)` for row = 0 … keys.size() -
  /// 1, in that order. `f` must not touch the table.
  template <class F>
  void update(std::span<const std::uint64_t> keys, F&& f) {
    constexpr std::size_t chunk = slot_table<State>::chunk_rows;
    word_is_key identity;
    for (std::size_t row = 0; row < keys.size(); row += chunk) {
      slots_.update_chunk(keys.subspan(row, std::min(chunk, keys.size() - row)), row, identity, f);
    }
  }

  /// Number of keys.
  std::size_t size() const { return slots_.size(); }

  /// Bytes held, live or spare, without what states own themselves (a vector's elements). Known
  /// without a walk.
  std::size_t bytes() const { return slots_.bytes(); }

  /// Number of keys touched since `clear_changes()`; 0 with `changes::ignored`.
  std::size_t changed() const { return slots_.changed(); }

  /// Calls `f(key, State&)` for the changed keys number `from` … `from + count - 1`, or as many as
  /// there are, in order of first touch. Valid over growth, so a flush may be resumed where it
  /// stopped.
  template <class F>
  void for_each_changed(std::size_t from, std::size_t count, F&& f) {
    const std::size_t end = from + std::min(count, changed() - std::min(from, changed()));
    for (std::size_t i = from; i < end; ++i) {
      auto& changed = slots_.changed_slot(i);
      f(changed.key, changed.state());
    }
  }

  /// Starts the next interval: no key is changed.
  void clear_changes() { slots_.clear_changes(); }

  /// Calls `f(key, const State&)` for every key, in slot order.
  template <class F>
  void for_each(F&& f) const {
    for_some(0, slots(), f);
  }

  /// Calls `f(key, State&)` for up to `most` keys from slot `from` on, in slot order. Returns the
  /// slot to go on from; `slots()` when done. Good until the next `update`, `reserve` or `clear`.
  template <class F>
  std::size_t for_some(std::size_t from, std::size_t most, F&& f) {
    return slots_.for_some(from, most, [&](auto& slot) { f(slot.key, slot.state()); });
  }
  template <class F>
  std::size_t for_some(std::size_t from, std::size_t most, F&& f) const {
    return slots_.for_some(from, most, [&](const auto& slot) { f(slot.key, slot.state()); });
  }

  /// Number of slots, live or empty.
  std::size_t slots() const { return slots_.slots(); }

  /// Returns the state of `key`, or null. Valid as long as a reference in `update` would be.
  State* find(std::uint64_t key) {
    auto* found = slots_.find(key, [](const State&) { return true; });
    return found ? &found->state() : nullptr;
  }
  const State* find(std::uint64_t key) const { return const_cast<keyed_table*>(this)->find(key); }

  /// Forgets every key and change; memory is kept.
  void clear() { slots_.clear(); }

  /// From now on `save` knows what changed since the last one. Called before the first row.
  void keep_unsaved() { slots_.keep_unsaved(); }
  /// What the table holds is saved: a save need not hold more than what changes from now on.
  void mark_saved() { slots_.mark_saved(); }
  /// True if the next save must be a whole one: nothing was saved yet, or all was forgotten since.
  bool save_whole() const { return slots_.save_whole(); }
  /// Calls `f(key, const State&)` for every key touched since the last save, or for every key if
  /// `whole`; then nothing is changed.
  template <class F>
  void save(bool whole, F&& f) {
    slots_.save(whole, [&](const auto& slot) { f(slot.key, slot.state()); });
  }

  /// Makes room for `keys` keys in all, so that growing does not interrupt.
  void reserve(std::size_t keys) { slots_.reserve(keys); }

 private:
  struct word_is_key {
    static constexpr bool exact = true;
  };

  slot_table<State> slots_;
};

}  // namespace sluice

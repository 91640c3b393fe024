#pragma once

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "sluice/records/hash.hpp"
#include "sluice/state/slot_table.hpp"
#include "sluice/state/text_arena.hpp"

namespace sluice {

/// `keyed_table` for text keys: the same promises, but keys are `std::string_view` and the table
/// owns their bytes. Two texts are one key if their bytes are equal; a shared hash is told apart.
///
///   text_keyed_table<std::uint64_t> words;
///   words.update(batch_of_words, [](std::uint64_t& n, std::size_t) { ++n; });
///
/// A key handed out lives until `clear()` or the end of the table.
template <class State>
class text_keyed_table {
 public:
  explicit text_keyed_table(changes mode = changes::recorded) : slots_{mode} {}

  /// Finds or inserts the key of every row and calls `f(State&, row)` in row order. `f` must not
  /// touch the table.
  template <class F>
  void update(std::span<const std::string_view> keys, F&& f) {
    update(
        keys.size(), [&](std::size_t row) { return keys[row]; }, f);
  }

  /// The same for rows 0 … `rows` - 1, whose keys are `key_at(row)`.
  template <std::invocable<std::size_t> KeyAt, class F>
  void update(std::size_t rows, KeyAt&& key_at, F&& f) {
    std::array<std::uint64_t, chunk> hashes;
    for (std::size_t row = 0; row < rows; row += chunk) {
      const std::size_t count = std::min(chunk, rows - row);
      for (std::size_t i = 0; i < count; ++i) hashes[i] = word(hash_key(key_at(row + i)));
      update_chunk({hashes.data(), count}, row, key_at, f);
    }
  }

  /// The same for rows whose `hashes` have travelled with them: `hashes[row]` is a hash of
  /// `key_at(row)`, by one and the same function for the life of the table; `find` expects
  /// `hash_key`.
  template <std::invocable<std::size_t> KeyAt, class F>
  void update(std::span<const std::uint64_t> hashes, KeyAt&& key_at, F&& f) {
    std::array<std::uint64_t, chunk> words;
    for (std::size_t row = 0; row < hashes.size(); row += chunk) {
      const std::size_t count = std::min(chunk, hashes.size() - row);
      for (std::size_t i = 0; i < count; ++i) words[i] = word(hashes[row + i]);
      update_chunk({words.data(), count}, row, key_at, f);
    }
  }

  /// Number of keys.
  std::size_t size() const { return slots_.size(); }

  /// Bytes held, live or spare, without what states own themselves (a vector's elements). Known
  /// without a walk.
  std::size_t bytes() const { return slots_.bytes() + texts_.bytes(); }

  /// Number of keys touched since `clear_changes()`; 0 with `changes::ignored`.
  std::size_t changed() const { return slots_.changed(); }

  /// Calls `f(key, State&)` for the changed keys number `from` … `from + count - 1`, or as many as
  /// there are, in order of first touch. Valid over growth, so a flush may be resumed where it
  /// stopped.
  template <class F>
  void for_each_changed(std::size_t from, std::size_t count, F&& f) {
    const std::size_t end = from + std::min(count, changed() - std::min(from, changed()));
    for (std::size_t i = from; i < end; ++i) {
      entry& changed = slots_.changed_slot(i).state();
      f(changed.text.view(), changed.state);
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
    return slots_.for_some(from, most, [&](auto& slot) {
      entry& live = slot.state();
      f(live.text.view(), live.state);
    });
  }
  template <class F>
  std::size_t for_some(std::size_t from, std::size_t most, F&& f) const {
    return slots_.for_some(from, most, [&](const auto& slot) {
      const entry& live = slot.state();
      f(live.text.view(), live.state);
    });
  }

  /// Number of slots, live or empty.
  std::size_t slots() const { return slots_.slots(); }

  /// Bytes held for the texts of keys.
  std::size_t text_bytes() const { return texts_.bytes(); }

  /// Returns the state of `key`, or null. Valid as long as a reference in `update` would be.
  State* find(std::string_view key) {
    auto* found = slots_.find(word(hash_key(key)),
                              [&](const entry& live) { return live.text.view() == key; });
    return found ? &found->state().state : nullptr;
  }
  const State* find(std::string_view key) const {
    return const_cast<text_keyed_table*>(this)->find(key);
  }

  /// Forgets every key, its bytes and every change; memory of the slots is kept.
  void clear() {
    slots_.clear();
    texts_.clear();
  }

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
    slots_.save(whole, [&](const auto& slot) {
      const entry& live = slot.state();
      f(live.text.view(), live.state);
    });
  }

  /// Makes room for `keys` keys in all, so that growing does not interrupt.
  void reserve(std::size_t keys) { slots_.reserve(keys); }

 private:
  struct entry {
    kept_text text;
    State state{};
  };

  static constexpr std::size_t chunk = slot_table<entry>::chunk_rows;

  // Tells apart texts that share a hash; copies the text of a new key.
  template <class KeyAt>
  struct text_identity {
    static constexpr bool exact = false;

    bool matches(const entry& held, std::size_t row) const {
      return held.text.assigned() && held.text.view() == std::string_view{key_at(row)};
    }
    bool adopt(entry& fresh, std::size_t row) {
      if (fresh.text.assigned()) return false;
      fresh.text = texts.keep(key_at(row));
      return true;
    }

    KeyAt& key_at;
    text_arena& texts;
  };

  // The table keeps a place of its own for word 0, where only one key fits.
  static std::uint64_t word(std::uint64_t hash) { return hash == 0 ? 1 : hash; }

  template <class KeyAt, class F>
  void update_chunk(std::span<const std::uint64_t> words, std::size_t row, KeyAt& key_at, F& f) {
    text_identity<KeyAt> identity{key_at, texts_};
    const auto change = [&](entry& live, std::size_t at) { f(live.state, at); };
    slots_.update_chunk(words, row, identity, change);
  }

  slot_table<entry> slots_;
  text_arena texts_;
};

}  // namespace sluice

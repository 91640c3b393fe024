#pragma once

#include <cstring>
#include <span>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <vector>

#include "sluice/operators/key_columns.hpp"
#include "sluice/operators/saved_state.hpp"
#include "sluice/records/batch.hpp"
#include "sluice/records/assert.hpp"
#include "sluice/records/hash.hpp"
#include "sluice/state/key_groups.hpp"
#include "sluice/state/keyed_table.hpp"
#include "sluice/state/state_codec.hpp"

namespace sluice {

/// A field rows can be keyed by: bool, integers, enums, `instant`, text.
template <class K>
concept key_value = plain_field<K> && !std::same_as<K, float> && !std::same_as<K, double>;

/// A key of one field that fits 64 bits as it is.
template <class... K>
inline constexpr bool is_integer_key = sizeof...(K) == 1 &&
                                       (... && !std::same_as<K, std::string_view>);

namespace detail {

template <class K>
K narrowed(std::uint64_t value) {
  if constexpr (std::same_as<K, instant>)
    return {static_cast<std::int64_t>(value)};
  else
    return static_cast<K>(value);
}

// As `widened` in key_columns.hpp: by value.
template <class K>
std::uint64_t widened_key(K value) {
  if constexpr (std::same_as<K, instant>)
    return static_cast<std::uint64_t>(value.us);
  else
    return static_cast<std::uint64_t>(value);
}

// A composite key as bytes: integers as 8 bytes, text as a 4-byte length and its bytes.
void append_key(std::vector<char>& bytes, std::uint64_t value);
void append_key(std::vector<char>& bytes, std::string_view value);
std::uint64_t take_key_integer(std::string_view& bytes);
std::string_view take_key_text(std::string_view& bytes);

template <class K>
K take_key(std::string_view& bytes) {
  if constexpr (std::same_as<K, std::string_view>)
    return take_key_text(bytes);
  else
    return narrowed<K>(take_key_integer(bytes));
}

}  // namespace detail

/// State per key of a keyed stage: finds the state of every row of a batch, gives keys back as
/// typed values. Integer keys go into a `keyed_table`, text and composite keys into a
/// `text_keyed_table`.
template <class State, key_value... K>
class keyed_state {
 public:
  using key_type = std::tuple<K...>;

  /// `changes::ignored` keeps no list of changed keys: for state that is neither given on at a
  /// flush nor snapshotted by what changed.
  explicit keyed_state(changes mode = changes::recorded) : table_{mode} {}

  /// Calls `f(State&, row)` for every row of `rows` in order; `columns` are the fields of the key.
  template <class F>
  void update(const column_batch& rows, const std::vector<std::size_t>& columns, F&& f) {
    if constexpr (is_integer_key<K...>)
      table_.update(integers(rows, columns[0]), f);
    else
      table_.update(texts(rows, columns), f);
  }

  /// `update` for keys that were gathered from several batches with `gather`, one call of `f` for
  /// each.
  template <class F>
  void update_gathered(F&& f) {
    if constexpr (is_integer_key<K...>) {
      table_.update(std::span<const std::uint64_t>{integers_}, f);
    } else {
      views_.clear();
      for (std::size_t i = 0; i + 1 < ends_.size(); ++i)
        views_.push_back({bytes_.data() + ends_[i], ends_[i + 1] - ends_[i]});
      table_.update(std::span<const std::string_view>{views_}, f);
    }
  }
  void clear_gathered() {
    integers_.clear();
    bytes_.clear();
    ends_.assign(1, 0);
  }
  /// Adds the key of row `row` of `rows`.
  void gather(const column_batch& rows, const std::vector<std::size_t>& columns, std::size_t row) {
    if constexpr (is_integer_key<K...>) {
      integers_.push_back(widened(rows, columns[0], row));
    } else {
      append(rows, columns, row);
      ends_.push_back(bytes_.size());
    }
  }

  std::size_t size() const { return table_.size(); }
  std::size_t bytes() const { return table_.bytes(); }
  std::size_t changed() const { return table_.changed(); }
  void clear_changes() { table_.clear_changes(); }
  void clear() { table_.clear(); }
  void reserve(std::size_t keys) { table_.reserve(keys); }

  /// Calls `f(key tuple, State&)` for `count` changed keys from number `from` on, in the order of
  /// their first change.
  template <class F>
  void for_each_changed(std::size_t from, std::size_t count, F&& f) {
    table_.for_each_changed(from, count, [&](auto key, State& state) { f(typed(key), state); });
  }
  /// Calls `f` for at most `most` keys from slot `from` on; returns where to go on, `slots()` at
  /// the end.
  template <class F>
  std::size_t for_some(std::size_t from, std::size_t most, F&& f) {
    return table_.for_some(from, most, [&](auto key, State& state) { f(typed(key), state); });
  }
  std::size_t slots() const { return table_.slots(); }

  /// True if a checkpoint can hold it.
  static constexpr bool savable = is_savable<State>;

  /// From now on `save` knows what changed since the last one. Called before the first row.
  void keep_unsaved() { table_.keep_unsaved(); }
  /// True if the next save must be a whole one.
  bool save_whole() const { return table_.save_whole(); }
  /// Appends the keys changed since the last save, or all if `whole`, each with its state:
  ///   | key | length | state |    …
  void save(bool whole, snapshot_writer& to) requires savable {
    table_.save(whole, [&](const auto& key, const State& state) {
      if constexpr (is_integer_key<K...>)
        to.value(key);
      else
        to.text(key);
      const std::size_t began = to.begin_text();
      save_state(to, state);
      to.end_text(began);
    });
  }
  /// Takes in what `save` wrote, to the end of `from`, as far as the keys belong to `mine`; a key
  /// that is there already gets the newer state. The table then holds no change, and a later save
  /// may hold what changes from here.
  void load(snapshot_reader& from, key_group_range mine) requires savable {
    std::vector<std::string_view> states;
    const auto take_in = [&] {
      update_gathered([&](State& s, std::size_t i) {
        s = State{};
        snapshot_reader one{states[i]};
        load_state(one, s);
        if (!one.sound() || one.left() > 0) from.refuse("a state has another size");
      });
      clear_gathered();
      states.clear();
    };
    clear_gathered();
    while (from.left() > 0 && from.sound()) {
      const std::size_t began = from.at();
      const auto key = saved_key(from);
      const std::string_view state = from.text();
      if (began == 0 && from.sound()) reserve_for(from.left() / from.at() + 1, mine);
      if (!from.sound() || !mine.contains(group_of(hash_of(typed(key))))) continue;
      if constexpr (is_integer_key<K...>) {
        integers_.push_back(key);
      } else {
        bytes_.insert(bytes_.end(), key.begin(), key.end());
        ends_.push_back(bytes_.size());
      }
      states.push_back(state);
      if (states.size() == 256) take_in();
    }
    take_in();
    table_.mark_saved();
  }

 private:
  static constexpr bool single_text = sizeof...(K) == 1 && !is_integer_key<K...>;

  static key_type typed(std::uint64_t key) { return {detail::narrowed<K>(key)...}; }
  static key_type typed(std::string_view key) {
    if constexpr (single_text)
      return {key};
    else
      return key_type{detail::take_key<K>(key)...};  // braces: left to right
  }

  // For a share of `keys` keys, if there are none yet and the first one tells how long the others
  // are.
  void reserve_for(std::size_t keys, key_group_range mine) {
    if constexpr (is_integer_key<K...> && std::is_trivially_copyable_v<State>)
      if (size() == 0) reserve(keys * mine.size() / key_group_count);
  }

  static auto saved_key(snapshot_reader& from) {
    if constexpr (is_integer_key<K...>)
      return from.value<std::uint64_t>();
    else
      return from.text();
  }
  // As `key_columns::hash` does.
  static std::uint64_t hash_of(const key_type& key) {
    std::uint64_t hash = 0;
    bool first = true;
    const auto join = [&](const auto& field) {
      std::uint64_t h = 0;
      if constexpr (std::same_as<std::remove_cvref_t<decltype(field)>, std::string_view>)
        h = hash_key(field);
      else
        h = hash_key(detail::widened_key(field));
      hash = std::exchange(first, false) ? h : combine_hashes(hash, h);
    };
    std::apply([&](const auto&... field) { (join(field), ...); }, key);
    return hash;
  }

  std::span<const std::uint64_t> integers(const column_batch& rows, std::size_t column) {
    if (width(rows.fields().fields[column].type) == 8)
      return {rows.values<std::uint64_t>(column), rows.size()};
    integers_.resize(rows.size());
    widen(rows, column, integers_);
    return integers_;
  }

  std::span<const std::string_view> texts(const column_batch& rows,
                                          const std::vector<std::size_t>& columns) {
    views_.resize(rows.size());
    if constexpr (single_text) {
      for (std::size_t i = 0; i < rows.size(); ++i) views_[i] = rows.text_at(columns[0], i);
    } else {
      clear_gathered();
      for (std::size_t i = 0; i < rows.size(); ++i) gather(rows, columns, i);
      for (std::size_t i = 0; i < rows.size(); ++i)
        views_[i] = {bytes_.data() + ends_[i], ends_[i + 1] - ends_[i]};
    }
    return views_;
  }

  void append(const column_batch& rows, const std::vector<std::size_t>& columns, std::size_t row) {
    if constexpr (single_text) {
      const std::string_view text = rows.text_at(columns[0], row);
      bytes_.insert(bytes_.end(), text.begin(), text.end());
    } else {
      std::size_t k = 0;
      (append_one<K>(rows, columns[k++], row), ...);
    }
  }
  template <class One>
  void append_one(const column_batch& rows, std::size_t column, std::size_t row) {
    if constexpr (std::same_as<One, std::string_view>)
      detail::append_key(bytes_, rows.text_at(column, row));
    else
      detail::append_key(bytes_, widened(rows, column, row));
  }

  std::conditional_t<is_integer_key<K...>, keyed_table<State>, text_keyed_table<State>> table_;
  std::vector<std::uint64_t> integers_;
  std::vector<std::string_view> views_;
  std::vector<char> bytes_;
  std::vector<std::size_t> ends_{0};
};

/// How an operation with the keyed state `Keys` can be saved.
template <class Keys>
inline constexpr saving saving_of = Keys::savable ? saving::possible : saving::impossible;

/// The keys of `state` that changed since the last save, or all of them.
template <class Keys>
saved_state save_keys(Keys& state, bool whole) {
  if constexpr (Keys::savable) {
    saved_state saved;
    saved.whole = whole || state.save_whole();
    snapshot_writer bytes;
    state.save(saved.whole, bytes);
    saved.keys = bytes.take();
    return saved;
  } else {
    SLUICE_ASSERT(false, "only what can be saved is saved");
  }
}

/// Takes the keys of `from` that belong to `mine` into `state`.
template <class Keys>
result<void> load_keys(Keys& state, const saved_state& from, key_group_range mine) {
  if constexpr (Keys::savable) {
    snapshot_reader bytes{from.keys};
    state.load(bytes, mine);
    return bytes.finish();
  } else {
    SLUICE_ASSERT(false, "only what can be saved is loaded");
  }
}

}  // namespace sluice

#pragma once

#include <cstring>
#include <span>
#include <string_view>
#include <tuple>
#include <vector>

#include "sluice/operators/key_columns.hpp"
#include "sluice/records/batch.hpp"
#include "sluice/state/keyed_table.hpp"

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

 private:
  static constexpr bool single_text = sizeof...(K) == 1 && !is_integer_key<K...>;

  static key_type typed(std::uint64_t key) { return {detail::narrowed<K>(key)...}; }
  static key_type typed(std::string_view key) {
    if constexpr (single_text)
      return {key};
    else
      return key_type{detail::take_key<K>(key)...};  // braces: left to right
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

}  // namespace sluice

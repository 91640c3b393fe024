#pragma once

#include <memory>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "sluice/operators/accumulators.hpp"
#include "sluice/operators/keyed_state.hpp"
#include "sluice/records/batch.hpp"

namespace sluice {

/// Makes fewer rows of many: one for each key of a batch, with what the aggregate they are for
/// would have gathered of the key's rows (FEATURES F701).
///
///   | key fields | parts of the first accumulator | … of the second | …
///
/// The aggregate takes such rows in the place of the others and knows them by their schema
/// (`schema::combined`).
class row_combiner {
 public:
  virtual ~row_combiner() = default;

  /// The keys of `rows` in the order of their first row. Keeps nothing of what was gathered.
  virtual batch_ptr combine(const column_batch& rows, const buffer_pool& pool) = 0;
};

namespace detail {

template <class Parts>
void append_types(std::vector<field_info>& fields) {
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    (fields.push_back({"part", column_type_of<std::tuple_element_t<I, Parts>>()}), ...);
  }
  (std::make_index_sequence<std::tuple_size_v<Parts>>{});
}

// The fields of combined rows, in order: the key's, then the parts of each accumulator.
template <class Keys, class... A>
schema combined_fields() {
  std::vector<field_info> fields;
  append_types<Keys>(fields);
  (append_types<typename A::parts>(fields), ...);
  return {"combined", std::move(fields)};
}

}  // namespace detail

/// Combines rows of `T` keyed by `K...` for the accumulators `A...`.
template <record T, class Keys, class... A>
class key_combiner;

template <record T, class... K, class... A>
class key_combiner<T, std::tuple<K...>, A...> final : public row_combiner {
 public:
  /// `combined` outlives what is made.
  key_combiner(std::vector<std::size_t> key_columns, const schema* combined, A... all)
      : columns_(std::move(key_columns)), combined_(combined), gather_(std::move(all)...) {}

  batch_ptr combine(const column_batch& rows, const buffer_pool& pool) override {
    const batch<T> in{rows};
    state_.update(rows, columns_, [&](auto& s, std::size_t row) { gather_.add(s, in[row]); });
    std::vector<std::uint32_t> text(combined_->fields.size());
    for (std::size_t k = 0; k < columns_.size(); ++k)
      if (combined_->fields[k].type == column_type::text)
        text[k] = static_cast<std::uint32_t>(rows.text_bytes(columns_[k]));
    auto made = std::make_shared<column_batch>(*combined_, pool, state_.changed(), text);
    std::size_t at = 0;
    state_.for_each_changed(0, state_.changed(), [&](const std::tuple<K...>& key, auto& s) {
      write(key, *made, at);
      gather_.split(s, *made, sizeof...(K), at++);
      s = {};
    });
    made->resize(at);
    // Keys stay, empty: those that repeat are found at once in the next batch.
    state_.size() > most_keys ? state_.clear() : state_.clear_changes();
    return made;
  }

 private:
  static constexpr std::size_t most_keys = 16'384;  // a table that stays in the cache

  static void write(const std::tuple<K...>& key, column_batch& to, std::size_t row) {
    std::size_t column = 0;
    const auto write_one = [&]<class V>(const V& value) {
      if constexpr (std::same_as<V, std::string_view>)
        to.set_text(column++, row, value);
      else
        to.values<V>(column++)[row] = value;
    };
    std::apply([&](const K&... field) { (write_one(field), ...); }, key);
  }

  std::vector<std::size_t> columns_;
  const schema* combined_;
  accumulators<T, A...> gather_;
  keyed_state<typename accumulators<T, A...>::state, K...> state_;
};

}  // namespace sluice

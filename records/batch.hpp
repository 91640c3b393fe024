#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "sluice/records/column_batch.hpp"
#include "sluice/records/record.hpp"

namespace sluice {

/// A text column of a batch: `column[i]` is the text of row i. Valid as long as the batch.
class text_column {
 public:
  text_column(const column_batch& rows, std::size_t column) : rows_(&rows), column_(column) {}
  std::size_t size() const { return rows_->size(); }
  std::string_view operator[](std::size_t row) const { return rows_->text_at(column_, row); }

 private:
  const column_batch* rows_;
  std::size_t column_;
};

/// An optional column of a batch: `column[i]` is the value of row i or nothing. Valid as long as
/// the batch.
template <plain_field V>
class optional_column {
 public:
  optional_column(const column_batch& rows, std::size_t column) : rows_(&rows), column_(column) {}
  std::size_t size() const { return rows_->size(); }
  std::optional<V> operator[](std::size_t row) const {
    if (!rows_->valid(column_, row)) return std::nullopt;
    if constexpr (std::same_as<V, std::string_view>)
      return rows_->text_at(column_, row);
    else
      return rows_->values<V>(column_)[row];
  }

 private:
  const column_batch* rows_;
  std::size_t column_;
};

/// What `column()` gives for a field of type `M`.
template <class M>
using column_view = std::conditional_t<
    optional_value<M>::value, optional_column<typename optional_value<M>::type>,
    std::conditional_t<std::is_same_v<M, std::string_view>, text_column, std::span<const M>>>;

/// Column number `c` of `rows`, whose field has type `M`.
template <field_value M>
column_view<M> column_of(const column_batch& rows, std::size_t c) {
  if constexpr (optional_value<M>::value || std::is_same_v<M, std::string_view>)
    return column_view<M>{rows, c};
  else
    return {rows.values<M>(c), rows.size()};
}

/// The view of a batch with the types of record `T`: n rows × the fields of T. A row is put
/// together from its columns; fields that are not used cost nothing. Does not own the batch; text
/// of a row lives as long as the batch.
template <record T>
class batch {
 public:
  explicit batch(const column_batch& rows) : rows_(&rows), columns_(columns(rows, indices{})) {}

  std::size_t size() const { return rows_->size(); }

  T operator[](std::size_t row) const {
    T made{};
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      ((made.*std::get<I>(description_of<T>.fields).member = std::get<I>(columns_)[row]), ...);
    }
    (indices{});
    return made;
  }

  /// The column of `member`: a span for fixed-size fields, `text_column`, `optional_column`.
  template <class M>
  column_view<M> column(M T::*member) const {
    return column_of<M>(*rows_, field_index(member));
  }

  const column_batch& untyped() const { return *rows_; }

 private:
  using indices = std::make_index_sequence<field_count<T>>;

  template <std::size_t... I>
  static auto columns(const column_batch& rows, std::index_sequence<I...>) {
    return std::make_tuple(column_of<typename std::remove_cvref_t<decltype(std::get<I>(
                               description_of<T>.fields))>::value_type>(rows, I)...);
  }

  const column_batch* rows_;
  decltype(columns(std::declval<const column_batch&>(), indices{})) columns_;
};

/// Bounds of the batches a stage builds. A row larger than `bytes` travels alone.
struct batch_bounds {
  std::size_t rows = 8192;
  std::size_t bytes = 1 << 20;

  bool operator==(const batch_bounds&) const = default;
};

/// Builds batches of record `T` row by row, 7–17 ns a row; connectors fill columns directly
/// instead.
///
///   batch_builder<word> out{pool, {.rows = 8192}};
///   out.push({"hello"});
///   batch_ptr done = out.take();
template <record T>
class batch_builder {
 public:
  /// `fields` may name the columns differently; their types are those of T. It outlives the
  /// batches.
  explicit batch_builder(const buffer_pool& pool, batch_bounds bounds = {},
                         const schema& fields = schema_of<T>())
      : pool_(pool), bounds_(bounds), fields_(&fields), fit_(rows_that_fit(bounds)) {}

  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }

  /// True if `row` has to go into the next batch: take this one first.
  bool full_for(const T& row) const {
    if (size_ == fit_) return true;
    if constexpr (has_text)
      return size_ > 0 && bytes_ + text_size(row) + schema_of<T>().row_bytes > bounds_.bytes;
    return false;
  }

  /// Adds a row; the batch must not be full for it.
  void push(const T& row) {
    if (!rows_) open();
    write(row, std::make_index_sequence<field_count<T>>{});
    if constexpr (has_text) bytes_ += text_size(row) + schema_of<T>().row_bytes;
    ++size_;
  }

  /// The rows so far as a finished batch, null if there are none; the builder starts anew.
  batch_ptr take() {
    if (!rows_) return nullptr;
    rows_->resize(size_);
    if constexpr (has_text) text_room_ = rows_->text_room();
    size_ = bytes_ = 0;
    return std::move(rows_);
  }

 private:
  static constexpr bool has_text = [] {
    bool found = false;
    for_each_field<T>([&](auto, const auto& f) {
      using value = typename std::remove_cvref_t<decltype(f)>::value_type;
      found = found || column_type_of<value>() == column_type::text;
    });
    return found;
  }();

  static std::size_t rows_that_fit(batch_bounds bounds) {
    const std::size_t width = schema_of<T>().row_bytes;
    const std::size_t rows = width == 0 ? bounds.rows : std::min(bounds.rows, bounds.bytes / width);
    return rows == 0 ? 1 : rows;
  }

  static std::size_t text_size(const T& row) {
    std::size_t sum = 0;
    for_each_field<T>([&](auto, const auto& f) {
      using value = typename std::remove_cvref_t<decltype(f)>::value_type;
      if constexpr (std::is_same_v<value, std::string_view>)
        sum += (row.*f.member).size();
      else if constexpr (std::is_same_v<value, std::optional<std::string_view>>)
        sum += (row.*f.member) ? (row.*f.member)->size() : 0;
    });
    return sum;
  }

  void open() {
    rows_ = std::make_shared<column_batch>(*fields_, pool_, fit_, text_room_);
    if constexpr (!has_text)
      for (std::size_t c = 0; c < field_count<T>; ++c) columns_[c] = rows_->values<std::byte>(c);
  }

  template <std::size_t... I>
  void write(const T& row, std::index_sequence<I...>) {
    (write_field<I>(row.*std::get<I>(description_of<T>.fields).member), ...);
  }

  template <std::size_t I, class V>
  void write_field(const V& value) {
    if constexpr (optional_value<V>::value) {
      rows_->set_valid(I, size_, value.has_value());
      write_field<I>(value.value_or(typename optional_value<V>::type{}));
    } else if constexpr (std::is_same_v<V, std::string_view>) {
      rows_->set_text(I, size_, value);
    } else if constexpr (has_text) {
      rows_->template values<V>(I)[size_] = value;  // text may move the columns
    } else {
      reinterpret_cast<V*>(columns_[I])[size_] = value;
    }
  }

  buffer_pool pool_;
  batch_bounds bounds_;
  const schema* fields_;
  std::size_t fit_;
  std::shared_ptr<column_batch> rows_;
  std::array<std::byte*, field_count<T>> columns_{};
  std::vector<std::uint32_t> text_room_;
  std::size_t size_ = 0;
  std::size_t bytes_ = 0;
};

}  // namespace sluice

#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "sluice/records/buffer_pool.hpp"
#include "sluice/records/schema.hpp"

namespace sluice {

/// Rows of one record type, stored by column in one contiguous buffer laid out as it is sent:
///
///   | room for a frame's head | validity? values | validity? values | ends, text bytes | …    each
///   64-byte aligned
///
/// Written by one owner, then shared as `batch_ptr` and never changed again; or read where a frame
/// brought it. Type-erased; `batch<T>` (batch.hpp) is the view with types. Rows are numbered from
/// 0, columns as the fields of the schema.
class column_batch {
 public:
  /// Bytes kept free in front of the first column, for prologue and header of a frame.
  static constexpr std::size_t head_room = 256;

  /// Makes an empty batch with room for `rows` rows and `text_bytes[c]` bytes of text in column c
  /// (missing: none; text grows as needed, rows do not).
  column_batch(const schema& fields, const buffer_pool& pool, std::size_t rows,
               std::span<const std::uint32_t> text_bytes = {});

  /// Columns that lie somewhere else, as those of a full batch do but for their alignment, which is
  /// that of a word.
  struct kept_columns {
    std::shared_ptr<const void> owner;  ///< Keeps them; nobody writes them any more.
    const std::byte* begin;
  };
  /// A batch of these `rows` rows, never to be written.
  column_batch(const schema& fields, const buffer_pool& pool, std::size_t rows,
               std::span<const std::uint32_t> text_bytes, kept_columns columns);

  const schema& fields() const { return *schema_; }
  std::size_t size() const { return rows_; }  ///< Rows.
  bool empty() const { return rows_ == 0; }
  std::size_t capacity() const { return capacity_; }  ///< Rows there is room for.
  /// Bytes of the rows in it: values and text, without padding; what credit counts.
  std::size_t bytes() const;
  /// Bytes of text in column `c`.
  std::size_t text_bytes(std::size_t c) const { return rows_ == 0 ? 0 : ends(c)[rows_ - 1]; }
  /// Room for text of every column, in bytes; a hint for the next batch like this one.
  std::vector<std::uint32_t> text_room() const;

  /// Values of column `c`, `size()` of them; for text use `text_at`. Valid as long as the batch is
  /// not written.
  template <class V>
  const V* values(std::size_t c) const {
    return reinterpret_cast<const V*>(begin_ + columns_[c].values);
  }
  const std::uint32_t* ends(std::size_t c) const { return values<std::uint32_t>(c); }
  const char* text(std::size_t c) const {
    return reinterpret_cast<const char*>(begin_ + columns_[c].text);
  }
  std::string_view text_at(std::size_t c, std::size_t row) const {
    const std::uint32_t from = row == 0 ? 0 : ends(c)[row - 1];
    return {text(c) + from, ends(c)[row] - from};
  }
  /// Bitmap of column `c`, bit set where the value is there; null if the field is not optional.
  const std::uint8_t* validity(std::size_t c) const {
    return schema_->fields[c].optional
               ? reinterpret_cast<const std::uint8_t*>(begin_ + columns_[c].validity)
               : nullptr;
  }
  bool valid(std::size_t c, std::size_t row) const {
    const std::uint8_t* bits = validity(c);
    return !bits || (bits[row / 8] >> (row % 8) & 1) != 0;
  }

  // --- as frames carry it (links/batch_frame.hpp)

  /// True if every part of the columns takes what its rows need, rounded up to 64 bytes, and no
  /// more.
  bool dense() const;
  /// The buffer up to the end of the last column; empty for kept columns. The rows do not change
  /// any more, but what belongs to none (the first `head_room` bytes, the padding between the
  /// columns, the bits behind the last row's) may be written by whoever holds the only reference to
  /// the batch.
  std::span<std::byte> memory() const;

  // --- writing, by the one owner before the batch is shared

  template <class V>
  V* values(std::size_t c) {
    return reinterpret_cast<V*>(begin_ + columns_[c].values);
  }
  /// Writes text of row `row` of column `c`; rows of a column are written in order.
  void set_text(std::size_t c, std::size_t row, std::string_view value) {
    std::uint32_t at = row == 0 ? 0 : ends(c)[row - 1];
    if (at + value.size() > columns_[c].text_room) grow_text(c, at + value.size());
    if (!value.empty()) std::memcpy(begin_ + columns_[c].text + at, value.data(), value.size());
    values<std::uint32_t>(c)[row] = at + static_cast<std::uint32_t>(value.size());
  }
  /// Says whether row `row` of the optional column `c` has a value.
  void set_valid(std::size_t c, std::size_t row, bool there) {
    auto* bits = reinterpret_cast<std::uint8_t*>(begin_ + columns_[c].validity);
    const auto mask = static_cast<std::uint8_t>(1u << (row % 8));
    bits[row / 8] = static_cast<std::uint8_t>(there ? bits[row / 8] | mask : bits[row / 8] & ~mask);
  }
  /// Declares that rows [0, rows) have been written in every column.
  void resize(std::size_t rows) { rows_ = rows; }

  /// Copies the chosen rows of `from` (same schema) behind the last row; there must be room for
  /// them.
  void append(const column_batch& from, std::span<const std::uint32_t> chosen);
  /// Copies rows [first, first + count) of `from` behind the last row; there must be room for them.
  void append(const column_batch& from, std::size_t first, std::size_t count);

 private:
  struct place {  // byte offsets from the first column
    std::size_t validity = 0;
    std::size_t values = 0;
    std::size_t text = 0;
    std::size_t text_room = 0;
  };

  std::size_t lay_out();
  void set_text_room(std::span<const std::uint32_t> text_bytes);
  void take_room();
  void grow_text(std::size_t c, std::size_t needed);

  const schema* schema_;
  buffer_pool pool_;
  buffer buffer_;  // none if `owner_` keeps the columns
  std::shared_ptr<const void> owner_;
  std::byte* begin_ = nullptr;  // of the first column
  std::vector<place> columns_;
  std::size_t capacity_;
  std::size_t rows_ = 0;
};

/// A finished batch, shared between actors and immutable.
using batch_ptr = std::shared_ptr<const column_batch>;

/// Rows [first, first + count) of `from` as a batch of their own.
batch_ptr slice(const column_batch& from, std::size_t first, std::size_t count,
                const buffer_pool& pool);

}  // namespace sluice

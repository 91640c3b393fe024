#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace sluice {

/// How the values of a column are stored. Integers and floating-point numbers are little-endian;
/// `boolean` is one byte, 0 or 1; `text` is one uint32 end a row plus the bytes of all rows;
/// `instant` is an int64 of microseconds.
enum class column_type : std::uint8_t {
  boolean,
  int8,
  int16,
  int32,
  int64,
  uint8,
  uint16,
  uint32,
  uint64,
  float32,
  float64,
  instant,
  text,
};

/// Bytes one value takes in its column; 4 (the end) for `text`.
constexpr std::size_t width(column_type type) {
  switch (type) {
    case column_type::boolean:
    case column_type::int8:
    case column_type::uint8:
      return 1;
    case column_type::int16:
    case column_type::uint16:
      return 2;
    case column_type::int32:
    case column_type::uint32:
    case column_type::float32:
    case column_type::text:
      return 4;
    case column_type::int64:
    case column_type::uint64:
    case column_type::float64:
    case column_type::instant:
      return 8;
  }
  return 0;
}

/// The word for `type` in messages: `int64`, `text`, …
std::string_view to_string(column_type type);

/// One field of a record: its column. The name lives as long as the program.
struct field_info {
  std::string_view name;
  column_type type = column_type::int64;
  bool optional = false;  ///< Has a validity bitmap.

  bool operator==(const field_info&) const = default;
};

/// The fields of a record, in order. One object per record type, alive as long as the program.
struct schema {
  std::string_view name;
  std::vector<field_info> fields;
  std::size_t row_bytes = 0;  ///< Bytes of one row without its text and validity.
  std::size_t texts = 0;      ///< Fields of type text.
  bool combined = false;      ///< Its rows are combined ones (operators/row_combiner.hpp).

  schema() = default;
  schema(std::string_view record, std::vector<field_info> columns);

  /// Number of the field called `field`, or `fields.size()`.
  std::size_t find(std::string_view field) const;

  bool operator==(const schema&) const = default;
};

}  // namespace sluice

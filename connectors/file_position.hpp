#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "sluice/records/result.hpp"

namespace sluice {

/// How far a reader of files has come, as `source_reader::position` keeps it: which file, where in
/// it, and how to tell that it is still the same one.
struct file_position {
  std::uint32_t file = 0;    ///< Of the reader's list, from 0; their number: all are read.
  std::string name;          ///< Its path.
  std::uint64_t offset = 0;  ///< Of the next row, in bytes.
  std::uint64_t line = 0;    ///< The reader's count of lines there.
  bool within_line = false;  ///< The rest of a bad line is still to be skipped.
  std::uint64_t head = 0;    ///< Hash of the first `looked_at` bytes before `offset` …
  std::uint64_t tail = 0;    ///< … and of the last.

  /// Bytes at the beginning, and before the offset, that must still be the same (PROTOCOL 12).
  static constexpr std::size_t looked_at = 4096;

  bool operator==(const file_position&) const = default;
};

std::string bytes_of(const file_position& position);
/// Errors: `malformed`.
result<file_position> file_position_of(std::string_view bytes);

}  // namespace sluice

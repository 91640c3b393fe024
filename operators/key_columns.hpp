#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "sluice/records/column_batch.hpp"

namespace sluice {

/// The columns a stream is keyed by, and how a batch's keys are hashed (records/hash.hpp, version
/// 1): an integer by its value widened to 64 bits, text by its bytes, several fields by combining
/// their hashes in order.
class key_columns {
 public:
  key_columns() = default;
  explicit key_columns(std::vector<std::size_t> columns) : columns_(std::move(columns)) {}

  bool empty() const { return columns_.empty(); }
  const std::vector<std::size_t>& columns() const { return columns_; }
  /// The hash of the key of every row of `rows`, into `out` of as many places.
  void hash(const column_batch& rows, std::span<std::uint64_t> out) const;
  /// The names of the key's fields, comma between them.
  std::string names(const schema& fields) const;

 private:
  std::vector<std::size_t> columns_;
};

/// Value of row `row` of an integer-like column (bool, integers, enums, instant), widened to 64
/// bits by value.
std::uint64_t widened(const column_batch& rows, std::size_t column, std::size_t row);

/// All values of such a column, widened; into `out` of `rows.size()` places.
void widen(const column_batch& rows, std::size_t column, std::span<std::uint64_t> out);

}  // namespace sluice

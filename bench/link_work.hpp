#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "sluice/bench/bounds/count_sum.hpp"
#include "sluice/bench/harness/contest.hpp"
#include "sluice/bench/inputs/keyed_rows.hpp"
#include "sluice/records/record.hpp"

namespace sluice::bench {

/// A row of 24 bytes that crosses a link.
struct linked_row {
  std::uint64_t key;
  std::int64_t value;
  std::uint64_t number;  // from 0
};
SLUICE_RECORD(linked_row, key, value, number);

/// The columns of a batch.
template <class Key, class Value>
struct linked_columns {
  std::span<Key> keys;
  std::span<Value> values;
  std::span<Key> numbers;
};
using columns_to_fill = linked_columns<std::uint64_t, std::int64_t>;
using columns_to_take = linked_columns<const std::uint64_t, const std::int64_t>;

/// What the two ends of every way over a link do with the rows: one makes them, the other adds
/// them up by key. The batches of one run: as many rows each, but the last.
class link_work {
 public:
  link_work(const keyed_input& input, std::uint64_t rows, std::size_t batch_rows);

  std::uint64_t rows() const { return count_; }
  std::size_t batch_rows() const { return batch_rows_; }
  std::uint64_t batches() const { return (count_ + batch_rows_ - 1) / batch_rows_; }
  /// Rows of batch `b`.
  std::size_t rows_of(std::uint64_t b) const;

  /// Makes the rows of batch `b`. The making thread.
  void fill(std::uint64_t b, const columns_to_fill& into) const;
  /// Adds the rows of the next batch; false if they are not the next ones. The taking thread.
  bool take(const columns_to_take& from);
  /// What was taken; for the next run all is as before.
  answer result();

 private:
  keyed_rows source_;
  std::uint64_t count_;
  std::size_t batch_rows_;
  keyed_table<count_sum> table_;
  std::uint64_t taken_ = 0;
};

/// Where the bytes of a batch without any head lie: column after column.
columns_to_fill columns_in(char* bytes, std::size_t rows);
columns_to_take columns_in(const char* bytes, std::size_t rows);
inline constexpr std::size_t linked_row_bytes = 24;

}  // namespace sluice::bench

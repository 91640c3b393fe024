#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "sluice/records/batch.hpp"

namespace sluice {

/// Cuts batches within their bounds for readers that write columns directly.
///
///   while (!rows.full()) {
///     rows.batch().values<std::int64_t>(0)[rows.row()] = 7;   // every column of row `row()`
///     rows.add();                                           // left out, the row is written over
///   }
///   return rows.take();
class row_filler {
 public:
  row_filler(const schema& fields, const buffer_pool& pool, batch_bounds bounds);

  /// True if the batch has to be taken before another row is written.
  bool full() const { return rows_ == fit_ || (rows_ > 0 && bytes_ >= bounds_.bytes); }
  bool empty() const { return rows_ == 0; }

  column_batch& batch() {
    if (!batch_) open();
    return *batch_;
  }
  std::size_t row() const { return rows_; }  ///< Number of the row to be written.

  /// Row `row()` has been written in every column.
  void add();

  /// The rows added so far, null if there are none. If the batch is full because its last row goes
  /// beyond the bound of bytes, that row stays behind as the first of the next batch, and `empty()`
  /// is false afterwards.
  batch_ptr take();

 private:
  void open();
  std::size_t row_bytes(std::size_t row) const;

  const schema* schema_;
  buffer_pool pool_;
  batch_bounds bounds_;
  std::size_t fit_;
  std::vector<std::size_t> texts_;  // columns of text
  std::vector<std::uint32_t> text_room_;
  std::shared_ptr<column_batch> batch_;
  std::size_t rows_ = 0;
  std::size_t bytes_ = 0;
  std::size_t last_ = 0;  // bytes of the last row
};

}  // namespace sluice

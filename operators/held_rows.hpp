#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <utility>
#include <vector>

#include "sluice/records/column_batch.hpp"
#include "sluice/records/instant.hpp"
#include "sluice/state/key_groups.hpp"
#include "sluice/state/snapshot_bytes.hpp"

namespace sluice {

/// The columns that order one input of an event-time stage: the event time, and the field that
/// breaks ties.
struct order_columns {
  std::size_t at = 0;
  std::size_t tie = 0;
  bool has_tie =
      false;  ///< Without one, rows of one instant and input keep the order of their arrival.
};

/// Keeps rows of several inputs until the watermark passes them, and gives them out in the order of
/// (event time, input, tie, arrival): the same for every interleaving of the inputs.
class held_rows {
 public:
  struct held {
    std::int64_t at = 0;
    std::uint64_t tie = 0;
    std::uint64_t arrival = 0;
    std::uint32_t batch = 0;
    std::uint32_t row = 0;
    std::uint32_t input = 0;
  };

  explicit held_rows(std::vector<order_columns> inputs)
      : inputs_(std::move(inputs)), waiting_(inputs_.size()) {}

  /// Keeps the rows of `rows`. Rows at or before the watermark already used are late: their numbers
  /// go to `late`.
  void keep(std::size_t input, const batch_ptr& rows, std::vector<std::uint32_t>& late);
  /// Everything at or before `watermark` may go.
  void release(instant watermark);

  /// Takes at most `most` released rows, in order; their batches stay valid until the next call.
  std::vector<held>& take(std::size_t most);
  const column_batch& batch_of(const held& h) const { return *batches_[h.batch].rows; }
  bool has_released() const { return next_ < released_.size(); }

  /// Writes every row that waits, by input, in the order it would go; none may be released.
  void save(snapshot_writer& to) const;
  /// Hashes the key of every row of `rows`, which came on `input`.
  using key_hash = std::function<void(std::size_t input, const column_batch& rows,
                                      std::span<std::uint64_t> hashes)>;
  /// Keeps what `save` wrote as far as the keys belong to `mine`; `fields`: one schema an input.
  /// Rows of one instant without a tie field keep their order within each save.
  void load(snapshot_reader& from, const std::vector<const schema*>& fields, const key_hash& hash,
            key_group_range mine);
  std::size_t size() const;

 private:
  struct kept_batch {
    batch_ptr rows;
    std::size_t left = 0;  // rows not yet taken
  };

  // Rows of one input, from `first` on: up to `sorted` in order, behind it as they came. Inputs
  // come nearly in order, so little is ever sorted.
  struct waiting_rows {
    std::vector<held> rows;
    std::size_t first = 0;
    std::size_t sorted = 0;

    void add(const held& row);
    /// Appends what is at or before `watermark` to `out`, in order, and forgets it.
    void release(std::int64_t watermark, std::vector<held>& out);
    void sort();
  };

  std::vector<order_columns> inputs_;
  std::vector<waiting_rows> waiting_;
  std::vector<held> released_;  // in order
  std::size_t next_ = 0;
  std::vector<held> taken_;
  std::vector<kept_batch> batches_;
  std::vector<std::uint32_t> free_;
  std::uint64_t arrivals_ = 0;
  instant used_ = instant::lowest();
};

}  // namespace sluice

#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "sluice/operators/alignment.hpp"
#include "sluice/operators/credit_window.hpp"
#include "sluice/records/column_batch.hpp"

namespace sluice {

/// One channel into a stage: the input of the operation it feeds, and the window it is granted.
struct inlet_channel {
  std::size_t input = 0;
  credit window;
};

/// What a stage has to deal with next: rows of one input, or a marker that has passed the
/// alignment.
struct arrival {
  std::size_t channel = 0;
  batch_ptr rows;  ///< Null for a marker.
  marker mark;     ///< Only for a marker.
};

/// The receiving end of all channels of one stage instance (docs/protocol.md L9, I6, I9).
///
/// Everything that arrives is moved at once into the queue of its channel, so a channel that waits
/// for the alignment hides nobody's marker. `next` takes from the open channels in turn.
class inlet {
 public:
  explicit inlet(std::vector<inlet_channel> channels);

  std::size_t channels() const { return channels_.size(); }
  /// The first grant of `channel`.
  credit open(std::size_t channel) { return channels_[channel].ledger.open(); }

  void arrive(std::size_t channel, batch_ptr rows, instant watermark);
  void arrive(std::size_t channel, const marker& m);

  /// Takes what comes next, or nothing if every queue is empty or waits.
  std::optional<arrival> next();
  std::size_t input_of(std::size_t channel) const { return channels_[channel].input; }

  /// Says that a batch of `channel` has been processed; returns the grant that is now due, if any.
  [[nodiscard]] std::optional<credit> consumed(std::size_t channel, std::uint64_t rows,
                                               std::uint64_t bytes) {
    return channels_[channel].ledger.consumed(rows, bytes);
  }

  /// The grant `channel` is owed when its stage has nothing else to do, if any.
  [[nodiscard]] std::optional<credit> quiet(std::size_t channel) {
    return channels_[channel].ledger.quiet();
  }

  /// The smallest event-time promise of all channels; never falls.
  instant watermark() { return alignment_.watermark(); }
  bool ended() const { return alignment_.ended(); }
  const credit_ledger& ledger(std::size_t channel) const { return channels_[channel].ledger; }
  bool blocked(std::size_t channel) const { return alignment_.blocked(channel); }

 private:
  struct entry {
    batch_ptr rows;
    instant watermark;
    marker mark;
  };
  struct channel_state {
    std::size_t input;
    credit_ledger ledger;
    std::deque<entry> queue;
  };

  std::vector<channel_state> channels_;
  alignment alignment_;
  std::size_t turn_ = 0;
};

}  // namespace sluice

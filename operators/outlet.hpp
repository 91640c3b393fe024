#pragma once

#include <cstddef>
#include <deque>
#include <vector>

#include "sluice/messages/marker.hpp"
#include "sluice/operators/credit_window.hpp"
#include "sluice/records/column_batch.hpp"

namespace sluice {

/// Where an outlet's channels lead; channels are numbered as the outlet's.
class channel_sender {
 public:
  virtual ~channel_sender() = default;
  virtual void send(std::size_t channel, const batch_ptr& rows, instant watermark) = 0;
  virtual void send(std::size_t channel, const marker& m) = 0;
};

/// The sending end of all channels of one stage instance: keeps rows and markers in order and sends
/// only what has credit (docs/protocol.md L4, L11, L12). Markers cost none but never overtake rows.
class outlet {
 public:
  /// One window per channel: what the receiver will grant at most. Batches larger than that are
  /// sent in pieces.
  explicit outlet(std::vector<credit> windows);

  std::size_t channels() const { return channels_.size(); }

  /// Sends `rows`, or keeps them until there is credit; a few rows in a large buffer move to one of
  /// their size. Throws `stage_failure` if a single row is larger than the window.
  void push(std::size_t channel, const batch_ptr& rows, instant watermark, const buffer_pool& pool,
            channel_sender& to);
  /// Sends `m` on every channel, behind everything pushed before.
  void push(const marker& m, channel_sender& to);
  /// A grant has come in.
  void grant(std::size_t channel, const credit& limit, channel_sender& to);

  /// True while something waits for credit: the stage must not make more.
  bool blocked() const { return waiting_ != 0; }
  /// Rows sent on the fullest channel of which no grant has said that they are consumed.
  std::uint64_t rows_under_way() const;
  /// Rows waiting for credit, all channels.
  std::size_t waiting_rows() const;
  const credit_window& window(std::size_t channel) const { return channels_[channel].window; }

 private:
  struct entry {
    batch_ptr rows;  // null: a marker
    instant watermark;
    marker mark;
  };
  struct channel_state {
    credit largest;
    credit_window window;
    std::deque<entry> queue;
  };

  void drain(std::size_t channel, channel_sender& to);

  std::vector<channel_state> channels_;
  std::size_t waiting_ = 0;  // entries in all queues
};

}  // namespace sluice

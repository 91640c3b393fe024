#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "sluice/messages/marker.hpp"

namespace sluice {

/// Decides when a marker may pass a stage, and which channels wait meanwhile
/// (docs/protocol.md 6.1–6.3, I6).
///
/// Channels are numbered from 0. A marker that only flushes blocks nothing and passes once every
/// channel has delivered it. A COMMIT marker aligns: a channel that has delivered it waits until
/// every other channel has.
///
///   channel 0   ──rows──|e──────────  blocked if e is a COMMIT
///   channel 1   ──rows──────rows──|e  passes: marker e
///
/// A channel that has delivered END counts as aligned for every later epoch. The watermark is the
/// minimum over the channels that are neither idle nor ended, and never falls. Not thread-safe;
/// owned by one inlet.
class alignment {
 public:
  explicit alignment(std::size_t channels);

  /// Records that `m` arrived on `from`. Returns the marker to pass on if it was the last one
  /// missing. Epochs on one channel grow; nothing follows END; anything else is a broken channel
  /// and asserts.
  [[nodiscard]] std::optional<marker> arrive(std::size_t from, const marker& m);

  /// Records an event-time promise that came with rows of `from`.
  void promise(std::size_t from, instant watermark);
  /// The first row after a pause brings an idle channel back into the minimum.
  void wake(std::size_t from) { channels_[from].idle = false; }

  /// True while everything behind the marker of `from` must stay queued.
  bool blocked(std::size_t from) const { return channels_[from].blocked; }
  /// True once END has arrived on every channel.
  bool ended() const;
  /// The smallest promise of all channels that count; never falls.
  instant watermark();

 private:
  struct channel_state {
    epoch_id reached;
    bool blocked = false;
    bool ended = false;
    bool idle = false;
    instant watermark = instant::lowest();
  };

  std::vector<channel_state> channels_;
  epoch_id passed_;
  instant watermark_ = instant::lowest();
};

}  // namespace sluice

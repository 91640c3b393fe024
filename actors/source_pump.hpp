#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "sluice/actors/source_snapshot.hpp"
#include "sluice/connectors/source.hpp"
#include "sluice/operators/exchange.hpp"
#include "sluice/operators/outlet.hpp"
#include "sluice/operators/source_counters.hpp"
#include "sluice/operators/watermark.hpp"

namespace sluice {

/// Everything a source instance says to the world around it.
class source_port : public channel_sender {
 public:
  /// The COMMIT `m` is about to leave: where the source is (docs/protocol.md E2). Only if snapshots
  /// are kept.
  virtual void cut(const marker& m, source_snapshot where) = 0;
  /// A marker that is no COMMIT has left.
  virtual void flushed(const marker& m) { static_cast<void>(m); }
};

/// What a source instance is put together from.
struct source_parts {
  std::unique_ptr<source_reader> reader;
  std::optional<watermark_tracker> event_time;
  struct edge {
    exchange spread_over;
    std::size_t first = 0;  ///< Its first outlet channel.
  };
  std::vector<edge> edges;
  std::vector<credit> outlets;
  buffer_pool pool;
  /// How far its event time may run ahead of the slowest source, in µs; nothing: as far as it
  /// likes.
  std::optional<std::int64_t> most_ahead_us;
  /// What the reader puts outside by itself, by epoch; null: nothing.
  std::shared_ptr<epoch_output> puts_out;
  bool keeps_snapshots = false;  ///< Says where it is at every COMMIT.
  bool steps_aside =
      false;  ///< Says `idle` on its markers while its reader is idle (docs/protocol.md 6.7).
};

/// The rules of one source instance (docs/protocol.md E2, 6.6, 6.7): reads only while it has
/// credit, puts markers in at batch boundaries, ends with END. Pure but for the reader it owns.
class source_pump {
 public:
  enum class next {
    again,      ///< There is more to read: pump again.
    enough,     ///< Enough is under way to keep everybody busy: pump when a grant comes.
    blocked,    ///< Out of credit: pump when a grant comes.
    later,      ///< Nothing is due: pump after a moment, or when a marker is asked for.
    idle,       ///< Nothing to read: pump when the reader has something, or a marker is asked for.
    exhausted,  ///< All is read; END goes with the next marker. Said once.
    waiting,    ///< Only a marker, or the slowest source, is waited for.
    ended,      ///< END, or the last marker of a kept run, has been sent.
  };

  explicit source_pump(source_parts parts);

  /// A marker is to be injected at the next batch boundary; behind the `last` of a kept run nothing
  /// is read, and it is no END even if all was read before it.
  void open_epoch(epoch_id epoch, bool commit, bool last = false) {
    asked_.push_back({epoch, commit, last});
  }
  void granted(std::size_t channel, const credit& limit, channel_sender& to) {
    outlet_.grant(channel, limit, to);
  }
  /// Goes on with the event time and the rows of a snapshot; the reader was opened at its position.
  void restore(const source_snapshot& from);
  /// The slowest source with event time that is neither idle nor ended has come to `watermark`;
  /// never falls.
  void slowest_at(instant watermark) { slowest_ = watermark; }
  /// Stop reading at the next batch boundary, as if the input ended there.
  void drain() { drained_ = true; }

  /// Injects the markers asked for and reads at most one batch. Throws `stage_failure` if the
  /// reader fails.
  next pump(source_port& to);

  epoch_output* puts_out() const { return parts_.puts_out.get(); }
  int wake_descriptor() const { return parts_.reader->wake_descriptor(); }
  /// How far event time has come; `highest` once all is read.
  instant watermark() const;
  /// True while it has nothing to read and steps aside: nobody is to wait for its event time.
  bool idle() const { return idle_; }
  source_counters counters() const;
  /// Without those of the snapshot.
  std::uint64_t rows_read() const { return counters_.rows - rows_before_; }
  const outlet& out() const { return outlet_; }

 private:
  struct asked_marker {
    epoch_id epoch;
    bool commit = false;
    bool last = false;
  };
  void inject(source_port& to);
  bool too_far_ahead() const;

  source_parts parts_;
  outlet outlet_;
  std::deque<asked_marker> asked_;
  instant slowest_ = instant::lowest();
  bool drained_ = false;
  bool exhausted_ = false;
  bool ended_ = false;
  bool silent_ = false;  // the last marker of a kept run has been sent
  bool idle_ = false;
  source_counters counters_;
  std::uint64_t rows_before_ = 0;  // of the snapshot
};

}  // namespace sluice

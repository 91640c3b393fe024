#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>

#include "sluice/links/batch_frame.hpp"
#include "sluice/messages/control.hpp"
#include "sluice/messages/credit.hpp"
#include "sluice/messages/marker.hpp"
#include "sluice/records/column_batch.hpp"

namespace sluice {

/// How often a channel had to cope.
struct outgoing_counters {
  std::uint64_t rewinds = 0;      ///< Times it went back to send again.
  std::uint64_t resent = 0;       ///< Frames written more than once …
  std::uint64_t resent_rows = 0;  ///< … and the rows in them.
  std::uint64_t late = 0;         ///< Resumes that asked for what was consumed meanwhile.

  bool operator==(const outgoing_counters&) const = default;
};

/// The sending end of a channel that crosses a link: numbers what an outlet sends and keeps it
/// until it is consumed, so that whatever the transport loses can be sent again (docs/protocol.md
/// L1, L2, L4–L8, L10, L12, L14). Stands between outlet and link:
///
///   outlet ──▶ push ──▶ write ──▶ link            acked ≤ next ≤ high
///   outlet ◀── limit ◀── take ◀── grant, resume   frames [acked, high) are kept
///
/// The outlet spends the credit, so what is kept fits the window. Nothing is written before the
/// inlet has opened the channel. `now` is the time since any fixed moment; it never goes back. Not
/// thread-safe.
class outgoing_channel {
 public:
  /// The least time after which a silent channel is taken for one that has lost something.
  static constexpr std::chrono::milliseconds least_patience{1'000};

  /// `window` is what the inlet grants at most beyond what it has consumed. Frames that cannot be
  /// sent as they lie take their buffers from `pool`.
  outgoing_channel(const job_id& job, generation_id generation, channel_id channel,
                   const credit& window, const buffer_pool& pool);

  /// Takes rows for which there was credit, at the end of the sequence.
  void push(batch_ptr rows, instant watermark, std::chrono::milliseconds now);
  void push(const marker& m, std::chrono::milliseconds now);

  /// The next frame to be written on the connection, if any. Asked until there is none.
  std::optional<frame_bytes> write(std::chrono::milliseconds now);

  /// A grant or a resume has come in. Returns the outlet's new limit if it has risen. A resume may
  /// leave something to be written again: at once after a gap or on a new connection; else only if
  /// nothing has moved for four times as long as what is kept takes, at least `least_patience`, and
  /// twice as long each time (5.2). Those of another generation change nothing. A resume beyond
  /// what was ever sent asserts.
  std::optional<credit> take(const grant_frame& grant, std::chrono::milliseconds now);
  std::optional<credit> take(const resume_frame& resume, std::chrono::milliseconds now);

  std::uint64_t acked() const { return acked_; }
  std::uint64_t next() const { return next_; }
  std::uint64_t high() const { return acked_ + kept_.size(); }
  /// The largest limit ever granted.
  const credit& limit() const { return limit_; }
  /// How long nothing may move before an idle resume is answered by sending again.
  std::chrono::milliseconds patience() const;
  const outgoing_counters& counters() const { return counters_; }

 private:
  struct kept_frame {
    batch_ptr rows;  // null once `bytes` is made, and for a marker
    instant watermark;
    marker mark;
    credit cost;
    frame_bytes bytes;                    // made when it is first written
    std::chrono::milliseconds written{};  // last time
  };

  void keep(kept_frame frame, std::chrono::milliseconds now);
  void moved(std::uint64_t to, std::chrono::milliseconds now);
  bool overdue(std::uint64_t expected, std::chrono::milliseconds now) const;

  job_id job_;
  generation_id generation_;
  channel_id channel_;
  credit window_;
  buffer_pool pool_;
  bool open_ = false;
  std::deque<kept_frame> kept_;
  std::uint64_t acked_ = 0;    // number of the first frame that is kept
  std::uint64_t next_ = 0;     // number of the next frame to be written
  std::uint64_t written_ = 0;  // frames below it have been written at least once
  std::uint64_t arrived_ = 0;  // frames below it are known to have arrived
  credit sent_;
  credit limit_;
  credit held_;                        // cost of what is kept
  std::chrono::milliseconds moved_{};  // when `arrived_` last grew, or had to begin to
  std::chrono::milliseconds drain_{};  // a window's time on the way, as measured
  unsigned patience_doubled_ = 0;
  outgoing_counters counters_;
};

}  // namespace sluice

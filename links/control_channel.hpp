#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>

#include "sluice/messages/control.hpp"

namespace sluice {

/// True for the control frames that are numbered, so that none is lost, doubled or out of order.
/// The others repeat themselves, or nothing is lost with them.
bool is_numbered(frame_type type);

/// A control frame and its place in the sequence from one process to another.
struct numbered_frame {
  std::uint64_t seq = 0;
  control_frame frame;

  bool operator==(const numbered_frame&) const = default;
};

/// How often a control channel had to cope.
struct control_counters {
  std::uint64_t resent = 0;    ///< Frames written more than once.
  std::uint64_t repeated = 0;  ///< Frames that had come already.
  std::uint64_t ahead = 0;     ///< Frames that came too early.

  bool operator==(const control_counters&) const = default;
};

/// One end of the control frames between two incarnations, over a transport that may lose, double
/// and reorder them: what `push` takes here, `take` lets through there, once and in that order.
///
///   push ──▶ write ──▶ link ──▶ take        acked ≤ next ≤ high
///   acknowledged ◀── heartbeat ◀── received  frames [acked, high) are kept
///
/// Frames are numbered from 0 when they are first written, whatever their generation. `now` is the
/// time since any fixed moment; it never goes back. Not thread-safe.
class control_channel {
 public:
  /// Without an acknowledgement for that long, everything that is kept is written again; twice as
  /// long each time, up to the most.
  static constexpr std::chrono::milliseconds least_patience{200};
  static constexpr std::chrono::milliseconds most_patience{1'000};

  /// Takes a numbered frame, at the end of the sequence.
  void push(control_frame frame);
  /// The next frame to be written on the connection, if any. Asked until there is none.
  std::optional<numbered_frame> write(std::chrono::milliseconds now);
  /// The peer has taken frames below `received`: they are not kept any more. False if it cannot
  /// have: nothing changes then.
  [[nodiscard]] bool acknowledged(std::uint64_t received, std::chrono::milliseconds now);
  /// The connection is a new one: everything that is kept is to be written again.
  void reconnected(std::chrono::milliseconds now);
  /// A timer: what has waited too long for its acknowledgement is to be written again.
  void tick(std::chrono::milliseconds now);
  /// Drops frames of generations before `current` that have never been written.
  void forget_before(generation_id current);

  /// True if the frame numbered `seq` is the next one; it has been taken then. All others are to be
  /// dropped.
  [[nodiscard]] bool take(std::uint64_t seq);
  /// What the peer is to be told: frames below it have been taken.
  std::uint64_t received() const { return received_; }

  /// The peer is another incarnation: nothing is kept, both sequences begin again.
  void restart();

  std::size_t kept() const { return kept_.size(); }
  const control_counters& counters() const { return counters_; }

 private:
  void rewind(std::chrono::milliseconds now);

  std::deque<control_frame> kept_;
  std::uint64_t acked_ = 0;    // number of the first frame that is kept
  std::uint64_t next_ = 0;     // number of the next frame to be written
  std::uint64_t written_ = 0;  // frames below it have been written at least once
  std::uint64_t received_ = 0;
  std::chrono::milliseconds moved_{};  // since when an acknowledgement is waited for
  std::chrono::milliseconds patience_ = least_patience;
  control_counters counters_;
};

}  // namespace sluice

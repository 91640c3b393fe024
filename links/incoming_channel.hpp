#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>

#include "sluice/links/frame.hpp"
#include "sluice/messages/control.hpp"
#include "sluice/messages/credit.hpp"

namespace sluice {

/// What becomes of a frame that came in, and what its sender is to be told, if anything.
struct incoming_answer {
  enum class verdict {
    deliver,  ///< To the inlet: it is the next one.
    drop,     ///< It is another one.
    broken,   ///< It goes beyond its credit: the link is broken (docs/protocol.md 5.3).
  };
  verdict what = verdict::drop;
  std::optional<resume_frame> say;

  bool operator==(const incoming_answer&) const = default;
};

/// How often a channel had to cope.
struct incoming_counters {
  std::uint64_t repeated = 0;  ///< Frames that had come already.
  std::uint64_t ahead = 0;     ///< Frames that came too early.
  std::uint64_t resumes = 0;   ///< Told to the sender, for whatever reason.

  bool operator==(const incoming_counters&) const = default;
};

/// The receiving end of a channel that crosses a link: puts what a lossy transport brings back into
/// one sequence (docs/protocol.md L1, L3, L5, L9, L10, L13, L14). Stands between link and inlet:
///
///   frame ──▶ find_fault ──▶ arrive ──▶ inlet        consumed ≤ expected
///   link  ◀── resume, grant ◀── granted ◀── inlet    frames [consumed, expected) wait in the inlet
///
/// `now` is the time since any fixed moment; it never goes back. Not thread-safe.
class incoming_channel {
 public:
  /// Without news for that long the end repeats itself (L13), and that often at most (5.2).
  static constexpr std::chrono::milliseconds repeat_after{200};

  /// `window` is that of the inlet: what it grants is what it has consumed, and the window.
  incoming_channel(generation_id generation, channel_id channel, credit window)
      : generation_(generation), channel_(channel), window_(window) {}

  /// Opens the channel with the inlet's first grant; returns what tells the sender (L5).
  resume_frame open(const credit& limit, std::chrono::milliseconds now);

  /// Where a frame of this channel stands: `none` for the next one, `repeated` and `ahead` (L3), or
  /// one of the generations (L14). Changes nothing, so it may be asked before the checksum is
  /// looked at.
  frame_fault standing(const frame_head& head) const;

  /// Takes a frame with a right checksum that costs `cost` (0 for markers; any for frames that are
  /// not the next).
  incoming_answer arrive(const frame_head& head, const credit& cost, std::chrono::milliseconds now);

  /// The inlet has granted up to `limit`; returns what tells the sender.
  grant_frame granted(const credit& limit);
  /// The connection is a new one; returns what tells the sender (5.2), if the channel is open.
  std::optional<resume_frame> reconnected(std::chrono::milliseconds now);
  /// A timer, every `repeat_after` or more often. Returns what the sender is to be told again.
  std::optional<resume_frame> tick(std::chrono::milliseconds now);

  std::uint64_t expected() const { return expected_; }
  std::uint64_t consumed() const { return consumed_; }
  const incoming_counters& counters() const { return counters_; }

 private:
  resume_frame say(resume_reason why, std::chrono::milliseconds now);
  void consume();

  generation_id generation_;
  channel_id channel_;
  credit window_;
  bool open_ = false;
  credit granted_;
  credit arrived_;
  std::uint64_t expected_ = 0;
  std::uint64_t consumed_ = 0;
  std::uint64_t told_ = 0;                  // what the sender was last told is consumed
  std::optional<std::uint64_t> asked_for_;  // by the last resume for a gap
  std::deque<std::uint64_t> waiting_;  // rows up to the end of each frame of [consumed, expected)
  std::chrono::milliseconds moved_{};  // when the last frame was delivered
  std::chrono::milliseconds said_{};   // when the last resume was told
  incoming_counters counters_;
};

}  // namespace sluice

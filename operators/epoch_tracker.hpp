#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "sluice/messages/ids.hpp"

namespace sluice {

/// The coordinator's rules (docs/protocol.md 6.4, 6.5; E1, E6, E9): when a marker is injected, and
/// when its epoch is done. Pure: time comes in as milliseconds since the run started, what is to be
/// done comes out.
///
/// Markers are due at multiples of the interval, on an absolute schedule; a due time that could not
/// be kept is not made up for by several. At most 2 COMMIT epochs are undecided; a marker that is
/// due meanwhile waits for one of them. A source that has nothing left gets its END with the next
/// marker, which is opened at once and is a COMMIT. A run that is to be kept gets one more COMMIT.
class epoch_tracker {
 public:
  struct options {
    std::uint64_t interval_ms = 1000;
    std::uint64_t commit_every = 1;  ///< COMMIT on every k-th marker.
    std::size_t sources = 1;         ///< Source instances.
    std::size_t sinks = 1;           ///< Sink instances; an epoch is done when all have passed it.
    /// Number before the first epoch: a run that goes on begins behind every number ever used.
    epoch_id after{};
    /// Numbers up to this one may be used before `reserve`.
    epoch_id reserved_to{~std::uint64_t{0}};
  };
  /// A marker to inject at every source instance that has not ended.
  struct opening {
    epoch_id epoch;
    bool commit = false;
    bool last = false;  ///< A kept run: sources are silent behind it, and none of them ends.
    bool operator==(const opening&) const = default;
  };
  static constexpr std::size_t most_undecided = 2;

  explicit epoch_tracker(options chosen)
      : options_(chosen), opened_(chosen.after.value), done_(chosen.after.value) {}

  /// The clock says `now_ms`. Returns the marker to open, if one is due and may be.
  [[nodiscard]] std::optional<opening> tick(std::uint64_t now_ms);
  /// When `tick` should be called next, in ms since the start.
  std::uint64_t next_due() const { return due_; }

  /// A source instance has read its last row. Returns the marker to open at once, if that may be.
  [[nodiscard]] std::optional<opening> exhausted();
  /// The run is to stop behind one more COMMIT, which ends nothing, and to be gone on with later
  /// (docs/protocol.md 6.6). Returns that marker, if it may be opened at once. No marker follows
  /// it. Where every source has its END already, the run ends by that.
  [[nodiscard]] std::optional<opening> keep();
  /// A sink instance has passed `epoch`. Returns the marker that waited for that, if one did.
  [[nodiscard]] std::optional<opening> passed(epoch_id epoch, bool end);
  /// Numbers up to `to` may be used from now on (docs/protocol.md 3). Returns the marker that
  /// waited for that, if one did.
  [[nodiscard]] std::optional<opening> reserve(epoch_id to);
  epoch_id last_opened() const { return {opened_}; }
  /// Every epoch up to this one has passed every sink.
  epoch_id last_done() const { return {done_}; }
  std::uint64_t commits() const { return commits_; }
  std::size_t undecided() const;
  /// Sinks that have passed `epoch`, for progress: n of m.
  std::size_t acknowledged(epoch_id epoch) const;
  /// True once END has passed every sink.
  bool finished() const { return ended_sinks_ == options_.sinks; }
  /// True once the last COMMIT of a kept run has passed every sink.
  bool kept() const { return kept_at_ != 0 && done_ >= kept_at_; }

 private:
  struct open_epoch {
    bool commit = false;
    std::size_t passed = 0;
  };
  std::optional<opening> open_if_allowed();

  options options_;
  std::map<std::uint64_t, open_epoch> open_;
  std::uint64_t opened_ = 0;
  std::uint64_t done_ = 0;
  std::uint64_t commits_ = 0;
  std::uint64_t due_ = 0;      // next multiple of the interval; 0 before the first tick
  bool waiting_ = false;       // a marker is due and could not be opened
  std::size_t exhausted_ = 0;  // sources that have read everything
  std::size_t ends_sent_ = 0;  // sources whose END has been asked for
  std::size_t ended_sinks_ = 0;
  bool keeping_ = false;
  std::uint64_t kept_at_ = 0;  // the last epoch of a kept run; 0: not opened
};

}  // namespace sluice

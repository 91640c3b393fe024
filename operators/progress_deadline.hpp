#pragma once

#include <cstddef>
#include <cstdint>
#include <map>

namespace sluice {

/// Finds what is alive but stuck (docs/protocol.md 10): says when an epoch that is open is to be
/// given up, because nothing has moved for the deadline. Pure; `now` is in ms since the start.
///
/// Whoever is writing waits for something of its own, a disk or a system outside: to go back would
/// not cure that, so it counts as moving. To be blocked by another stage does not.
///
///   moved ── ask ── ask ── ask ── expired        a quarter of the deadline apart
///     ▲       └ reported: somebody has worked or is writing
///     └─────────┘
class progress_deadline {
 public:
  /// `deadline_ms`: 0, nothing is ever given up.
  explicit progress_deadline(std::uint64_t deadline_ms) : deadline_(deadline_ms) {}

  enum class verdict : std::uint8_t {
    wait,
    ask,      ///< Everybody is to say what it has done.
    expired,  ///< Nothing moves: the epoch is to be given up.
  };

  /// An epoch was opened, answered for, sealed or passed, or none is open.
  void moved(std::uint64_t now) { moved_ = now; }
  /// Instance `who` has done `work` so far, counted in anything that only grows. `writing`: what it
  /// has given away to be written is not written yet. A first report has nothing to be held
  /// against.
  void reported(std::size_t who, std::uint64_t work, bool writing, std::uint64_t now);

  /// To be called every `look_every`; so `expired` comes at most that much behind the deadline.
  [[nodiscard]] verdict look(std::uint64_t now);
  /// Milliseconds between two looks; 0: no need to look.
  std::uint64_t look_every() const { return deadline_ == 0 ? 0 : (deadline_ + 3) / 4; }
  std::uint64_t deadline() const { return deadline_; }

 private:
  std::uint64_t deadline_;
  std::uint64_t moved_ = 0;
  std::map<std::size_t, std::uint64_t> work_;  // by instance
};

}  // namespace sluice

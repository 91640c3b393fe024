#pragma once

#include <chrono>

namespace sluice {

/// When a lease is to be renewed, and when its holder must count it as lost: always before the
/// store can (docs/protocol.md 11).
///
///   asked        renewed again, every quarter       lost to its holder      at the earliest gone
///     |───────────────|───────────────|──────────────────|───────────────────────|  in the store
///     0              1/4             2/4                3/4                   `lives`
///
/// Counted from the moment before the store was asked, so neither a slow answer nor a process that
/// was stopped can stretch it. Lost is lost: an answer that comes later revives nothing.
///
/// Times are of one monotonic clock, from any beginning. Not thread-safe.
class coordinator_lease {
 public:
  using instant = std::chrono::milliseconds;
  enum class action { none, renew, stop };

  /// Granted by the store for `lives`, asked at `asked`.
  coordinator_lease(instant asked, std::chrono::milliseconds lives)
      : asked_(asked), lives_(lives), next_(asked + lives / 4) {}

  /// What is due. `renew` until an answer arrives, `stop` for ever once the lease is lost.
  action at(instant now);
  /// The store has answered what it was asked at `asked`: it lives for `lives` from then on.
  void renewed(instant asked, std::chrono::milliseconds lives);
  /// The store does not know the lease any more.
  void gone() { lost_ = true; }

  bool held(instant now) const { return !lost_ && now < asked_ + lives_ * 3 / 4; }

 private:
  instant asked_;
  std::chrono::milliseconds lives_;
  instant next_;  ///< When to renew.
  bool lost_ = false;
};

}  // namespace sluice

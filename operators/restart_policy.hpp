#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace sluice {

/// How long a run that failed waits before it begins again, and when it gives up
/// (docs/protocol.md R8). Pure.
///
/// The pause doubles from failure to failure. An attempt that has committed `calm_after` epochs
/// before it failed makes the run as good as new.
class restart_policy {
 public:
  static constexpr std::chrono::milliseconds first_pause{100}, longest_pause{5000};
  static constexpr std::uint64_t calm_after = 3;

  /// So many failures may follow each other.
  explicit restart_policy(std::size_t most_failures) : most_(most_failures) {}

  /// An attempt has failed that had committed `commits` epochs. Returns the pause before the next
  /// one; nothing: give up.
  std::optional<std::chrono::milliseconds> failed(std::uint64_t commits);

 private:
  std::size_t most_;
  std::size_t failures_ = 0;
  std::chrono::milliseconds pause_ = first_pause;
};

}  // namespace sluice

#pragma once

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <string>

#include "sluice/records/result.hpp"

namespace sluice {

/// How the works of a sink wait for a system outside that does not take what is decided: tried
/// again without end, by name, until the run is ended (docs/protocol.md 13). From any thread.
///
///   while (auto why = apply())
///     if (!wait->wait(stage, *why, 100ms)) return error{error_code::unavailable, *why};
///   wait->over(stage);
class outside_wait {
 public:
  virtual ~outside_wait() = default;
  /// Waits for `time` before `stage` tries again; `why` it did not succeed. False as soon as the
  /// run is ended: then the work gives up, and the next generation does what it had to do.
  virtual bool wait(const std::string& stage, const std::string& why,
                    std::chrono::milliseconds time) = 0;
  /// The same for `time` already spent waiting, on a socket say; does not wait.
  virtual bool waited(const std::string& stage, const std::string& why,
                      std::chrono::milliseconds time) = 0;
  /// `stage` waits no longer.
  virtual void over(const std::string& stage) = 0;
};

/// What `attempt`, of `stage`, gives; as long as there is no room on a disk for what it writes, and
/// the run goes on, it is tried again.
template <class Attempt>
auto tried_until_room(outside_wait& wait, const std::string& stage, const Attempt& attempt) {
  constexpr std::chrono::milliseconds first_pause{50}, longest_pause{2000};
  for (auto pause = first_pause;; pause = std::min(2 * pause, longest_pause)) {
    auto done = attempt();
    const bool full = !done && done.failure().code == error_code::no_space;
    if (full && wait.wait(stage, done.failure().message, pause)) continue;
    if (!full) wait.over(stage);
    return done;
  }
}

/// The waits of one generation of a run.
class outside_waits final : public outside_wait {
 public:
  /// Told once a wait has taken `first_told`, again whenever it has taken twice as long, and, with
  /// an empty `why`, when one that was told of is over. On the thread that waits; must not block.
  using told = std::function<void(const std::string& stage, const std::string& why)>;
  static constexpr std::chrono::milliseconds first_told{1000};

  explicit outside_waits(told tell = {}) : tell_(std::move(tell)) {}

  bool wait(const std::string& stage, const std::string& why,
            std::chrono::milliseconds time) override;
  bool waited(const std::string& stage, const std::string& why,
              std::chrono::milliseconds time) override;
  void over(const std::string& stage) override;

  /// The run is ended: nothing waits any more.
  void end();

 private:
  struct one {
    std::chrono::milliseconds taken{0};
    std::chrono::milliseconds next_told = first_told;
  };

  told tell_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::string, one> waiting_;  // by stage
  bool ended_ = false;
};

}  // namespace sluice

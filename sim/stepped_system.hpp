#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

#include "sluice/actors/caf.hpp"

namespace sluice::sim {

/// An actor system that runs one message of one actor at a time, in an order drawn from a seed and
/// in virtual time. The only place that knows CAF's test coordinator.
///
///   stepped_system world{17};
///   engine run{world.actors(), …};
///   while (!run.ended()) if (!world.step() && !world.advance()) …   // nothing will ever happen
///
/// Some seeds treat all actors alike, others make some of them up to 64 times slower than others,
/// so that queues fill and channels run far ahead of each other.
class stepped_system {
 public:
  explicit stepped_system(std::uint64_t seed);
  /// Runs what is left over, so that no actor outlives the system.
  ~stepped_system();
  stepped_system(const stepped_system&) = delete;
  stepped_system& operator=(const stepped_system&) = delete;

  caf::actor_system& actors();

  /// Lets one actor that is not busy deal with one message. Returns which; nothing if none can.
  std::optional<std::uint64_t> step();
  /// Keeps `actor` from running for `time`: what it just did took so long.
  void keep_busy(std::uint64_t actor, std::chrono::nanoseconds time);
  /// True while an actor has messages and is busy.
  bool somebody_busy() const;

  /// Moves time on by `time`; timeouts due by then go off in order.
  void pass(std::chrono::nanoseconds time);
  /// Moves time on to the next timeout or the end of a busy time. False if there is none.
  bool advance();
  /// Time until the next timeout, which is not negative; nothing if there is none.
  std::optional<std::chrono::nanoseconds> next_timeout() const;
  /// True if `step` would do something.
  bool runnable() const;
  /// Runs everything that is left, without timeouts: who was told to end has ended then.
  void run_out();
  /// Time since the system started.
  std::chrono::nanoseconds now() const;

 private:
  struct machine;
  std::unique_ptr<machine> machine_;
};

}  // namespace sluice::sim

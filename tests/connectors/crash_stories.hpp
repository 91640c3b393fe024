#pragma once

#include <cstdint>
#include <utility>

#include "sluice/sim/sim_disk.hpp"
#include "sluice/tests/support/catch.hpp"

// A story of commits, told again for every step at which its disk may fail. `tell(spoil)` tells it
// from the beginning and sees it through; `spoil(disk)` is called before each attempt.

namespace sluice::test {

/// Tells a story to its end: an attempt that fails is followed by a restart and another one.
/// Returns the steps its disk has taken.
template <class Story, class Spoil>
std::uint64_t see_through(sim::sim_disk& disk, Story told, Spoil spoil) {
  spoil(disk);
  for (int attempts = 1; !told.attempt(); ++attempts) {
    REQUIRE(attempts < 4);
    told.restart();
    spoil(disk);
  }
  const std::uint64_t steps = disk.steps();
  disk.fail_power();  // also takes back a failure that is still to come
  told.resolve_again();
  told.resolve_again();
  return steps;
}

/// The power fails once, within each of `steps` steps.
template <class Tell>
void fail_power_once(std::uint64_t steps, Tell tell) {
  for (std::uint64_t step = 0; step < steps; ++step) {
    INFO("step " << step);
    bool once = false;
    tell([&](sim::sim_disk& disk) {
      if (!std::exchange(once, true)) disk.fail_power_after(step);
    });
  }
}

/// The power fails within every `stride`-th step, and again within each of the first `next` behind.
template <class Tell>
void fail_power_twice(std::uint64_t steps, std::uint64_t stride, std::uint64_t next, Tell tell) {
  for (std::uint64_t step = 0; step < steps; step += stride)
    for (std::uint64_t again = 0; again < next; ++again) {
      INFO("step " << step << ", then " << again);
      int failures = 0;
      tell([&](sim::sim_disk& disk) {
        if (failures++ < 2) disk.fail_power_after(failures == 1 ? step : again);
      });
    }
}

/// Each of `steps` steps goes wrong once.
template <class Tell>
void go_wrong_once(std::uint64_t steps, sim::disk_fault how, Tell tell) {
  for (std::uint64_t step = 0; step < steps; ++step) {
    INFO("step " << step);
    bool once = false;
    tell([&](sim::sim_disk& disk) {
      if (!std::exchange(once, true)) disk.go_wrong_after(step, how);
    });
  }
}

}  // namespace sluice::test

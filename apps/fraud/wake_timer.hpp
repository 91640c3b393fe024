#pragma once

#include <chrono>
#include <cstdint>

#include <sys/timerfd.h>
#include <unistd.h>

#include "sluice/state/file_descriptor.hpp"

namespace sluice::fraud {

/// A descriptor that becomes readable after a while, for readers whose next row is due sooner than
/// a source would ask again. If the system has no timer to give it is never readable and its
/// descriptor is -1.
class wake_timer {
 public:
  wake_timer() : timer_(::timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC)) {}

  int descriptor() const { return timer_.number(); }

  /// Becomes readable `after` from now, and not before; `after` is above 0 and below a second.
  void set(std::chrono::microseconds after) {
    itimerspec when{};
    when.it_value.tv_nsec = static_cast<long>(after.count()) * 1'000;
    ::timerfd_settime(timer_.number(), 0, &when,
                      nullptr);  // also takes back what has not been read
  }

 private:
  file_descriptor timer_;
};

}  // namespace sluice::fraud

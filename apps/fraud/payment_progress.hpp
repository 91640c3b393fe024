#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "sluice/records/instant.hpp"

namespace sluice::fraud {

/// How far the readers of one stream of payments have come, for a clock that follows them. Readers
/// are opened before the first one reads; the rest may be called from any thread.
class payment_progress {
 public:
  void opened() { ++open_; }
  /// A payment at `at` has been read.
  void has_read(instant at) {
    std::int64_t newest = newest_;
    while (newest < at.us && !newest_.compare_exchange_weak(newest, at.us)) continue;
  }
  /// A reader will not read any more.
  void ended() { --open_; }

  /// The newest payment read; `instant::lowest()` before the first.
  instant newest() const { return instant{newest_}; }
  /// True once every reader has ended: then `newest` stays as it is.
  bool all_ended() const { return open_ == 0; }

 private:
  std::atomic<std::size_t> open_ = 0;
  std::atomic<std::int64_t> newest_ = instant::lowest().us;
};

}  // namespace sluice::fraud

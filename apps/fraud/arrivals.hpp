#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>

#include "sluice/records/instant.hpp"

namespace sluice::fraud {

/// When the payments of a stream arrive: row `tx_id` is due `tx_id` / rate seconds after the first
/// question, whether anybody keeps up or not (an open loop). Times are µs of the steady clock;
/// they are for latencies only. Thread-safe.
class arrivals {
 public:
  /// `rate` rows a second; 0: all rows are due.
  explicit arrivals(double rate) : rate_(rate) {}

  bool paced() const { return rate_ != 0; }

  static instant now() {
    return instant{std::chrono::duration_cast<std::chrono::microseconds>(
                       std::chrono::steady_clock::now().time_since_epoch())
                       .count()};
  }

  /// When row `tx_id` is due; without a rate, `now`.
  instant due(std::uint64_t tx_id, instant now) {
    if (rate_ == 0) return now;
    std::call_once(started_, [&] { start_ = now; });
    return instant{start_.us + static_cast<std::int64_t>(static_cast<double>(tx_id) * 1e6 / rate_)};
  }

 private:
  double rate_;
  std::once_flag started_;
  instant start_;
};

}  // namespace sluice::fraud

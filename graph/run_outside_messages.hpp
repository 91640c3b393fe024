#pragma once

#include <mutex>
#include <string>
#include <vector>

namespace sluice {

/// Says which sinks wait for a system outside, and why, and when they wait no longer:
///
///   alerts: waiting for the outside system: alerts.db: database is locked
///   alerts: the outside system has taken it; going on
///
/// `take` may be called from any thread.
class outside_messages {
 public:
  /// `why` empty: the wait is over.
  void take(const std::string& stage, const std::string& why);
  /// What is to be said now, once.
  std::vector<std::string> due();

 private:
  std::mutex mutex_;
  std::vector<std::string> due_;
};

}  // namespace sluice

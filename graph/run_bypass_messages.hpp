#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "sluice/operators/run_status.hpp"

namespace sluice {

/// Says which stages stopped gathering rows because grouping did not pay, and which gather again,
/// with the O/I that decided it (FEATURES S12, P10); likewise which stopped combining rows for
/// other nodes (F701):
///
///   count: bypassed, gathering does not pay: O/I 0.97 is above 0.80
///   lines/batcher: sends rows as they are, combining does not pay: O/I 0.97 is above 0.80
///   count #2: gathers again: O/I 0.31 is below 0.70 (switched 5 times since the last line)
///
/// It learns of switches from the counts of a run, so it sees the last of those that lie between
/// two reports; the others are counted. `take` may be called from any thread.
class bypass_messages {
 public:
  /// Lines about one instance are at least that far apart.
  static constexpr std::chrono::milliseconds between_lines{5000};

  void take(const run_status& status);
  /// What is to be said now, once.
  std::vector<std::string> due();

 private:
  struct said {
    std::uint64_t switches = 0;
    std::uint64_t next_ms = 0;  // before that nothing is said
  };

  struct said_of_instance {
    said gathering;
    said wire;
  };

  void take(const run_status& status, std::size_t instance, said& last,
            const batching::switches& so_far, double ratio, std::string_view stopped,
            std::string_view again);

  std::mutex mutex_;
  std::vector<said_of_instance> instances_;  // as in the status
  std::vector<std::string> due_;
};

}  // namespace sluice

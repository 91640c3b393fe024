#include "sluice/graph/run_bypass_messages.hpp"

#include <utility>

#include "sluice/graph/run_number_text.hpp"
#include "sluice/graph/run_stats.hpp"

namespace sluice {

namespace {

std::string line_of(const instance_status& one, std::uint64_t switches) {
  const auto& [to_bypass, to_gathering] = one.work.bypass;
  const std::string ratio = decimal(one.work.bypass_ratio, 2);
  std::string line = instance_name(one);
  if (to_bypass > to_gathering)
    line += ": bypassed, gathering does not pay: O/I " + ratio + " is above " +
            decimal(batching::bypass_above, 2);
  else
    line += ": gathers again: O/I " + ratio + " is below " + decimal(batching::return_below, 2);
  if (switches > 1) line += " (switched " + grouped(switches) + " times since the last line)";
  return line;
}

}  // namespace

void bypass_messages::take(const run_status& status) {
  const std::lock_guard lock(mutex_);
  instances_.resize(status.instances.size());
  for (std::size_t i = 0; i < instances_.size(); ++i) {
    const instance_status& one = status.instances[i];
    said& last = instances_[i];
    const std::uint64_t all = one.work.bypass.to_bypass + one.work.bypass.to_gathering;
    if (all == last.switches) continue;
    // The end is said whatever was said before it: there will be no other time.
    if (status.elapsed_ms < last.next_ms && !status.finished) continue;
    due_.push_back(line_of(one, all - last.switches));
    last = {all, status.elapsed_ms + static_cast<std::uint64_t>(between_lines.count())};
  }
}

std::vector<std::string> bypass_messages::due() {
  const std::lock_guard lock(mutex_);
  return std::exchange(due_, {});
}

}  // namespace sluice

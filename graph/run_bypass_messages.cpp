#include "sluice/graph/run_bypass_messages.hpp"

#include <utility>

#include "sluice/graph/run_number_text.hpp"
#include "sluice/graph/run_stats.hpp"

namespace sluice {

namespace {

std::string line_of(const instance_status& one, const batching::switches& so_far, double decided,
                    std::uint64_t switches, std::string_view stopped, std::string_view again) {
  const std::string ratio = decimal(decided, 2);
  std::string line = instance_name(one) + ": ";
  if (so_far.to_bypass > so_far.to_gathering)
    (line += stopped) += ": O/I " + ratio + " is above " + decimal(batching::bypass_above, 2);
  else
    (line += again) += ": O/I " + ratio + " is below " + decimal(batching::return_below, 2);
  if (switches > 1) line += " (switched " + grouped(switches) + " times since the last line)";
  return line;
}

}  // namespace

void bypass_messages::take(const run_status& status) {
  const std::lock_guard lock(mutex_);
  instances_.resize(status.instances.size());
  for (std::size_t i = 0; i < instances_.size(); ++i) {
    const stage_counters& work = status.instances[i].work;
    take(status, i, instances_[i].gathering, work.bypass, work.bypass_ratio,
         "bypassed, gathering does not pay", "gathers again");
    take(status, i, instances_[i].wire, work.wire.switched, work.wire.switch_ratio,
         "sends rows as they are, combining does not pay", "combines rows again");
  }
}

void bypass_messages::take(const run_status& status, std::size_t instance, said& last,
                           const batching::switches& so_far, double ratio, std::string_view stopped,
                           std::string_view again) {
  const std::uint64_t all = so_far.to_bypass + so_far.to_gathering;
  if (all == last.switches) return;
  // The end is said whatever was said before it: there will be no other time.
  if (status.elapsed_ms < last.next_ms && !status.finished) return;
  due_.push_back(
      line_of(status.instances[instance], so_far, ratio, all - last.switches, stopped, again));
  last = {all, status.elapsed_ms + static_cast<std::uint64_t>(between_lines.count())};
}

std::vector<std::string> bypass_messages::due() {
  const std::lock_guard lock(mutex_);
  return std::exchange(due_, {});
}

}  // namespace sluice

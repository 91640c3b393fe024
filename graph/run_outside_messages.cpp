#include "sluice/graph/run_outside_messages.hpp"

#include <utility>

namespace sluice {

void outside_messages::take(const std::string& stage, const std::string& why) {
  const std::lock_guard lock(mutex_);
  due_.push_back(stage + (why.empty() ? ": the outside system has taken it; going on"
                                      : ": waiting for the outside system: " + why));
}

std::vector<std::string> outside_messages::due() {
  const std::lock_guard lock(mutex_);
  return std::exchange(due_, {});
}

}  // namespace sluice

#include "sluice/connectors/outside_wait.hpp"

namespace sluice {

bool outside_waits::wait(const std::string& stage, const std::string& why,
                         std::chrono::milliseconds time) {
  {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, time, [&] { return ended_; });
  }
  return waited(stage, why, time);
}

bool outside_waits::waited(const std::string& stage, const std::string& why,
                           std::chrono::milliseconds time) {
  {
    const std::lock_guard lock(mutex_);
    if (ended_) return false;
    one& now = waiting_[stage];
    now.taken += time;
    if (now.taken < now.next_told) return true;
    now.next_told = 2 * now.taken;
  }
  if (tell_) tell_(stage, why);
  return true;
}

void outside_waits::over(const std::string& stage) {
  {
    const std::lock_guard lock(mutex_);
    const auto found = waiting_.find(stage);
    if (found == waiting_.end()) return;
    const bool was_told = found->second.next_told > first_told;
    waiting_.erase(found);
    if (!was_told) return;
  }
  if (tell_) tell_(stage, {});
}

void outside_waits::end() {
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
  }
  changed_.notify_all();
}

}  // namespace sluice

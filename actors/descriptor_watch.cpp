#include "sluice/actors/descriptor_watch.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>

#include "sluice/records/assert.hpp"

namespace sluice {

descriptor_watch::descriptor_watch() : wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  SLUICE_ASSERT(wake_ >= 0, "the system has an event descriptor for us");
  thread_ = std::thread([this] { watch(); });
}

descriptor_watch::~descriptor_watch() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  nudge();
  thread_.join();
  ::close(wake_);
}

void descriptor_watch::once_readable(int descriptor, std::function<void()> callback) {
  {
    const std::lock_guard lock(mutex_);
    wanted_.emplace_back(descriptor, std::move(callback));
  }
  nudge();
}

void descriptor_watch::forget_all() {
  {
    const std::lock_guard lock(mutex_);
    wanted_.clear();
  }
  nudge();
}

void descriptor_watch::nudge() {
  const std::uint64_t one = 1;
  static_cast<void>(!::write(wake_, &one, sizeof one));  // full means already nudged
}

void descriptor_watch::watch() {
  std::vector<pollfd> polled;
  for (;;) {
    polled.assign(1, {wake_, POLLIN, 0});
    {
      const std::lock_guard lock(mutex_);
      if (stopping_) return;
      for (const auto& [descriptor, callback] : wanted_) polled.push_back({descriptor, POLLIN, 0});
    }
    ::poll(polled.data(), polled.size(), -1);
    std::uint64_t nudges = 0;
    static_cast<void>(!::read(wake_, &nudges, sizeof nudges));
    std::vector<std::function<void()>> due;
    {
      const std::lock_guard lock(mutex_);
      for (std::size_t i = 1; i < polled.size(); ++i) {
        if (polled[i].revents == 0) continue;
        const auto found = std::find_if(wanted_.begin(), wanted_.end(),
                                        [&](const auto& w) { return w.first == polled[i].fd; });
        if (found == wanted_.end()) continue;
        due.push_back(std::move(found->second));
        wanted_.erase(found);
      }
    }
    for (const auto& callback : due) callback();
  }
}

}  // namespace sluice

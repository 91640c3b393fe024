#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>

#include "sluice/actors/link_router.hpp"

namespace sluice {

/// Where the links leave what is for the node itself, and its thread waits for it.
class node_mailbox {
 public:
  void put(node_event event) {
    {
      const std::lock_guard lock(mutex_);
      events_.push_back(std::move(event));
    }
    changed_.notify_one();
  }

  /// The next event; nothing if none comes within `patience`.
  std::optional<node_event> take(std::chrono::milliseconds patience) {
    std::unique_lock lock(mutex_);
    if (!changed_.wait_for(lock, patience, [&] { return !events_.empty(); })) return std::nullopt;
    node_event next = std::move(events_.front());
    events_.pop_front();
    return next;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<node_event> events_;
};

}  // namespace sluice

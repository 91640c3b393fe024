#pragma once

#include <deque>
#include <functional>
#include <utility>

#include "sluice/actors/work_queue.hpp"

namespace sluice::sim {

/// The thread that writes, as the simulator has it: does one work when it is told to.
class stepped_queue final : public work_queue {
 public:
  void post(std::function<void()> work) override { waiting_.push_back(std::move(work)); }
  bool empty() const { return waiting_.empty(); }
  void run_one() {
    const auto work = std::move(waiting_.front());
    waiting_.pop_front();
    work();
  }
  /// The process is dead: what waits is never done.
  void forget_all() { waiting_.clear(); }

 private:
  std::deque<std::function<void()>> waiting_;
};

}  // namespace sluice::sim

#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <utility>

#include "sluice/actors/work_queue.hpp"

namespace sluice {

/// Does nothing for a process that stood still: a work whose turn comes later than `deadline` after
/// the last sign of life is dropped. Others may be doing the same work by then, so whoever wakes
/// writes nothing before it has looked around. Who gave the work is not
/// told: it is about to be ended.
class fresh_queue final : public work_queue {
 public:
  using milliseconds = std::chrono::milliseconds;

  /// `now` is the time since any fixed moment; from any thread.
  fresh_queue(std::shared_ptr<work_queue> beneath, milliseconds deadline,
              std::function<milliseconds()> now)
      : beneath_(std::move(beneath)), sign_(std::make_shared<sign_of_life>()) {
    sign_->deadline = deadline;
    sign_->now = std::move(now);
    alive();
  }

  void post(std::function<void()> work) override {
    beneath_->post([sign = sign_, work = std::move(work)] {
      if (sign->now() - sign->last.load() <= sign->deadline) work();
    });
  }
  /// The process has looked around, and has ended what is not its own any more.
  void alive() { sign_->last = sign_->now(); }

 private:
  struct sign_of_life {
    milliseconds deadline;
    std::function<milliseconds()> now;
    std::atomic<milliseconds> last;
  };

  std::shared_ptr<work_queue> beneath_;
  std::shared_ptr<sign_of_life> sign_;
};

}  // namespace sluice

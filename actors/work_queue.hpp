#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace sluice {

/// Where what blocks is done, one after the other, so that no actor ever waits for a disk or a
/// database. Whoever gives work says in it who is told of the outcome.
class work_queue {
 public:
  virtual ~work_queue() = default;
  /// From any thread.
  virtual void post(std::function<void()> work) = 0;
};

/// The one thread of a process that does every fsync (docs/protocol.md 7).
class work_thread final : public work_queue {
 public:
  work_thread();
  /// Does what is left first.
  ~work_thread() override;
  work_thread(const work_thread&) = delete;
  work_thread& operator=(const work_thread&) = delete;

  void post(std::function<void()> work) override;

 private:
  void run();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> waiting_;
  bool ending_ = false;
  std::thread thread_;
};

}  // namespace sluice

#pragma once

#include <functional>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace sluice {

/// One thread that sleeps until file descriptors become readable, so that no actor ever waits for
/// one. `once_readable` may be called from any thread; the callback runs on the watching thread,
/// once.
class descriptor_watch {
 public:
  descriptor_watch();
  ~descriptor_watch();
  descriptor_watch(const descriptor_watch&) = delete;
  descriptor_watch& operator=(const descriptor_watch&) = delete;

  void once_readable(int descriptor, std::function<void()> callback);
  /// Forgets every descriptor without calling anybody.
  void forget_all();

 private:
  void watch();
  void nudge();

  std::mutex mutex_;
  std::vector<std::pair<int, std::function<void()>>> wanted_;
  bool stopping_ = false;
  int wake_;  // eventfd
  std::thread thread_;
};

}  // namespace sluice

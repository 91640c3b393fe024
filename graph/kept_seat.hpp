#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <thread>

#include "sluice/state/coordinator_seat.hpp"

namespace sluice {

/// A seat that this process has taken, kept by a thread of its own until this is gone.
class kept_seat {
 public:
  explicit kept_seat(coordinator_seat& seat) : seat_(seat), thread_([this] { keep(); }) {}
  /// Stops keeping it. The seat stays taken until it runs out, or is given up.
  ~kept_seat() {
    ending_ = true;
    thread_.join();
  }
  kept_seat(const kept_seat&) = delete;
  kept_seat& operator=(const kept_seat&) = delete;

  /// False once somebody else may have it.
  bool held() const { return held_; }

  /// The time that seats go by.
  static std::chrono::milliseconds now() {
    return std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::steady_clock::now().time_since_epoch());
  }

 private:
  void keep() {
    constexpr std::chrono::milliseconds keep_every{100};
    while (!ending_ && held_) {
      held_ = seat_.keep(now()) && seat_.held(now());
      std::this_thread::sleep_for(keep_every);
    }
  }

  coordinator_seat& seat_;
  std::atomic<bool> ending_ = false;
  std::atomic<bool> held_ = true;
  std::thread thread_;
};

}  // namespace sluice

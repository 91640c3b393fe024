#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <list>
#include <mutex>
#include <string>
#include <thread>

namespace sluice {

/// Stands between a client and a port of 127.0.0.1, and breaks what goes through: a bad network in
/// one process. Throws `std::runtime_error` if the operating system refuses. Any thread.
class tcp_proxy {
 public:
  enum class direction { forth, back };  ///< Client to port, port to client.

  explicit tcp_proxy(std::uint16_t to);
  ~tcp_proxy();
  tcp_proxy(const tcp_proxy&) = delete;
  tcp_proxy& operator=(const tcp_proxy&) = delete;

  std::uint16_t port() const { return port_; }
  /// Resets (RST) every connection there is; returns how many there were. New ones may come.
  std::size_t reset();
  /// From now on bytes vanish in that direction, or pass again. What vanished leaves a hole, so
  /// whoever ends this resets too.
  void swallow(direction which, bool on);
  /// Every byte takes so much longer.
  void delay(std::chrono::milliseconds by);
  /// Bytes that came from clients so far.
  std::uint64_t bytes_forth() const { return bytes_forth_; }

 private:
  using clock = std::chrono::steady_clock;
  struct chunk {
    clock::time_point due;
    std::string bytes;
  };
  struct stream {
    int from = -1;
    int to = -1;
    std::deque<chunk> waiting;
    std::size_t size = 0;
  };
  struct connection {
    int client = -1;
    int server = -1;
    stream forth;
    stream back;
    bool closed = false;
  };

  void run();
  void accept();
  void pass(connection& c, stream& s, bool swallowed);
  int wait_ms() const;
  void wake();

  int listening_ = -1;
  int woken_ = -1;
  std::uint16_t port_ = 0;
  std::uint16_t to_ = 0;
  mutable std::mutex mutex_;
  std::list<connection> connections_;
  bool swallow_[2] = {false, false};
  std::chrono::milliseconds delay_{0};
  bool ended_ = false;
  std::atomic<std::uint64_t> bytes_forth_{0};
  std::thread thread_;
};

}  // namespace sluice

#pragma once

#include <cstdint>
#include <string_view>

namespace sluice {

/// A server for one client on a free port of 127.0.0.1, as `nc -l` would be. Throws
/// `std::runtime_error` if the operating system refuses, or if nobody comes within a minute.
class listening_socket {
 public:
  listening_socket();
  ~listening_socket();
  listening_socket(const listening_socket&) = delete;
  listening_socket& operator=(const listening_socket&) = delete;

  std::uint16_t port() const { return port_; }
  /// Waits for the client.
  void accept();
  /// Sends all of `text`.
  void send(std::string_view text);
  /// Closes the connection: the client reads its end.
  void finish();

 private:
  int listening_ = -1;
  int client_ = -1;
  std::uint16_t port_ = 0;
};

}  // namespace sluice

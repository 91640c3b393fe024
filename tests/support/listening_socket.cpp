#include "sluice/tests/support/listening_socket.hpp"

#include <cerrno>
#include <stdexcept>

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace sluice {

namespace {
constexpr int a_minute_ms = 60'000;
}

listening_socket::listening_socket() {
  listening_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (listening_ < 0 || ::bind(listening_, generic, size) != 0 || ::listen(listening_, 1) != 0 ||
      ::getsockname(listening_, generic, &size) != 0)
    throw std::runtime_error("cannot listen");
  port_ = ntohs(address.sin_port);
}

listening_socket::~listening_socket() {
  finish();
  if (listening_ >= 0) ::close(listening_);
}

void listening_socket::accept() {
  pollfd waiting{listening_, POLLIN, 0};
  if (::poll(&waiting, 1, a_minute_ms) != 1) throw std::runtime_error("nobody connects");
  client_ = ::accept4(listening_, nullptr, nullptr, SOCK_CLOEXEC);
  if (client_ < 0) throw std::runtime_error("cannot accept");
}

void listening_socket::send(std::string_view text) {
  while (!text.empty()) {
    const auto n = ::send(client_, text.data(), text.size(), MSG_NOSIGNAL);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) throw std::runtime_error("the client is gone");
    text.remove_prefix(static_cast<std::size_t>(n));
  }
}

void listening_socket::finish() {
  if (client_ >= 0) ::close(client_);
  client_ = -1;
}

}  // namespace sluice

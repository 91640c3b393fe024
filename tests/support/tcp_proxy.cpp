#include "sluice/tests/support/tcp_proxy.hpp"

#include <algorithm>
#include <cerrno>
#include <stdexcept>
#include <vector>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

namespace sluice {

namespace {

constexpr std::size_t most_waiting = std::size_t{1} << 20;  // then the sender has to wait

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  return address;
}

// With that, closing a connection resets it.
void break_on_close(int socket) {
  const linger now{1, 0};
  ::setsockopt(socket, SOL_SOCKET, SO_LINGER, &now, sizeof now);
}

}  // namespace

tcp_proxy::tcp_proxy(std::uint16_t to) : to_(to) {
  listening_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  woken_ = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (listening_ < 0 || woken_ < 0 || ::bind(listening_, generic, size) != 0 ||
      ::listen(listening_, 64) != 0 || ::getsockname(listening_, generic, &size) != 0)
    throw std::runtime_error("cannot listen");
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { run(); });
}

tcp_proxy::~tcp_proxy() {
  reset();
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
  }
  wake();
  thread_.join();
  ::close(listening_);
  ::close(woken_);
}

std::size_t tcp_proxy::reset() {
  std::size_t count = 0;
  {
    const std::lock_guard lock(mutex_);
    for (connection& c : connections_) {
      if (c.closed) continue;
      c.closed = true;
      ++count;
    }
  }
  wake();
  return count;
}

void tcp_proxy::swallow(direction which, bool on) {
  const std::lock_guard lock(mutex_);
  swallow_[which == direction::forth ? 0 : 1] = on;
}

void tcp_proxy::delay(std::chrono::milliseconds by) {
  const std::lock_guard lock(mutex_);
  delay_ = by;
}

void tcp_proxy::wake() {
  const std::uint64_t one = 1;
  if (::write(woken_, &one, sizeof one) < 0) return;  // it is awake already
}

void tcp_proxy::run() {
  std::vector<pollfd> polled;
  for (;;) {
    polled.assign({{listening_, POLLIN, 0}, {woken_, POLLIN, 0}});
    int wait = -1;
    {
      const std::lock_guard lock(mutex_);
      if (ended_) break;
      for (const connection& c : connections_)
        for (const stream* s : {&c.forth, &c.back}) {
          if (s->size < most_waiting) polled.push_back({s->from, POLLIN, 0});
          if (!s->waiting.empty() && s->waiting.front().due <= clock::now())
            polled.push_back({s->to, POLLOUT, 0});
        }
      wait = wait_ms();
    }
    ::poll(polled.data(), polled.size(), wait);
    std::uint64_t times = 0;
    if (::read(woken_, &times, sizeof times) < 0) times = 0;
    const std::lock_guard lock(mutex_);
    accept();
    for (connection& c : connections_) {
      if (!c.closed) pass(c, c.forth, swallow_[0]);
      if (!c.closed) pass(c, c.back, swallow_[1]);
      if (!c.closed) continue;
      for (const int socket : {c.client, c.server}) {
        break_on_close(socket);
        ::close(socket);
      }
    }
    connections_.remove_if([](const connection& c) { return c.closed; });
  }
  for (const connection& c : connections_) {
    ::close(c.client);
    ::close(c.server);
  }
}

// Until the first delayed bytes are due; for ever if there are none.
int tcp_proxy::wait_ms() const {
  auto first = clock::time_point::max();
  for (const connection& c : connections_)
    for (const stream* s : {&c.forth, &c.back})
      if (!s->waiting.empty()) first = std::min(first, s->waiting.front().due);
  const auto now = clock::now();
  if (first == clock::time_point::max() || first <= now) return -1;
  return static_cast<int>(
             std::chrono::duration_cast<std::chrono::milliseconds>(first - now).count()) +
         1;
}

void tcp_proxy::accept() {
  const int client = ::accept4(listening_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
  if (client < 0) return;
  const int server = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = loopback(to_);
  if (::connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    break_on_close(client);
    ::close(client);
    ::close(server);
    return;
  }
  const int one = 1;
  ::setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  ::setsockopt(server, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  connections_.push_back({client, server, {client, server, {}, 0}, {server, client, {}, 0}, false});
}

void tcp_proxy::pass(connection& c, stream& s, bool swallowed) {
  char bytes[1 << 16];
  while (s.size < most_waiting) {
    const auto n = ::recv(s.from, bytes, sizeof bytes, MSG_DONTWAIT);
    if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR)) c.closed = true;
    if (n <= 0) break;
    if (&s == &c.forth) bytes_forth_ += static_cast<std::uint64_t>(n);
    if (swallowed) continue;
    s.waiting.push_back({clock::now() + delay_, std::string(bytes, static_cast<std::size_t>(n))});
    s.size += static_cast<std::size_t>(n);
  }
  while (!s.waiting.empty() && s.waiting.front().due <= clock::now()) {
    std::string& next = s.waiting.front().bytes;
    const auto n = ::send(s.to, next.data(), next.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (n < 0 && errno != EAGAIN && errno != EINTR) c.closed = true;
    if (n <= 0) break;
    s.size -= static_cast<std::size_t>(n);
    next.erase(0, static_cast<std::size_t>(n));
    if (next.empty()) s.waiting.pop_front();
  }
}

}  // namespace sluice

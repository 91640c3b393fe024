#include "sluice/connectors/socket_bytes.hpp"

#include <cerrno>
#include <string_view>
#include <utility>

#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sluice/state/file_descriptor.hpp"

namespace sluice {

namespace {

class socket_bytes final : public byte_source {
 public:
  socket_bytes(file_descriptor socket, std::string name)
      : socket_(std::move(socket)), name_(std::move(name)) {}

  result<bytes_read> read(std::span<char> room) override {
    for (;;) {
      const auto n = ::recv(socket_.number(), room.data(), room.size(), 0);
      if (n > 0) return bytes_read{static_cast<std::size_t>(n), bytes_state::some};
      if (n == 0) return bytes_read{0, bytes_state::end};
      if (errno == EAGAIN || errno == EWOULDBLOCK) return bytes_read{0, bytes_state::blocked};
      if (errno != EINTR) return os_error("lost connection to " + name_, errno);
    }
  }

  int descriptor() const override { return socket_.number(); }

 private:
  file_descriptor socket_;
  std::string name_;
};

struct addresses {
  ~addresses() {
    if (first) ::freeaddrinfo(first);
  }
  addrinfo* first = nullptr;
};

// Waits until a started connection is made or has failed; returns 0 or the errno.
int wait_connected(const file_descriptor& socket, std::chrono::milliseconds within) {
  pollfd waiting{socket.number(), POLLOUT, 0};
  int ready = 0;
  do ready = ::poll(&waiting, 1, static_cast<int>(within.count()));
  while (ready < 0 && errno == EINTR);
  if (ready < 0) return errno;
  if (ready == 0) return ETIMEDOUT;
  int failed = 0;
  socklen_t size = sizeof failed;
  if (::getsockopt(socket.number(), SOL_SOCKET, SO_ERROR, &failed, &size) != 0) return errno;
  return failed;
}

// Returns a connected socket, or sets `failed` to the errno.
file_descriptor connect_one(const addrinfo& to, std::chrono::milliseconds within, int& failed) {
  file_descriptor socket{
      ::socket(to.ai_family, to.ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, to.ai_protocol)};
  if (!socket ||
      (::connect(socket.number(), to.ai_addr, to.ai_addrlen) != 0 && errno != EINPROGRESS)) {
    failed = errno;
    return {};
  }
  failed = wait_connected(socket, within);
  return failed == 0 ? std::move(socket) : file_descriptor{};
}

}  // namespace

result<std::unique_ptr<byte_source>> connect_to(const std::string& host, std::uint16_t port,
                                                std::chrono::milliseconds within) {
  const std::string name = host + ":" + std::to_string(port);
  addrinfo wanted{};
  wanted.ai_family = AF_UNSPEC;
  wanted.ai_socktype = SOCK_STREAM;
  addresses found;
  const int unknown =
      ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &wanted, &found.first);
  if (unknown != 0)
    return error{error_code::not_found,
                 "cannot connect to " + name + " (" +
                     (unknown == EAI_SYSTEM ? "look-up failed" : ::gai_strerror(unknown)) + ")"};
  int failed = 0;
  for (const addrinfo* to = found.first; to; to = to->ai_next) {
    file_descriptor socket = connect_one(*to, within, failed);
    if (socket)
      return std::unique_ptr<byte_source>{std::make_unique<socket_bytes>(std::move(socket), name)};
  }
  error refused = os_error("cannot connect to " + name, failed);
  if (failed == ECONNREFUSED)
    refused.message +=
        "; nothing listens there, for a first try start: nc -lk " + std::to_string(port);
  return refused;
}

}  // namespace sluice

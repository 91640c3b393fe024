#include "sluice/bench/link_bounds.hpp"

#include <array>
#include <cerrno>
#include <stdexcept>
#include <system_error>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <zmq.hpp>

#include "sluice/links/curve_keys.hpp"

namespace sluice::bench {
namespace {

constexpr std::size_t window_rows = 131'072;

int checked(int number, const char* what) {
  if (number < 0) throw std::system_error(errno, std::generic_category(), what);
  return number;
}

class socket_pair {
 public:
  explicit socket_pair(bool tcp) {
    if (!tcp) {
      std::array<int, 2> both{};
      checked(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, both.data()), "socketpair");
      from_ = both[0];
      to_ = both[1];
      return;
    }
    const int listening = checked(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket");
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    auto* const address = reinterpret_cast<sockaddr*>(&at);
    socklen_t size = sizeof at;
    checked(::bind(listening, address, size), "bind");
    checked(::listen(listening, 1), "listen");
    checked(::getsockname(listening, address, &size), "getsockname");
    from_ = checked(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket");
    checked(::connect(from_, address, size), "connect");
    to_ = checked(::accept(listening, nullptr, nullptr), "accept");
    ::close(listening);
    const int on = 1;
    checked(::setsockopt(from_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on), "TCP_NODELAY");
  }
  ~socket_pair() {
    ::close(from_);
    ::close(to_);
  }
  socket_pair(const socket_pair&) = delete;
  socket_pair& operator=(const socket_pair&) = delete;

  void write(const char* bytes, std::size_t size) {
    while (size > 0) {
      const ssize_t n = ::send(from_, bytes, size, MSG_NOSIGNAL);
      if (n < 0 && errno == EINTR) continue;
      bytes += checked(static_cast<int>(n), "send");
      size -= static_cast<std::size_t>(n);
    }
  }
  void read(char* bytes, std::size_t size) {
    while (size > 0) {
      const ssize_t n = ::recv(to_, bytes, size, 0);
      if (n < 0 && errno == EINTR) continue;
      if (checked(static_cast<int>(n), "recv") == 0) throw std::runtime_error("connection ended");
      bytes += n;
      size -= static_cast<std::size_t>(n);
    }
  }

 private:
  int from_ = -1, to_ = -1;
};

class raw_way final : public link_way {
 public:
  explicit raw_way(bool tcp) : sockets_(tcp) {}

  outcome run(link_work& work) override {
    std::vector<std::uint64_t> made(3 * work.batch_rows()), taken(made.size());
    auto* const out = reinterpret_cast<char*>(made.data());
    auto* const in = reinterpret_cast<char*>(taken.data());
    return timed_run(
        work,
        [&](std::uint64_t b) {
          const std::size_t rows = work.rows_of(b);
          work.fill(b, columns_in(out, rows));
          sockets_.write(out, rows * linked_row_bytes);
        },
        [&](std::uint64_t b) {
          const std::size_t rows = work.rows_of(b);
          sockets_.read(in, rows * linked_row_bytes);
          work.take(columns_in(static_cast<const char*>(in), rows));
        });
  }

 private:
  socket_pair sockets_;
};

class zeromq_way final : public link_way {
 public:
  zeromq_way(const std::string& address, bool curve, std::size_t batch_rows)
      : push_(pushing_, zmq::socket_type::push), pull_(pulling_, zmq::socket_type::pull) {
    namespace option = zmq::sockopt;
    const int waiting = static_cast<int>(std::max<std::size_t>(4, window_rows / batch_rows));
    push_.set(option::sndhwm, waiting);
    pull_.set(option::rcvhwm, waiting);
    for (zmq::socket_t* socket : {&push_, &pull_}) socket->set(option::linger, 0);
    if (curve) {
      const key_pair server = new_key_pair(), client = new_key_pair();
      pull_.set(option::curve_server, true);
      pull_.set(option::curve_secretkey, server.secret_key);
      push_.set(option::curve_publickey, client.public_key);
      push_.set(option::curve_secretkey, client.secret_key);
      push_.set(option::curve_serverkey, server.public_key);
    }
    pull_.bind(address);
    push_.connect(pull_.get(option::last_endpoint));
  }

  outcome run(link_work& work) override {
    return timed_run(
        work,
        [&](std::uint64_t b) {
          const std::size_t rows = work.rows_of(b);
          zmq::message_t message(rows * linked_row_bytes);
          work.fill(b, columns_in(message.data<char>(), rows));
          push_.send(message, zmq::send_flags::none);
        },
        [&](std::uint64_t b) {
          zmq::message_t message;
          static_cast<void>(pull_.recv(message));
          const std::size_t rows = work.rows_of(b);
          if (message.size() == rows * linked_row_bytes)
            work.take(columns_in(static_cast<const char*>(message.data()), rows));
        });
  }

 private:
  zmq::context_t pushing_, pulling_;
  zmq::socket_t push_, pull_;
};

}  // namespace

std::unique_ptr<link_way> raw_tcp() { return std::make_unique<raw_way>(true); }
std::unique_ptr<link_way> raw_unix() { return std::make_unique<raw_way>(false); }
std::unique_ptr<link_way> plain_zeromq(const std::string& address, bool curve,
                                       std::size_t batch_rows) {
  return std::make_unique<zeromq_way>(address, curve, batch_rows);
}

}  // namespace sluice::bench

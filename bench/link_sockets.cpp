// Bytes over a connected socket and nothing else: the bound of every link.

#include <cerrno>
#include <cstdlib>
#include <stdexcept>
#include <string_view>
#include <system_error>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "sluice/bench/link_ends.hpp"
#include "sluice/records/crc32c.hpp"

namespace sluice::bench {
namespace {

int checked(int number, const char* what) {
  if (number < 0) throw std::system_error(errno, std::generic_category(), what);
  return number;
}

// Where a socket is bound: a port of this machine, or a file.
class socket_address {
 public:
  explicit socket_address(std::uint16_t port) {
    in_.sin_family = AF_INET;
    in_.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    in_.sin_port = htons(port);
    size_ = sizeof in_;
  }
  explicit socket_address(std::string_view path) {
    un_.sun_family = AF_UNIX;
    if (path.size() >= sizeof un_.sun_path) throw std::invalid_argument("a long path of a socket");
    path.copy(un_.sun_path, path.size());
    size_ = sizeof un_;
  }
  sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage_); }
  socklen_t& size() { return size_; }
  std::uint16_t port() const { return ntohs(in_.sin_port); }

 private:
  union {
    sockaddr_storage storage_{};
    sockaddr_in in_;
    sockaddr_un un_;
  };
  socklen_t size_;
};

int new_socket(bool tcp) {
  return checked(::socket(tcp ? AF_INET : AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket");
}

// What both ends have: a buffer of one batch, and a checksum in front of it if that is asked for.
class socket_end {
 public:
  explicit socket_end(const link_way& way, std::size_t batch_rows)
      : sums_(way.checksums), words_(1 + 3 * batch_rows) {}
  ~socket_end() { ::close(socket_); }
  socket_end(const socket_end&) = delete;
  socket_end& operator=(const socket_end&) = delete;

  char* columns() { return reinterpret_cast<char*>(words_.data() + 1); }
  void send(std::size_t bytes) {
    if (!sums_) return write(columns(), bytes);
    words_[0] = crc32c({columns(), bytes});
    write(reinterpret_cast<const char*>(words_.data()), bytes + sizeof words_[0]);
  }
  void receive(std::size_t bytes) {
    if (!sums_) return read(columns(), bytes);
    read(reinterpret_cast<char*>(words_.data()), bytes + sizeof words_[0]);
    if (words_[0] != crc32c({columns(), bytes})) throw std::runtime_error("a wrong checksum");
  }

 protected:
  int socket_ = -1;

 private:
  void write(const char* bytes, std::size_t size) {
    while (size > 0) {
      const ssize_t n = ::send(socket_, bytes, size, MSG_NOSIGNAL);
      if (n < 0 && errno == EINTR) continue;
      bytes += checked(static_cast<int>(n), "send");
      size -= static_cast<std::size_t>(n);
    }
  }
  void read(char* bytes, std::size_t size) {
    while (size > 0) {
      const ssize_t n = ::recv(socket_, bytes, size, 0);
      if (n < 0 && errno == EINTR) continue;
      if (checked(static_cast<int>(n), "recv") == 0) throw std::runtime_error("connection ended");
      bytes += n;
      size -= static_cast<std::size_t>(n);
    }
  }

  bool sums_;
  std::vector<std::uint64_t> words_;
};

class taker final : public link_taker, socket_end {
 public:
  taker(const link_way& way, const link_place& at) : socket_end(way, at.batch_rows) {
    listening_ = new_socket(way.tcp);
    const std::string path = at.folder + "/raw";
    socket_address bound = way.tcp ? socket_address{std::uint16_t{0}} : socket_address{path};
    checked(::bind(listening_, bound.get(), bound.size()), "bind");
    checked(::listen(listening_, 1), "listen");
    checked(::getsockname(listening_, bound.get(), &bound.size()), "getsockname");
    address_ = way.tcp ? std::to_string(bound.port()) : path;
  }
  ~taker() override { ::close(listening_); }

  std::string address() const override { return address_; }
  void begin(std::uint64_t) override {
    if (socket_ < 0) socket_ = checked(::accept(listening_, nullptr, nullptr), "accept");
  }
  void take(link_work& work, std::uint64_t batch) override {
    const std::size_t rows = work.rows_of(batch);
    receive(rows * linked_row_bytes);
    work.take(columns_in(static_cast<const char*>(columns()), rows));
  }

 private:
  int listening_ = -1;
  std::string address_;
};

class maker final : public link_maker, socket_end {
 public:
  maker(const link_way& way, const link_place& at, const std::string& address)
      : socket_end(way, at.batch_rows) {
    socket_ = new_socket(way.tcp);
    socket_address to = way.tcp
                            ? socket_address{static_cast<std::uint16_t>(std::atoi(address.c_str()))}
                            : socket_address{address};
    checked(::connect(socket_, to.get(), to.size()), "connect");
    const int on = 1;
    if (way.tcp)
      checked(::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on), "TCP_NODELAY");
  }

  void make(const link_work& work, std::uint64_t batch) override {
    const std::size_t rows = work.rows_of(batch);
    work.fill(batch, columns_in(columns(), rows));
    send(rows * linked_row_bytes);
  }
};

}  // namespace

std::unique_ptr<link_taker> socket_taker(const link_way& way, const link_place& at) {
  return std::make_unique<taker>(way, at);
}
std::unique_ptr<link_maker> socket_maker(const link_way& way, const link_place& at,
                                         const std::string& address) {
  return std::make_unique<maker>(way, at, address);
}

}  // namespace sluice::bench

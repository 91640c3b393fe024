#include <string>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include "sluice/state/file_descriptor.hpp"
#include "sluice/connectors/text.hpp"
#include "sluice/tests/connectors/transcript.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice {

namespace {

using test::lines;

// Listens on a free port of this machine, as `nc -l` does.
class listener {
 public:
  explicit listener(int family = AF_INET) : socket_(::socket(family, SOCK_STREAM, 0)) {
    sockaddr_storage address{};
    address.ss_family = static_cast<sa_family_t>(family);
    socklen_t size = family == AF_INET ? sizeof(sockaddr_in) : sizeof(sockaddr_in6);
    if (family == AF_INET)
      reinterpret_cast<sockaddr_in&>(address).sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    else
      reinterpret_cast<sockaddr_in6&>(address).sin6_addr = in6addr_loopback;
    there_ = ::bind(socket_.number(), reinterpret_cast<sockaddr*>(&address), size) == 0 &&
             ::listen(socket_.number(), 1) == 0 &&
             ::getsockname(socket_.number(), reinterpret_cast<sockaddr*>(&address), &size) == 0;
    port_ = ntohs(family == AF_INET ? reinterpret_cast<sockaddr_in&>(address).sin_port
                                    : reinterpret_cast<sockaddr_in6&>(address).sin6_port);
  }
  bool there() const { return there_; }
  std::uint16_t port() const { return port_; }
  file_descriptor accept() { return file_descriptor{::accept(socket_.number(), nullptr, nullptr)}; }

 private:
  file_descriptor socket_;
  bool there_ = false;
  std::uint16_t port_ = 0;
};

struct told {
  lines rows;
  read_state state = read_state::more;
};

// Reads until there is nothing more to read now.
told read_now(source_reader& reader) {
  told all;
  while (all.state == read_state::more) {
    auto read = reader.read();
    REQUIRE(read);
    all.state = read.value().state;
    const batch_ptr& rows = read.value().rows;
    for (std::size_t i = 0; rows && i < rows->size(); ++i)
      all.rows.push_back(test::shown(*rows, i));
  }
  return all;
}

bool readable_within_seconds(int descriptor, int seconds) {
  pollfd waiting{descriptor, POLLIN, 0};
  return ::poll(&waiting, 1, seconds * 1000) == 1;
}

void send(const file_descriptor& to, std::string_view text) {
  REQUIRE(write_all(to, text, "the test's socket"));
}

}  // namespace

TEST_CASE("lines of a socket are rows as soon as they are whole", "[text_socket][F1202]") {
  listener server;
  REQUIRE(server.there());
  const from::text_socket socket{"127.0.0.1", server.port()};
  auto reader = socket.open({});
  REQUIRE(reader);
  file_descriptor client = server.accept();
  const int wake = reader.value()->wake_descriptor();
  REQUIRE(wake >= 0);

  CHECK(read_now(*reader.value()).state == read_state::idle);
  send(client, "to be\r\nor n");
  REQUIRE(readable_within_seconds(wake, 20));
  told now = read_now(*reader.value());
  CHECK(now.rows == lines{"to be"});
  CHECK(now.state == read_state::idle);

  send(client, "ot\n\nlast");
  REQUIRE(readable_within_seconds(wake, 20));
  CHECK(read_now(*reader.value()).rows == lines{"or not", ""});

  client = {};
  REQUIRE(readable_within_seconds(wake, 20));
  now = read_now(*reader.value());
  CHECK(now.rows == lines{"last"});
  CHECK(now.state == read_state::end);
}

TEST_CASE("a socket is read over IPv6 too", "[text_socket]") {
  listener server{AF_INET6};
  if (!server.there()) {
    WARN("this machine has no IPv6 loopback");
    return;
  }
  auto reader = from::text_socket{"::1", server.port()}.open({});
  REQUIRE(reader);
  { send(server.accept(), "hello\n"); }
  REQUIRE(readable_within_seconds(reader.value()->wake_descriptor(), 20));
  CHECK(read_now(*reader.value()).rows == lines{"hello"});
}

TEST_CASE("a bound on rows leaves the rest for the next call", "[text_socket]") {
  listener server;
  source_context at;
  at.bounds.rows = 2;
  auto reader = from::text_socket{"localhost", server.port()}.open(at);
  REQUIRE(reader);
  { send(server.accept(), "1\n2\n3\n"); }
  REQUIRE(readable_within_seconds(reader.value()->wake_descriptor(), 20));
  const auto first = reader.value()->read();
  REQUIRE(first);
  CHECK(first.value().rows->size() == 2);
  CHECK(first.value().state == read_state::more);
  CHECK(read_now(*reader.value()).rows == lines{"3"});
}

TEST_CASE("where nobody listens the error says what to try", "[text_socket]") {
  std::uint16_t port = 0;
  {
    const listener gone;
    port = gone.port();
  }
  const auto reader = from::text_socket{"127.0.0.1", port}.open({});
  REQUIRE_FALSE(reader);
  const std::string number = std::to_string(port);
  CHECK(reader.failure() ==
        error{error_code::refused, "cannot connect to 127.0.0.1:" + number +
                                       " (connection refused); nothing listens there, for a first "
                                       "try start: nc -lk " +
                                       number});
}

TEST_CASE("a host that is not known is an error", "[text_socket]") {
  const auto reader = from::text_socket{"no-such-host.invalid", 9}.open({});
  REQUIRE_FALSE(reader);
  CHECK(reader.failure().code == error_code::not_found);
  CHECK(reader.failure().message.starts_with("cannot connect to no-such-host.invalid:9 ("));
}

TEST_CASE("a socket says that its rows are processed at most once", "[text_socket][P16]") {
  CHECK(from::text_socket{"localhost", 9999}.describe() ==
        "text socket, localhost:9999, at most once");
}

TEST_CASE("only the first instance connects", "[text_socket]") {
  source_context at;
  at.instance = 1;
  at.instances = 2;
  auto reader = from::text_socket{"127.0.0.1", 1}.open(at);
  REQUIRE(reader);
  CHECK(read_now(*reader.value()).state == read_state::end);
}

}  // namespace sluice

#include <memory>
#include <set>
#include <string>
#include <vector>

#include <zmq.hpp>

#include "sluice/links/batch_frame.hpp"
#include "sluice/links/frame.hpp"
#include "sluice/links/frame_offences.hpp"
#include "sluice/records/batch.hpp"
#include "sluice/records/record.hpp"
#include "sluice/tests/links/hub_end.hpp"
#include "sluice/tests/links/raw_dealer.hpp"
#include "sluice/tests/support/catch.hpp"
#include "sluice/tests/support/tcp_proxy.hpp"

namespace sluice {

namespace {

using texts = std::vector<std::string>;
using frames = std::vector<control_frame>;

const connection_name peer{"m", {{66, 6}}, 1};

// The record of the channels of hub_end.hpp.
struct one_number {
  std::uint64_t value;
};
SLUICE_RECORD(one_number, value);

// A port that hubs connect to, in the hands of a test.
class raw_port {
 public:
  raw_port() : socket_(context_, zmq::socket_type::router) {
    socket_.set(zmq::sockopt::linger, 0);
    socket_.set(zmq::sockopt::rcvtimeo, 30'000);
    socket_.bind("tcp://127.0.0.1:*");
  }
  std::string address() { return socket_.get(zmq::sockopt::last_endpoint); }

  // Who says something; what, is left.
  std::string next() {
    zmq::message_t name, said;
    REQUIRE(socket_.recv(name));
    REQUIRE(socket_.recv(said));
    return name.to_string();
  }
  void await() { to_ = next(); }
  // Waits for somebody and greets it as `peer`.
  void greet() {
    await();
    send({hello_of(peer)});
  }
  void send(const texts& parts) {
    socket_.send(zmq::buffer(to_), zmq::send_flags::sndmore);
    for (std::size_t i = 0; i < parts.size(); ++i)
      socket_.send(zmq::buffer(parts[i]),
                   i + 1 < parts.size() ? zmq::send_flags::sndmore : zmq::send_flags::none);
  }
  void tell(const control_frame& frame, std::uint64_t seq = 0) {
    send({control_bytes(hub_job, frame, seq).value()});
  }

 private:
  zmq::context_t context_;
  zmq::socket_t socket_;
  std::string to_;
};

// A hub whose only peer is the test.
struct joined_hub {
  raw_port data, control;
  hub_end a{"a", transport::ipc};

  joined_hub() {
    a.begin(1, {outlet_of(0, "m"), outlet_of(1, "c")});
    a.own().join("m", data.address(), control.address());
    control.greet();
    data.greet();
    CHECK(a.until([&] { return a.peers() == texts{"m 6"}; }));
  }
  bool bad(std::uint64_t count) {
    return a.until([&] { return a.own().counters().bad == count; });
  }
};

}  // namespace

TEST_CASE("a line that was reset is made again under another name", "[hub][F8][X26]") {
  raw_port port;
  tcp_proxy proxy(port_of(port.address()));
  hub_end a("a", transport::ipc);
  a.own().join("m", tcp_endpoint(proxy.port()), "");
  std::set<std::string> names{port.next()};
  for (std::size_t resets = 1; resets <= 3; ++resets) {
    proxy.reset();
    names.insert(port.next());
    CHECK(names.size() == resets + 1);
  }
}

TEST_CASE("a peer that answers with a hundred bad frames is not heard any more", "[hub][F17]") {
  joined_hub hub;
  hub.control.tell(started_frame{{1}, "m"}, 0);
  CHECK(hub.a.until([&] { return hub.a.heard().size() == 1; }));
  hub.control.send({"two", "parts"});
  CHECK(hub.bad(1));
  CHECK(hub.a.own().counters().second_parts == 1);
  for (std::uint32_t sent = 1; sent < frame_offences::most; ++sent) hub.data.send({"no frame"});
  CHECK(hub.bad(frame_offences::most));
  CHECK(hub.a.own().counters().cut_off == 1);
  hub.control.tell(started_frame{{1}, "m"}, 1);
  CHECK(hub.a.until([&] { return hub.a.own().counters().not_looked_at == 1; }));
  CHECK(hub.a.heard().size() == 1);
}

TEST_CASE("a hundred bad frames at a port, and the sender is not heard any more", "[hub][F17]") {
  hub_end b("b", transport::ipc);
  raw_dealer dealer(b.own().control_address(), to_routing_id(peer));
  dealer.send(hello_of(peer));
  CHECK(type_of(dealer.read()) == frame_type::hello);
  for (std::uint32_t sent = 0; sent < frame_offences::most; ++sent) dealer.send("no frame");
  dealer.send(control_bytes(hub_job, started_frame{{1}, "m"}, 0).value());
  CHECK(b.until([&] { return b.own().counters().not_looked_at == 1; }));
  CHECK(b.own().counters().bad == frame_offences::most);
  CHECK(b.own().counters().cut_off == 1);
  CHECK(b.heard().empty());
}

TEST_CASE("nobody grants on a channel of another node", "[hub][F17]") {
  joined_hub hub;
  hub.a.send_batches(0, 1);
  hub.a.send_batches(1, 1);
  hub.data.tell(grant_frame{{1}, {1}, 0, hub_end::one_batch});
  CHECK(hub.bad(1));
  hub.data.tell(grant_frame{{1}, {0}, 0, hub_end::one_batch});
  CHECK(hub.a.until([&] { return hub.a.sent(0) == 1; }));
  CHECK(hub.a.sent(1) == 0);
}

TEST_CASE("a peer lives as long as its heartbeats come, and is lost once", "[hub][F1]") {
  joined_hub hub;
  // For more than the deadline; each beat answers one of the hub's.
  for (int beats = 0; beats < 10; ++beats) {
    hub.control.next();
    hub.control.tell(heartbeat_frame{{1}, peer.incarnation, 0});
  }
  CHECK(hub.a.peers() == texts{"m 6"});
  CHECK(hub.a.until([&] { return hub.a.peers() == texts{"m 6", "m lost"}; }));
  for (int beats = 0; beats < 3; ++beats) hub.control.next();
  CHECK(hub.a.peers() == texts{"m 6", "m lost"});
  hub.control.tell(heartbeat_frame{{1}, {{1, 1}}, 0});  // of another process
  CHECK(hub.bad(1));
  hub.control.tell(heartbeat_frame{{1}, peer.incarnation, 9});  // nothing was told
  CHECK(hub.bad(2));
  CHECK(hub.a.peers() == texts{"m 6", "m lost"});
  hub.control.tell(heartbeat_frame{{1}, peer.incarnation, 0});
  CHECK(hub.a.until([&] { return hub.a.peers() == texts{"m 6", "m lost", "m 6"}; }));
}

TEST_CASE("nothing counts on a line whose hello is not answered", "[hub]") {
  raw_port port;
  hub_end a("a", transport::ipc);
  a.own().join("m", "", port.address());
  port.greet();
  CHECK(a.until([&] { return a.peers() == texts{"m 6"}; }));
  // What answers on the next line tells before it greets.
  raw_port other;
  a.own().join("m", "", other.address());
  other.await();
  other.tell(started_frame{{1}, "m"}, 0);
  CHECK(a.until([&] { return a.own().counters().not_greeted == 1; }));
  other.send({hello_of(peer)});
  other.tell(started_frame{{1}, "n"}, 0);
  CHECK(a.until([&] { return a.heard() == frames{started_frame{{1}, "n"}}; }));
}

TEST_CASE("a hello of another process does not count before the peer's address answers as that one",
          "[hub][F3][F10]") {
  joined_hub hub;
  const connection_name young{"m", {{66, 7}}, 1};
  raw_dealer dealer(hub.a.own().control_address(), to_routing_id(young));
  dealer.send(hello_of(young));
  CHECK(type_of(dealer.read()) == frame_type::hello);
  hub.control.tell(started_frame{{1}, "m"}, 0);
  CHECK(hub.a.until([&] { return hub.a.heard().size() == 1; }));
  CHECK(hub.a.peers() == texts{"m 6"});
}

TEST_CASE("a hello of another run or format is not let in", "[hub]") {
  hub_end b("b", transport::ipc);
  raw_dealer dealer(b.own().control_address(), to_routing_id(peer));
  hello_frame hello{hub_job, {1}, frame_version, peer.node, peer.incarnation, {1}};
  hello.wire_version = frame_version + 1;
  dealer.send(control_bytes(hub_job, hello).value());
  CHECK(type_of(dealer.read()) == frame_type::hello);
  CHECK(b.logged() == texts{"m is not let in: it has another version of the wire format"});
  hub_end c("c", transport::ipc);
  raw_dealer stranger(c.own().control_address(), to_routing_id(peer));
  hello.wire_version = frame_version;
  hello.job = {{9, 9}};
  stranger.send(control_bytes(hello.job, hello).value());
  CHECK(type_of(stranger.read()) == frame_type::hello);
  CHECK(c.logged() == texts{"m is not let in: it has another run"});
  CHECK(b.peers().size() + c.peers().size() == 0);
}

TEST_CASE("a connection that a newer one has replaced does not count", "[hub][F10]") {
  hub_end b("b", transport::ipc);
  b.begin(1, {inlet_of(0, "m")});
  b.open_inlet(0);
  const auto greeted = [&](std::uint64_t incarnation, std::uint64_t number) {
    const connection_name who{"m", {{66, incarnation}}, number};
    auto dealer = std::make_unique<raw_dealer>(b.own().data_address(), to_routing_id(who));
    dealer->send(hello_of(who));
    CHECK(type_of(dealer->read()) == frame_type::hello);
    return dealer;
  };
  const auto first = greeted(6, 1);
  const auto second = greeted(6, 2);
  first->send(marker_of(0, 1));
  CHECK(b.until([&] { return b.own().counters().not_greeted == 1; }));
  const auto of_another_process = greeted(7, 1);
  second->send(marker_of(0, 1));
  CHECK(b.until([&] { return b.own().counters().not_greeted == 2; }));
  CHECK(b.markers(0) == 0);
}

TEST_CASE("frames at the port they do not belong to are bad", "[hub][F17]") {
  hub_end b("b", transport::ipc);
  b.begin(1, {inlet_of(0, "m")});
  b.open_inlet(0);
  const auto greet = [](raw_dealer& dealer) {
    dealer.send(hello_of(peer));
    CHECK(type_of(dealer.read()) == frame_type::hello);
  };
  raw_dealer data(b.own().data_address(), to_routing_id(peer));
  raw_dealer control(b.own().control_address(), to_routing_id(peer));
  greet(data);
  greet(control);
  data.send(control_bytes(hub_job, heartbeat_frame{{1}, peer.incarnation, 0}).value());
  data.send(control_bytes(hub_job, drain_frame{{1}}, 0).value());
  control.send(marker_of(0, 1));
  CHECK(b.until([&] { return b.own().counters().bad == 3; }));
  CHECK(b.heard().empty());
  CHECK(b.markers(0) == 0);
}

TEST_CASE("who sends more than it was granted has broken the channel, once", "[hub][I9]") {
  hub_end b("b", transport::ipc);
  b.begin(1, {inlet_of(0, "m")});
  b.open_inlet(0, false);
  raw_dealer dealer(b.own().data_address(), to_routing_id(peer));
  dealer.send(hello_of(peer));
  for (std::uint64_t seq : {0, 1, 2}) {
    const buffer_pool pool;
    batch_builder<one_number> rows{pool, {.rows = hub_end::rows_of_batch, .bytes = SIZE_MAX}};
    for (std::uint64_t i = 0; i < hub_end::rows_of_batch; ++i)
      rows.push({seq * hub_end::rows_of_batch + i});
    const auto watermark = instant{static_cast<std::int64_t>(seq + 1)};
    dealer.send(
        std::string(rows_frame(rows.take(), watermark, {hub_job, {1}, {0}, seq}, pool).bytes));
  }
  CHECK(b.until([&] { return !b.broken_channels().empty(); }));
  const connection_name young{"m", {{66, 7}}, 1};
  raw_dealer again(b.own().data_address(), to_routing_id(young));
  again.send(hello_of(young));
  CHECK(type_of(again.read()) == frame_type::hello);
  CHECK(b.broken_channels() == texts{"0: m sent more than it was granted"});
  CHECK(b.batches(0) == 1);
  CHECK(b.wrong() == texts{});
}

}  // namespace sluice

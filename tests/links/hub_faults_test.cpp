#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include <zmq.hpp>

#include "sluice/links/batch_frame.hpp"
#include "sluice/links/connection_name.hpp"
#include "sluice/links/control_channel.hpp"
#include "sluice/links/hub.hpp"
#include "sluice/records/batch.hpp"
#include "sluice/records/crc32c.hpp"
#include "sluice/tests/links/hub_end.hpp"
#include "sluice/tests/links/raw_dealer.hpp"
#include "sluice/tests/messages/sample_frames.hpp"
#include "sluice/tests/support/catch.hpp"
#include "sluice/tests/support/tcp_proxy.hpp"

namespace sluice {

namespace {

using texts = std::vector<std::string>;

// Two ends that reach each other only through proxies.
struct proxied_pair {
  hub_end a{"a", transport::tcp};
  hub_end b{"b", transport::tcp};
  tcp_proxy data{port_of(b.own().data_address())};
  tcp_proxy control{port_of(b.own().control_address())};
  tcp_proxy back_data{port_of(a.own().data_address())};
  tcp_proxy back_control{port_of(a.own().control_address())};

  proxied_pair() {
    a.own().join("b", tcp_endpoint(data.port()), tcp_endpoint(control.port()));
    b.own().join("a", tcp_endpoint(back_data.port()), tcp_endpoint(back_control.port()));
  }
  std::vector<tcp_proxy*> proxies() { return {&data, &control, &back_data, &back_control}; }
};

const connection_name intruder{"m", {{66, 6}}, 1};

struct other_record {
  std::string_view text;
};
SLUICE_RECORD(other_record, text);

std::string rows_of_another_record(std::uint32_t channel, std::uint64_t seq) {
  const buffer_pool pool;
  batch_builder<other_record> rows{pool, {.rows = 2, .bytes = SIZE_MAX}};
  rows.push({"one"});
  return std::string(rows_frame(rows.take(), {1}, {hub_job, {1}, {channel}, seq}, pool).bytes);
}

// Number `i` of many frames that no hub would send, or not on that connection.
std::string malformed(std::mt19937_64& random, int i) {
  std::string frame = hello_of(intruder);
  switch (i % 6) {
    case 0:
      frame.resize(random() % 200);
      for (char& c : frame) c = static_cast<char>(random());
      return frame;
    case 1:
      frame.resize(random() % frame.size());
      return frame;
    case 2:
      frame[random() % frame.size()] ^= static_cast<char>(1 << random() % 8);
      return frame;
    case 3:
      return rows_of_another_record(0, random() % 3);
    case 4:
      return std::string(
          marker_frame({{1}, true, false, false, {1}}, {hub_job, {1}, {0}, random() % 3}).bytes);
    default: {
      const auto frames = sample_frames();
      return control_bytes({{9, 9}}, frames[1 + random() % (frames.size() - 1)]).value();
    }
  }
}

}  // namespace

TEST_CASE("a hundred resets under load lose, double and reorder nothing", "[hub][F8][X26][I7]") {
  proxied_pair pair;
  pair.a.begin(1, {outlet_of(0, "b", hub_end::ten_batches), inlet_of(1, "b")});
  pair.b.begin(1, {inlet_of(0, "a", hub_end::ten_batches), outlet_of(1, "a")});
  pair.b.open_inlet(0);
  pair.a.open_inlet(1);
  std::uint64_t resets = 0, batches = 0;
  std::vector<control_frame> told;
  while (resets < 100) {
    // Each time both directions have moved on since the last one, and are moving.
    batches += 20;
    pair.a.send_batches(0, 100);
    pair.b.send_batches(1, 100);
    told.push_back(open_frame{{1}, 0, {told.size() + 1}, false, false});
    pair.a.own().tell("b", told.back());
    REQUIRE(pair.b.until([&] { return pair.b.batches(0) >= batches; }));
    REQUIRE(pair.a.until([&] { return pair.a.batches(1) >= batches; }));
    for (tcp_proxy* proxy : pair.proxies()) resets += proxy->reset();
  }
  const std::uint64_t all = pair.a.own().counters().frames_sent;
  INFO(resets << " resets, " << all << " frames");
  const std::uint64_t wanted = told.size() * 100;
  CHECK(pair.b.until([&] { return pair.b.batches(0) == wanted; }));
  CHECK(pair.a.until([&] { return pair.a.batches(1) == wanted; }));
  CHECK(pair.b.markers(0) == wanted / 7);
  CHECK(pair.a.until([&] { return pair.a.quiet(0); }));
  CHECK(pair.b.until([&] { return pair.b.quiet(1); }));
  CHECK(pair.b.until([&] { return pair.b.heard().size() >= told.size(); }));
  CHECK(pair.b.heard() == told);
  CHECK(pair.a.wrong() == texts{});
  CHECK(pair.b.wrong() == texts{});
  CHECK(pair.a.broken_channels() == texts{});
  CHECK(pair.b.broken_channels() == texts{});
  CHECK(pair.a.peers() == texts{"b 1"});
  CHECK(pair.a.until([&] { return pair.a.own().counters().lines_lost > 0; }));
  CHECK(pair.a.own().counters().bad + pair.b.own().counters().bad == 0);
}

TEST_CASE("a connection that swallows everything is given up, and its rows come on the next",
          "[hub][F9]") {
  proxied_pair pair;
  pair.a.begin(1, {outlet_of(0, "b", hub_end::ten_batches)});
  pair.b.begin(1, {inlet_of(0, "a", hub_end::ten_batches)});
  pair.b.open_inlet(0);
  pair.a.send_batches(0, 10);
  REQUIRE(pair.a.until([&] { return pair.a.quiet(0) && pair.a.sent(0) == 10; }));
  const auto before = pair.a.own().counters().lines_lost;
  const auto which = GENERATE(tcp_proxy::direction::forth, tcp_proxy::direction::back);
  pair.data.swallow(which, true);
  pair.a.send_batches(0, 50);
  CHECK(pair.a.until([&] { return pair.a.own().counters().lines_lost > before; }));
  pair.data.swallow(which, false);
  pair.data.reset();
  CHECK(pair.b.until([&] { return pair.b.batches(0) == 60; }));
  CHECK(pair.b.wrong() == texts{});
  CHECK(pair.a.peers() == texts{"b 1"});  // heartbeats came: the peer lives
  CHECK(pair.a.broken_channels() == texts{});
}

TEST_CASE("a slow line carries everything once", "[hub][F7]") {
  proxied_pair pair;
  for (tcp_proxy* proxy : pair.proxies()) proxy->delay(std::chrono::milliseconds(20));
  pair.a.begin(1, {outlet_of(0, "b", hub_end::ten_batches)});
  pair.b.begin(1, {inlet_of(0, "a", hub_end::ten_batches)});
  pair.b.open_inlet(0);
  pair.a.send_batches(0, 100);
  CHECK(pair.b.until([&] { return pair.b.batches(0) == 100; }));
  CHECK(pair.a.until([&] { return pair.a.quiet(0); }));
  CHECK(pair.b.wrong() == texts{});
  CHECK(pair.a.own().counters().resent == 0);
}

TEST_CASE("ten thousand malformed frames change nothing and stop nobody", "[hub][F17]") {
  const auto seed = GENERATE(1u, 2u);
  CAPTURE(seed);
  std::mt19937_64 random{seed};
  hub_end a("a", transport::tcp), b("b", transport::tcp);
  a.join(b);
  b.join(a);
  a.begin(1, {outlet_of(0, "b")});
  b.begin(1, {inlet_of(0, "a")});
  b.open_inlet(0);
  a.send_batches(0, 1'000'000);
  // Strangers without and with a name, and one that says hello first.
  std::vector<std::unique_ptr<raw_dealer>> dealers;
  for (const std::string& port : {b.own().data_address(), b.own().control_address()}) {
    for (std::uint64_t n = 1; n <= 20; ++n) {
      dealers.push_back(std::make_unique<raw_dealer>(port));
      dealers.push_back(std::make_unique<raw_dealer>(
          port, to_routing_id({intruder.node, intruder.incarnation, n})));
    }
    dealers.back()->send(hello_of(intruder));
    dealers.back()->receive();
  }
  for (int i = 0; i < 10'000; ++i) dealers[random() % dealers.size()]->send(malformed(random, i));
  const auto dropped = [&] {
    const hub_counters seen = b.own().counters();
    return seen.bad + seen.not_greeted + seen.not_looked_at;
  };
  CHECK(b.until([&] { return dropped() == 10'000 && b.own().counters().cut_off > 0; }));
  const std::uint64_t then = b.batches(0);
  CHECK(b.until([&] { return b.batches(0) >= then + 1'000; }));
  CHECK(b.wrong() == texts{});
  CHECK(b.broken_channels() == texts{});
  CHECK(b.heard().empty());
  CHECK(a.peers() == texts{"b 1"});
  CHECK(b.logged().size() <= 60);  // about two a second and name, of three
}

TEST_CASE("an inlet says where it stands on every new connection", "[hub][L5][L10]") {
  hub_end b("b", transport::ipc);
  b.begin(1, {inlet_of(0, "m")});
  b.open_inlet(0);
  std::uint64_t expected = 0;
  for (std::uint64_t number : {1, 2, 3}) {
    raw_dealer dealer(b.own().data_address(),
                      to_routing_id({intruder.node, intruder.incarnation, number}));
    dealer.send(hello_of(intruder));
    CHECK(type_of(dealer.read()) == frame_type::hello);
    const control_frame resume = resume_frame{
        {{1}, {0}, expected, hub_end::one_batch}, expected, resume_reason::reconnected};
    CHECK(dealer.read() == resume);
    dealer.send(marker_of(0, ++expected));
    REQUIRE(b.until([&] { return b.markers(0) == expected; }));
  }
}

TEST_CASE("nothing counts on a connection without a hello, or on an older one", "[hub][F10]") {
  hub_end b("b", transport::ipc);
  b.begin(1, {inlet_of(0, "m")});
  b.open_inlet(0);
  const auto name = [](std::uint64_t number) {
    return to_routing_id({intruder.node, intruder.incarnation, number});
  };
  raw_dealer silent(b.own().data_address(), name(1));
  silent.send(marker_of(0, 1));
  CHECK(b.until([&] { return b.own().counters().not_greeted == 1; }));
  raw_dealer newer(b.own().data_address(), name(3));
  newer.send(hello_of(intruder));
  CHECK(type_of(newer.read()) == frame_type::hello);
  raw_dealer older(b.own().data_address(), name(2));
  older.send(hello_of(intruder));
  older.send(marker_of(0, 1));
  CHECK(b.until([&] { return b.own().counters().not_greeted == 2; }));
  CHECK(b.markers(0) == 0);
  newer.send(marker_of(0, 1));
  CHECK(b.until([&] { return b.markers(0) == 1; }));
}

TEST_CASE("a process that was replaced is not heard any more", "[hub][F3]") {
  hub_end b("b", transport::ipc);
  connection_name old = intruder, young = intruder;
  young.incarnation = {{66, 7}};
  raw_dealer first(b.own().control_address(), to_routing_id(old));
  first.send(hello_of(old));
  CHECK(type_of(first.read()) == frame_type::hello);
  const auto drain = [](std::uint64_t seq) {
    return control_bytes(hub_job, drain_frame{{1}}, seq).value();
  };
  first.send(drain(0));
  CHECK(b.until([&] { return b.heard().size() == 1; }));
  raw_dealer second(b.own().control_address(), to_routing_id(young));
  second.send(hello_of(young));
  CHECK(b.until([&] { return b.peers() == texts{"m 6", "m 7"}; }));
  old.number = 2;
  raw_dealer third(b.own().control_address(), to_routing_id(old));
  third.send(hello_of(old));
  third.send(drain(1));
  first.send(drain(1));
  CHECK(b.until([&] { return b.own().counters().not_greeted == 2; }));
  CHECK(b.heard().size() == 1);
  second.send(drain(0));
  CHECK(b.until([&] { return b.heard().size() == 2; }));
  CHECK(b.peers() == texts{"m 6", "m 7"});
}

TEST_CASE("what is told is sent again until it is acknowledged", "[hub][F8]") {
  hub_end b("b", transport::ipc);
  b.own().tell("m", drain_frame{{1}});
  b.own().tell("m", report_request_frame{{1}});
  raw_dealer dealer(b.own().control_address(), to_routing_id(intruder));
  dealer.send(hello_of(intruder));
  // Drain and report request, over and over, between heartbeats.
  std::vector<frame_type> types;
  while (types.size() < 6) {
    const frame_type type = type_of(dealer.read());
    if (is_numbered(type)) types.push_back(type);
  }
  for (std::size_t i = 0; i < types.size(); ++i)
    CHECK(types[i] == (i % 2 == 0 ? frame_type::drain : frame_type::report_request));
  const control_frame beat = heartbeat_frame{{1}, intruder.incarnation, 2};
  dealer.send(control_bytes(hub_job, beat).value());
  b.own().tell("m", stop_frame{{1}});
  frame_type last = frame_type::hello;
  while (last != frame_type::stop) last = type_of(dealer.read());
  CHECK(b.peers() == texts{"m 6"});
}

TEST_CASE("a hub that ends stays until what it told is acknowledged", "[hub][F8]") {
  auto b = std::make_unique<hub_end>("b", transport::ipc);
  raw_dealer dealer(b->own().control_address(), to_routing_id(intruder));
  dealer.send(hello_of(intruder));
  b->own().tell("m", stop_frame{{1}});
  const auto next_stop = [&dealer] {
    while (type_of(dealer.read()) != frame_type::stop) continue;
  };
  next_stop();  // as if it had been lost with its connection
  std::jthread ending([&b] { b.reset(); });
  next_stop();
  dealer.send(control_bytes(hub_job, heartbeat_frame{{1}, intruder.incarnation, 1}).value());
  ending.join();
}

TEST_CASE("a frame of two parts is dropped and counted", "[hub][F17]") {
  hub_end b("b", transport::ipc);
  raw_dealer dealer(b.own().control_address(), to_routing_id(intruder));
  dealer.send(hello_of(intruder), true);
  dealer.send("more", true);
  dealer.send("and more");
  CHECK(b.until([&] { return b.own().counters().second_parts == 1; }));
  CHECK(b.own().counters().bad == 1);
  CHECK(b.peers() == texts{});
  dealer.send(hello_of(intruder));
  CHECK(b.until([&] { return b.peers() == texts{"m 6"}; }));
}

TEST_CASE("a hello under another's name is not believed", "[hub][F17]") {
  hub_end b("b", transport::ipc);
  raw_dealer dealer(b.own().control_address(), to_routing_id(intruder));
  dealer.send(hello_of({"a", intruder.incarnation, 1}));
  dealer.send(hello_of({"m", {{1, 1}}, 1}));
  CHECK(b.until([&] { return b.own().counters().bad == 2; }));
  CHECK(b.peers() == texts{});
}

TEST_CASE("a damaged frame of a peer breaks its channel and no other", "[hub][F17]") {
  hub_end b("b", transport::ipc);
  b.begin(1, {inlet_of(0, "m"), inlet_of(1, "m"), inlet_of(2, "m"), inlet_of(3, "m")});
  for (const std::uint32_t channel : {0, 1, 2, 3}) b.open_inlet(channel);
  raw_dealer dealer(b.own().data_address(), to_routing_id(intruder));
  dealer.send(hello_of(intruder));
  dealer.send(rows_of_another_record(0, 0));
  std::string flipped = marker_of(1, 1);
  flipped.back() ^= 1;
  dealer.send(flipped);
  for (const std::uint64_t epoch : {1, 2}) {
    dealer.send(marker_of(0, epoch));
    dealer.send(marker_of(1, epoch));
    dealer.send(marker_of(2, epoch));
  }
  CHECK(b.until([&] { return b.markers(2) == 2; }));
  CHECK(b.until([&] { return b.broken_channels().size() == 2; }));
  CHECK(b.broken_channels() == texts{"0: a frame from m cannot be read: column value: wrong size",
                                     "1: a frame from m cannot be read: wrong checksum"});
  CHECK(b.markers(0) + b.markers(1) == 0);
}

TEST_CASE("nobody sends on a channel of another node", "[hub][F17]") {
  hub_end b("b", transport::ipc);
  b.begin(1, {inlet_of(0, "a")});
  b.open_inlet(0);
  raw_dealer dealer(b.own().data_address(), to_routing_id(intruder));
  dealer.send(hello_of(intruder));
  dealer.send(
      std::string(marker_frame({{1}, true, false, false, {5}}, {hub_job, {1}, {0}, 0}).bytes));
  CHECK(b.until([&] { return b.own().counters().bad == 1; }));
  CHECK(b.markers(0) == 0);
  CHECK(b.broken_channels() == texts{});
}

}  // namespace sluice

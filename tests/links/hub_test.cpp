#include "sluice/links/hub.hpp"

#include <set>
#include <string>
#include <vector>

#include <zmq.hpp>

#include "sluice/tests/links/hub_end.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice {

namespace {

using texts = std::vector<std::string>;

void join_both(hub_end& a, hub_end& b) {
  a.join(b);
  b.join(a);
}

}  // namespace

TEST_CASE("rows, markers and credit go from hub to hub", "[hub][I7]") {
  const auto over = GENERATE(transport::ipc, transport::tcp);
  const auto window = GENERATE(hub_end::one_batch, hub_end::ten_batches);
  CAPTURE(static_cast<int>(over), window.rows);
  hub_end a("a", over), b("b", over);
  join_both(a, b);
  a.begin(1, {outlet_of(0, "b", window), inlet_of(1, "b", window)});
  b.begin(1, {inlet_of(0, "a", window), outlet_of(1, "a", window)});
  b.open_inlet(0);
  a.open_inlet(1);
  a.send_batches(0, 700);
  b.send_batches(1, 700);
  CHECK(b.until([&] { return b.batches(0) == 700 && b.markers(0) == 100; }));
  CHECK(a.until([&] { return a.batches(1) == 700 && a.markers(1) == 100; }));
  CHECK(a.until([&] { return a.quiet(0); }));
  CHECK(b.until([&] { return b.quiet(1); }));
  CHECK(a.wrong() == texts{});
  CHECK(b.wrong() == texts{});
  CHECK(a.broken_channels() == texts{});
  CHECK(b.broken_channels() == texts{});
  CHECK(b.own().counters().bad == 0);
  CHECK(a.own().counters().bad == 0);
}

TEST_CASE("what an inlet does not consume bounds what its outlet sends", "[hub][I9]") {
  hub_end a("a", transport::ipc), b("b", transport::ipc);
  join_both(a, b);
  a.begin(1, {outlet_of(0, "b", hub_end::ten_batches)});
  b.begin(1, {inlet_of(0, "a", hub_end::ten_batches)});
  b.open_inlet(0, false);
  a.send_batches(0, 100);
  CHECK(b.until([&] { return b.batches(0) == 10; }));
  // Two round trips of the control port later nothing more has come.
  for (std::uint64_t n : {1, 2}) {
    a.own().tell("b", drain_frame{{1}});
    CHECK(b.until([&] { return b.heard().size() == n; }));
  }
  CHECK(a.sent(0) == 10);
  CHECK(b.own().counters().frames_received <= 11);
  b.consume(0);
  CHECK(b.until([&] { return b.batches(0) == 100; }));
  CHECK(b.wrong() == texts{});
}

TEST_CASE("rows wait for a peer that comes later", "[hub][X6]") {
  hub_end a("a", transport::tcp);
  a.begin(1, {outlet_of(0, "b")});
  a.send_batches(0, 20);
  a.own().tell("b", drain_frame{{1}});
  hub_end b("b", transport::tcp);
  b.begin(1, {inlet_of(0, "a")});
  b.open_inlet(0);
  a.join(b);
  CHECK(b.until([&] { return b.batches(0) == 20 && b.heard().size() == 1; }));
  CHECK(b.wrong() == texts{});
}

TEST_CASE("control frames come once and in order, whoever has joined", "[hub]") {
  const bool both = GENERATE(false, true);
  CAPTURE(both);
  hub_end a("a", transport::ipc), b("b", transport::ipc);
  a.join(b);
  if (both) b.join(a);
  std::vector<control_frame> frames;
  for (std::uint64_t e = 1; e <= 500; ++e) {
    frames.push_back(open_frame{{3}, e % 5, {e}, true, false});
    a.own().tell("b", frames.back());
    b.own().tell("a", frames.back());
  }
  CHECK(a.until([&] { return a.heard().size() >= 500; }));
  CHECK(b.until([&] { return b.heard().size() >= 500; }));
  CHECK(a.heard() == frames);
  CHECK(b.heard() == frames);
  CHECK(a.peers() == texts{"b 1"});
  CHECK(b.peers() == texts{"a 1"});
}

TEST_CASE("a peer that is killed is lost, and seen when it is started again", "[hub][F1]") {
  hub_end a("a", transport::tcp);
  auto b = std::make_unique<hub_end>("b", transport::tcp, 1);
  join_both(a, *b);
  a.begin(1, {outlet_of(0, "b"), inlet_of(1, "b")});
  b->begin(1, {inlet_of(0, "a"), outlet_of(1, "a")});
  b->open_inlet(0);
  a.send_batches(0, 5);
  CHECK(a.until([&] { return a.peers() == texts{"b 1"} && a.quiet(0); }));
  b->kill();
  b.reset();
  a.own().tell("b", drain_frame{{1}});
  CHECK(a.until([&] { return a.peers() == texts{"b 1", "b lost"}; }));
  CHECK(a.broken_channels() == texts{});  // it may come back, as far as anybody knows

  hub_end again("b", transport::tcp, 2);
  join_both(a, again);
  CHECK(a.until([&] { return a.peers() == texts{"b 1", "b lost", "b 2"}; }));
  CHECK(a.until([&] { return a.broken_channels().size() == 2; }));
  CHECK(a.broken_channels() == texts{"0: b was started again", "1: b was started again"});

  // What was told to the old one is not for the new one.
  a.begin(2, {outlet_of(0, "b")});
  again.begin(2, {inlet_of(0, "a")});
  again.open_inlet(0);
  a.send_batches(0, 20);
  a.own().tell("b", stop_frame{{2}});
  CHECK(again.until([&] { return again.batches(0) == 20 && !again.heard().empty(); }));
  CHECK(again.heard() == std::vector<control_frame>{stop_frame{{2}}});
  CHECK(again.wrong() == texts{});
}

TEST_CASE("frames of an older generation are answered, those of a newer one come again",
          "[hub][I8][L14]") {
  hub_end a("a", transport::ipc), b("b", transport::ipc);
  join_both(a, b);
  b.begin(1, {inlet_of(0, "a")});
  a.begin(1, {outlet_of(0, "b")});
  b.open_inlet(0);
  a.send_batches(0, 10);
  CHECK(a.until([&] { return a.quiet(0) && a.sent(0) == 10; }));
  // The outlet's end knows of the new generation later.
  b.begin(2, {inlet_of(0, "a")});
  a.send_batches(0, 10);  // of the old one
  CHECK(a.until([&] { return !a.heard().empty(); }));
  CHECK(a.heard() == std::vector<control_frame>{fenced_frame{{2}}});
  b.open_inlet(0);
  CHECK(a.until([&] { return a.own().counters().newer_generation > 0; }));
  CHECK(b.batches(0) == 0);
  a.begin(2, {outlet_of(0, "b")});
  a.send_batches(0, 30);
  CHECK(b.until([&] { return b.batches(0) == 30; }));
  // The inlet's end knows of it later.
  a.begin(3, {outlet_of(0, "b")});
  CHECK(b.until([&] { return b.heard().size() == 1; }));
  CHECK(b.heard() == std::vector<control_frame>{fenced_frame{{3}}});
  CHECK(a.until([&] { return a.own().counters().old_generation > 0; }));
  CHECK(b.until([&] { return b.own().counters().old_generation > 0; }));
  CHECK(b.wrong() == texts{});
  CHECK(a.own().counters().bad == 0);
}

TEST_CASE("a peer of another graph is not let in, and both sides say why", "[hub]") {
  hub_end a("a", transport::ipc, 1, 1), b("b", transport::ipc, 1, 2);
  a.join(b);
  CHECK(a.until([&] { return a.logged() == texts{"b is not let in: it has another graph"}; }));
  CHECK(b.until([&] { return b.logged() == texts{"a is not let in: it has another graph"}; }));
  CHECK(a.peers() == texts{});
  CHECK(b.peers() == texts{});
}

TEST_CASE("whoever answers under another name is not the peer", "[hub]") {
  hub_end a("a", transport::ipc), b("b", transport::ipc);
  a.own().join("c", b.own().data_address(), b.own().control_address());
  CHECK(a.until([&] { return !a.logged().empty(); }));
  CHECK(a.logged()[0].ends_with(" is not c but b"));
  CHECK(a.peers() == texts{});
}

TEST_CASE("a hello that nobody answers is said again, on a connection with another name",
          "[hub][X26]") {
  zmq::context_t context;
  zmq::socket_t mute(context, zmq::socket_type::router);
  mute.set(zmq::sockopt::rcvtimeo, 30'000);
  mute.bind("tcp://127.0.0.1:*");
  hub_end a("a", transport::ipc);
  const std::string there = mute.get(zmq::sockopt::last_endpoint);
  a.own().join("b", there, there);
  std::set<std::string> names;
  for (std::size_t hellos = 1; hellos <= 6; ++hellos) {
    zmq::message_t name, hello;
    REQUIRE(mute.recv(name));
    REQUIRE(mute.recv(hello));
    names.insert(name.to_string());
    CHECK(names.size() == hellos);
  }
  CHECK(a.peers() == texts{});
}

TEST_CASE("a peer that was left is neither seen nor lost", "[hub]") {
  hub_end a("a", transport::ipc), b("b", transport::ipc);
  join_both(a, b);
  CHECK(a.until([&] { return a.peers() == texts{"b 1"}; }));
  CHECK(b.until([&] { return b.peers() == texts{"a 1"}; }));
  b.own().leave("a");
  a.own().leave("b");
  b.kill();
  hub_end c("c", transport::ipc);
  a.join(c);
  CHECK(a.until([&] { return a.peers().size() > 1; }));
  CHECK(a.peers() == texts{"b 1", "c 1"});
  c.kill();  // the deadline of a peer that is not left passes, and with it that of `b`
  CHECK(a.until([&] { return a.peers().size() > 2; }));
  CHECK(a.peers() == texts{"b 1", "c 1", "c lost"});
}

TEST_CASE("what cannot be listened at is an error that names the address", "[hub]") {
  hub_end a("a", transport::tcp);
  hub_options options;
  options.node = "b";
  options.incarnation = {{1, 1}};
  options.data = "tcp://127.0.0.1:0";
  options.control = a.own().control_address();
  auto opened = hub::open(options, a);
  REQUIRE_FALSE(opened);
  CHECK(opened.failure().message ==
        "cannot listen at " + a.own().control_address() + " (Address already in use)");
  options.control = "tcp://0.0.0.0:0";
  CHECK(hub::open(options, a).failure().code == error_code::refused);
  options.control = options.data;
  options.node = "b/c";
  CHECK(hub::open(options, a).failure().message == "a node cannot be named so: b/c");
}

}  // namespace sluice

#include <algorithm>
#include <filesystem>
#include <cstring>
#include <mutex>
#include <string>
#include <vector>

#include <zmq.hpp>

#include "sluice/links/allow_list.hpp"
#include "sluice/links/control_channel.hpp"
#include "sluice/links/curve_keys.hpp"
#include "sluice/links/frame.hpp"
#include "sluice/links/sockets.hpp"
#include "sluice/tests/links/hub_end.hpp"
#include "sluice/tests/links/key_ring.hpp"
#include "sluice/tests/links/raw_dealer.hpp"
#include "sluice/tests/messages/sample_frames.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice {

namespace {

using texts = std::vector<std::string>;

// A hub end with keys.
struct keyed_end : hub_end {
  keyed_end(const std::string& node, const key_ring& ring, transport over = transport::tcp)
      : hub_end(node, over, 1, 1, ring.of(node)) {}
};

// A connection that should not come to be: said hello on, and watched until its handshake fails.
class attempt {
 public:
  attempt(zmq::context_t& context, const std::string& endpoint, const connection_name& as)
      : socket_(context, zmq::socket_type::dealer), monitor_(context, zmq::socket_type::pair) {
    socket_.set(zmq::sockopt::linger, 0);
    socket_.set(zmq::sockopt::routing_id, to_routing_id(as));
    monitor_.set(zmq::sockopt::rcvtimeo, 30'000);
    const std::string watching = "inproc://attempt-" + std::to_string(as.number);
    REQUIRE(zmq_socket_monitor(socket_.handle(), watching.c_str(), ZMQ_EVENT_ALL) == 0);
    monitor_.connect(watching);
    endpoint_ = endpoint;
    hello_ = hello_of(as);
  }
  // A thread of ZeroMQ would wait for ever for room to tell a monitor that is gone.
  ~attempt() { zmq_socket_monitor(socket_.handle(), nullptr, 0); }
  zmq::socket_t& socket() { return socket_; }

  // True if it got through.
  bool gets_through() {
    socket_.connect(endpoint_);
    socket_.send(zmq::buffer(hello_));
    for (;;) {
      zmq::message_t what, where;
      REQUIRE(monitor_.recv(what));
      REQUIRE(monitor_.recv(where));
      std::uint16_t event = 0;
      std::memcpy(&event, what.data(), sizeof event);
      if (event == ZMQ_EVENT_HANDSHAKE_SUCCEEDED) return true;
      if (event == ZMQ_EVENT_HANDSHAKE_FAILED_AUTH || event == ZMQ_EVENT_DISCONNECTED ||
          event == ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL ||
          event == ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL)
        return false;
    }
  }

 private:
  zmq::socket_t socket_, monitor_;
  std::string endpoint_, hello_;
};

enum class stranger { without_keys, with_a_password, unknown, wrong_server, without_its_secret };

void dress(zmq::socket_t& socket, stranger as, const key_ring& ring) {
  namespace option = zmq::sockopt;
  dealer_keys keys = ring.line("m", "b");
  switch (as) {
    case stranger::without_keys:
      return;
    case stranger::with_a_password:
      socket.set(option::plain_username, "m");
      socket.set(option::plain_password, "m");
      return;
    case stranger::unknown:
      keys.own = new_key_pair();
      break;
    case stranger::wrong_server:
      keys.server = new_key_pair().public_key;
      break;
    case stranger::without_its_secret:
      keys.own.secret_key = new_key_pair().secret_key;
      break;
  }
  socket.set(option::curve_publickey, keys.own.public_key);
  socket.set(option::curve_secretkey, keys.own.secret_key);
  socket.set(option::curve_serverkey, keys.server);
}

std::size_t open_files() {
  const std::filesystem::directory_iterator files("/proc/self/fd");
  return static_cast<std::size_t>(std::distance(begin(files), end(files)));
}

hub_options options_of(const std::string& node) {
  hub_options options;
  options.job = hub_job;
  options.graph = {1};
  options.node = node;
  options.incarnation = {{1, 1}};
  options.data = options.control = "tcp://127.0.0.1:0";
  return options;
}

}  // namespace

TEST_CASE("hubs with keys carry rows, markers and control frames", "[hub][F1501]") {
  const auto over = GENERATE(transport::ipc, transport::tcp);
  const key_ring ring({"a", "b"}, "a");
  keyed_end a("a", ring, over), b("b", ring, over);
  a.join(b);
  b.join(a);
  a.begin(1, {outlet_of(0, "b", hub_end::ten_batches), inlet_of(1, "b")});
  b.begin(1, {inlet_of(0, "a", hub_end::ten_batches), outlet_of(1, "a")});
  b.open_inlet(0);
  a.open_inlet(1);
  a.send_batches(0, 700);
  b.send_batches(1, 700);
  a.own().tell("b", drain_frame{{1}});
  CHECK(b.until([&] { return b.batches(0) == 700 && b.markers(0) == 100; }));
  CHECK(a.until([&] { return a.batches(1) == 700 && a.markers(1) == 100; }));
  CHECK(b.until([&] { return b.heard() == std::vector<control_frame>{drain_frame{{1}}}; }));
  CHECK(a.wrong() == texts{});
  CHECK(b.wrong() == texts{});
  CHECK(b.own().counters().bad + a.own().counters().bad == 0);
  CHECK(b.own().counters().refused + a.own().counters().refused == 0);
}

TEST_CASE("a thousand connections without the right keys: none gets through, rows go on",
          "[hub][F19][F1501]") {
  const key_ring ring{"a", "b", "m"};
  keyed_end a("a", ring), b("b", ring);
  a.join(b);
  b.join(a);
  a.begin(1, {outlet_of(0, "b"), inlet_of(1, "b")});
  b.begin(1, {inlet_of(0, "a"), outlet_of(1, "a")});
  b.open_inlet(0);
  a.open_inlet(1);
  a.send_batches(0, 1'000'000);
  b.send_batches(1, 1'000'000);
  REQUIRE(b.until([&] { return b.batches(0) > 0; }));
  zmq::context_t context;
  constexpr std::uint64_t attempts = 1'000;
  for (std::uint64_t n = 0; n < attempts; ++n) {
    INFO(n);
    const auto& port = n / 5 % 2 == 0 ? b.own().data_address() : b.own().control_address();
    attempt one(context, port, {"m", {{66, 6}}, n + 1});
    dress(one.socket(), static_cast<stranger>(n % 5), ring);
    REQUIRE_FALSE(one.gets_through());
  }
  // ZeroMQ may have tried one more than once.
  CHECK(b.until([&] { return b.own().counters().refused >= attempts; }));
  CHECK(b.until([&] { return b.own().counters().unknown_keys >= attempts / 5; }));
  CHECK(b.peers() == texts{"a 1"});
  CHECK(b.own().counters().not_greeted + b.own().counters().bad == 0);
  CHECK(b.heard().empty());
  const std::uint64_t there = b.batches(0), here = a.batches(1);
  CHECK(b.until([&] { return b.batches(0) >= there + 1'000; }));
  CHECK(a.until([&] { return a.batches(1) >= here + 1'000; }));
  CHECK(a.wrong() == texts{});
  CHECK(b.wrong() == texts{});
  CHECK(a.peers() == texts{"b 1"});
  // Of two kinds, at most one a second each: a minute is far more than this takes.
  CHECK(!b.logged().empty());
  CHECK(b.logged().size() <= 120);
}

TEST_CASE("who has the key of one node cannot be another", "[hub][F19][F1501]") {
  const key_ring ring{"a", "b", "m"};
  keyed_end b("b", ring, transport::ipc);
  b.begin(1, {inlet_of(0, "a")});
  b.open_inlet(0);
  const connection_name of_a{"a", {{1, 1}}, 1}, of_m{"m", {{66, 6}}, 1};
  const auto line = ring.line("m", "b");
  const std::string& port = b.own().data_address();
  const auto bad = [&](std::uint64_t count) {
    return b.until([&] { return b.own().counters().bad == count; });
  };
  {
    raw_dealer thief(port, to_routing_id(of_a), line);
    thief.send(hello_of(of_a));
    CHECK(bad(1));
    raw_dealer liar(port, to_routing_id(of_m), line);
    liar.send(hello_of(of_a));
    CHECK(bad(2));
    CHECK(b.peers() == texts{});
    CHECK(b.logged()[0] == "bad frame from the key of m: a connection of another node");
  }
  // On the name of a connection that was right and has ended.
  const connection_name ended{"a", {{1, 1}}, 2}, later{"a", {{1, 1}}, 3};
  {
    raw_dealer right(port, to_routing_id(ended), ring.line("a", "b"));
    right.send(hello_of(ended));
    CHECK(type_of(right.read()) == frame_type::hello);
    right.send(marker_of(0, 1));
    CHECK(b.until([&] { return b.markers(0) == 1; }));
  }
  raw_dealer next(b.own().control_address(), to_routing_id(later), ring.line("a", "b"));
  next.send(hello_of(later));
  CHECK(type_of(next.read()) == frame_type::hello);
  raw_dealer thief(port, to_routing_id(ended), line);
  thief.send(marker_of(0, 2));
  CHECK(bad(3));
  CHECK(b.markers(0) == 1);
  CHECK(b.peers() == texts{"a 1"});
  // Whoever keeps at it is not looked at any more; that is not held against the node.
  for (int i = 0; i < 200; ++i) thief.send(marker_of(0, 2));
  CHECK(b.until([&] { return b.own().counters().not_looked_at == 102; }));
  const connection_name again{"a", {{1, 1}}, 4};
  raw_dealer back(port, to_routing_id(again), ring.line("a", "b"));
  back.send(hello_of(again));
  CHECK(type_of(back.read()) == frame_type::hello);
  back.send(marker_of(0, 2));
  CHECK(b.until([&] { return b.markers(0) == 2; }));
}

TEST_CASE("only a coordinator says what coordinators say", "[hub][F19][F1501]") {
  const key_ring ring({"b", "data", "boss"}, "boss");
  keyed_end b("b", ring, transport::ipc);
  const bool boss = GENERATE(false, true);
  const connection_name who{boss ? "boss" : "data", {{5, 5}}, 1};
  raw_dealer dealer(b.own().control_address(), to_routing_id(who), ring.line(who.node, "b"));
  dealer.send(hello_of(who));
  CHECK(type_of(dealer.read()) == frame_type::hello);
  // A frame that is not let through keeps its number, and those behind it wait.
  std::uint64_t seq = 0, dropped = 0;
  std::vector<control_frame> heard;
  for (const control_frame& frame : sample_frames()) {
    const frame_type type = type_of(frame);
    if (!is_numbered(type)) continue;
    dealer.send(control_bytes(hub_job, frame, seq).value());
    if (!boss && is_said_by_coordinator(type)) {
      ++dropped;
      continue;
    }
    ++seq;
    heard.push_back(frame);
  }
  CHECK(dropped == (boss ? 0 : 7));
  CHECK(b.until([&] { return b.heard().size() == heard.size(); }));
  CHECK(b.until([&] { return b.own().counters().bad == dropped; }));
  CHECK(b.heard() == heard);
  if (!boss) CHECK(b.logged()[0] == "bad frame from data: start is for coordinators to say");
}

TEST_CASE("a line of a coordinator's kind back to who connected is judged the same",
          "[hub][F19][F1501]") {
  const key_ring ring{"a", "b"};
  keyed_end a("a", ring), b("b", ring);
  a.join(b);  // only: what `b` tells comes on the line of `a`
  b.own().tell("a", started_frame{{1}, "b"});
  CHECK(a.until([&] { return a.heard().size() == 1; }));
  b.own().tell("a", stop_frame{{1}});
  CHECK(a.until([&] { return a.own().counters().bad > 0; }));
  CHECK(a.heard().size() == 1);
}

TEST_CASE("hubs that do not know each other's keys say so and do not meet", "[hub][F1501]") {
  const key_ring one{"a", "b"}, other{"a", "b"};
  keyed_end a("a", one), b("b", other);
  a.join(b);
  CHECK(a.until([&] { return !a.logged().empty(); }));
  CHECK(
      a.logged()[0].ends_with(" lets no connection through: does each, b and a, have the key of "
                              "the other in its allow-list?"));
  CHECK(b.until([&] { return !b.logged().empty(); }));
  CHECK(b.logged()[0].starts_with("not let in: a handshake at "));

  hub_keys known = one.of("a");
  known.allowed.push_back({"c", node_role::data, other.of("b").own.public_key});
  hub_end c("a", transport::tcp, 1, 1, known);
  c.own().join("c", b.own().data_address(), b.own().control_address());
  const std::string unknown =
      "not let in: key " + known.own.public_key + " of 127.0.0.1: not in the allow-list";
  CHECK(b.until([&] {
    const texts logged = b.logged();
    return std::find(logged.begin(), logged.end(), unknown) != logged.end();
  }));
  c.own().join("d", b.own().data_address(), b.own().control_address());
  const std::string no_key =
      "cannot connect to d at " + b.own().data_address() + " (its key is not in the allow-list)";
  CHECK(c.until([&] {
    const texts logged = c.logged();
    return std::find(logged.begin(), logged.end(), no_key) != logged.end();
  }));
  CHECK(a.peers().size() + b.peers().size() + c.peers().size() == 0);
}

TEST_CASE("lines that are refused leave nothing behind", "[hub][F1501]") {
  const key_ring ring{"b", "c"};
  keyed_end b("b", ring);
  zmq::context_t context;
  const std::size_t before = open_files();
  const dealer_keys known = ring.line("c", "b");
  const key_pair unknown = new_key_pair();
  for (std::uint64_t number = 1; number <= 300; ++number) {
    const line_keys keys{unknown, known.server};
    peer_line line(context, b.own().data_address(), to_routing_id({"c", {{1, 1}}, number}), number,
                   &keys);
    zmq::pollitem_t told[] = {{line.monitor().handle(), 0, ZMQ_POLLIN, 0}};
    REQUIRE(zmq_poll(told, 1, 30'000) == 1);
    REQUIRE(line.next_event() == peer_line::event::refused);
  }
  CHECK(b.until([&] { return open_files() < before + 20; }));
}

TEST_CASE("a hub refuses to listen beyond this machine without keys", "[hub][F1501]") {
  const key_ring ring{"b"};
  hub_end other("a", transport::ipc);  // who is told
  hub_options options = options_of("b");
  const std::string problem =
      "without keys only ipc:// and loopback addresses are listened at, "
      "not tcp://0.0.0.0:0";
  for (std::string hub_options::*port : {&hub_options::data, &hub_options::control}) {
    options = options_of("b");
    options.*port = "tcp://0.0.0.0:0";
    const auto without = hub::open(options, other);
    REQUIRE_FALSE(without);
    CHECK(without.failure() == error{error_code::refused, problem});
    options.keys = ring.of("b");
    CHECK(hub::open(options, other));
    options.*port = "inproc://b";
    CHECK(hub::open(options, other).failure() ==
          error{error_code::refused, "neither ipc://PATH nor tcp://ADDRESS:PORT: inproc://b"});
  }
}

TEST_CASE("a hub without keys connects to nobody beyond this machine", "[hub][F1501]") {
  hub_end a("a", transport::ipc);
  a.own().join("b", "tcp://192.0.2.1:9", "inproc://b");
  CHECK(a.until([&] { return a.logged().size() == 2; }));
  CHECK(a.logged() == texts{"cannot connect to b at inproc://b (neither ipc://PATH nor "
                            "tcp://ADDRESS:PORT)",
                            "cannot connect to b at tcp://192.0.2.1:9 (without keys only to "
                            "ipc:// and loopback addresses)"});
}

TEST_CASE("an insecure hub says so of every socket it opens", "[hub][F1501]") {
  hub_end b("b", transport::tcp);
  hub_options options = options_of("a");
  options.data = "tcp://0.0.0.0:0";
  options.insecure = true;
  std::vector<std::string> said;
  std::mutex mutex;
  options.log = [&](const std::string& line) {
    const std::lock_guard lock(mutex);
    said.push_back(line);
  };
  {
    const auto a = hub::open(options, b).value();
    a->join("b", b.own().data_address(), b.own().control_address());
    const auto all = [&] {
      const std::lock_guard lock(mutex);
      return said.size() == 4;
    };
    CHECK(b.until(all));
    const std::string open = ", nothing is encrypted, anyone may speak";
    CHECK(said == texts{"insecure: listening at " + a->data_address() + open,
                        "insecure: listening at " + a->control_address() + open,
                        "insecure: connecting to b at " + b.own().control_address(),
                        "insecure: connecting to b at " + b.own().data_address()});
  }
  options.keys = key_ring{"a"}.of("a");
  CHECK(hub::open(options, b).failure() ==
        error{error_code::refused, "a hub with keys is not insecure"});
}

TEST_CASE("keys that do not fit together are refused, and no secret is told", "[hub][F1501]") {
  hub_end told("t", transport::ipc);
  const key_ring ring{"a", "b"};
  hub_options options = options_of("a");
  const auto problem = [&] {
    const auto opened = hub::open(options, told);
    REQUIRE_FALSE(opened);
    CHECK(opened.failure().message.find(ring.of("a").own.secret_key) == std::string::npos);
    return opened.failure().message;
  };
  options.keys = ring.of("a");
  CHECK(hub::open(options, told));
  options.keys->own.secret_key = ring.of("b").own.secret_key;
  CHECK(problem() == "the halves of the key of a do not belong together");
  options.keys->own = ring.of("b").own;
  CHECK(problem() == "the allow-list has another key of this node: a");
  options.keys = ring.of("a");
  options.keys->allowed.push_back(options.keys->allowed[1]);
  CHECK(problem() == "two keys of one node: b");
}

}  // namespace sluice

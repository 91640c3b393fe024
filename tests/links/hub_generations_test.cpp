#include <string>
#include <vector>

#include "sluice/links/batch_frame.hpp"
#include "sluice/links/control_channel.hpp"
#include "sluice/links/frame.hpp"
#include "sluice/tests/links/hub_end.hpp"
#include "sluice/tests/links/raw_dealer.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice {

namespace {

using texts = std::vector<std::string>;
using frames = std::vector<control_frame>;

const connection_name peer{"m", {{66, 6}}, 1};

std::string marker_in(std::uint64_t generation, std::uint64_t epoch) {
  return std::string(
      marker_frame({{epoch}, true, false, false, {5}}, {hub_job, {generation}, {0}, epoch - 1})
          .bytes);
}

// A greeted connection.
struct greeted_dealer : raw_dealer {
  explicit greeted_dealer(const std::string& port, std::uint64_t number = 1)
      : raw_dealer(port, to_routing_id({peer.node, peer.incarnation, number})) {
    greet();
  }
  void greet() {
    send(hello_of(peer));
    while (type_of(read()) != frame_type::hello) {
    }
  }
  void tell(const control_frame& frame, std::uint64_t seq) {
    send(control_bytes(hub_job, frame, seq).value());
  }
  // How often it was told to stop speaking before the next frame of `type`.
  int fenced_before(frame_type type) {
    for (int times = 0;;) {
      const control_frame next = read();
      if (type_of(next) == type) return times;
      if (type_of(next) == frame_type::fenced) ++times;
    }
  }
};

}  // namespace

TEST_CASE("what is told of an older generation is taken, answered once and not told on",
          "[hub][I8]") {
  hub_end b("b", transport::ipc);
  b.begin(2, {});
  greeted_dealer m(b.own().control_address());
  m.tell(drain_frame{{1}}, 0);
  m.tell(report_request_frame{{1}}, 1);
  m.tell(stop_frame{{2}}, 2);
  CHECK(b.until([&] { return b.heard() == frames{stop_frame{{2}}}; }));
  CHECK(b.until([&] { return b.own().counters().old_generation == 2; }));
  b.own().tell("m", pace_frame{{2}, {5}});
  CHECK(m.fenced_before(frame_type::pace) == 1);
}

TEST_CASE("rows of an older generation are answered if they are sound, and once a second",
          "[hub][I8][L14]") {
  hub_end b("b", transport::ipc);
  b.begin(2, {inlet_of(0, "m")});
  greeted_dealer m(b.own().data_address());
  std::string damaged = marker_in(1, 1);
  damaged.back() ^= 1;
  m.send(damaged);
  m.send(hello_of(peer));
  CHECK(m.fenced_before(frame_type::hello) == 0);
  for (int times = 0; times < 3; ++times) m.send(marker_in(1, 1));
  m.send(hello_of(peer));
  CHECK(m.fenced_before(frame_type::hello) == 1);
  CHECK(b.until([&] { return b.own().counters().old_generation == 4; }));
  CHECK(b.markers(0) == 0);
}

TEST_CASE("rows of a newer generation are dropped and nobody's fault", "[hub][I8][L14]") {
  hub_end b("b", transport::ipc);
  b.begin(1, {inlet_of(0, "m")});
  b.open_inlet(0);
  greeted_dealer m(b.own().data_address());
  m.send(marker_in(2, 1));
  CHECK(b.until([&] { return b.own().counters().newer_generation == 1; }));
  CHECK(b.own().counters().bad == 0);
  CHECK(b.markers(0) == 0);
  b.begin(2, {inlet_of(0, "m")});
  b.open_inlet(0);
  m.send(marker_in(2, 1));
  CHECK(b.until([&] { return b.markers(0) == 1; }));
}

TEST_CASE("a fence of the hub's own generation, or a damaged one, says nothing", "[hub][I8]") {
  hub_end b("b", transport::ipc);
  b.begin(2, {});
  greeted_dealer m(b.own().control_address());
  m.tell(fenced_frame{{2}}, 0);
  m.tell(fenced_frame{{1}}, 0);
  std::string damaged = control_bytes(hub_job, fenced_frame{{3}}).value();
  damaged[48] ^= 1;  // its epoch, which no fence has
  m.send(damaged);
  m.tell(fenced_frame{{4}}, 0);
  CHECK(b.until([&] { return !b.heard().empty(); }));
  CHECK(b.heard() == frames{fenced_frame{{4}}});
  CHECK(b.until([&] { return b.own().counters().bad == 1; }));
}

TEST_CASE("nothing of an older generation is told, and each generation is said to have begun",
          "[hub][I8]") {
  hub_end b("b", transport::ipc);
  b.own().tell("m", drain_frame{{1}});  // not sent before the next one begins
  b.begin(2, {});
  b.own().tell("m", drain_frame{{1}});
  b.own().tell("m", drain_frame{{2}});
  b.begin(3, {});
  b.own().tell("m", report_request_frame{{2}});
  b.own().tell("m", stop_frame{{3}});
  CHECK(b.until([&] { return b.begun_generations().size() == 2; }));
  CHECK(b.begun_generations() == std::vector<std::uint64_t>{2, 3});
  greeted_dealer m(b.own().control_address());
  control_frame first = m.read();
  while (!is_numbered(type_of(first))) first = m.read();
  CHECK(first == control_frame{stop_frame{{3}}});
}

TEST_CASE("what is left is left: channels, connections and words, until it is joined again",
          "[hub]") {
  hub_end b("b", transport::ipc);
  b.begin(1, {inlet_of(0, "m"), outlet_of(1, "m")});
  b.open_inlet(0);
  greeted_dealer data(b.own().data_address()), control(b.own().control_address());
  b.own().tell("m", drain_frame{{1}});  // and again, as nobody acknowledges it
  CHECK(b.until([&] { return b.own().counters().told_again > 0; }));
  const std::uint64_t again = b.own().counters().told_again;
  b.own().leave("m");
  CHECK(b.until([&] { return b.broken_channels().size() == 2; }));
  CHECK(b.broken_channels() == texts{"1: this process has left m", "0: this process has left m"});
  data.send(marker_in(1, 1));
  control.tell(stop_frame{{1}}, 0);
  CHECK(b.until([&] { return b.own().counters().not_greeted == 2; }));
  CHECK(b.own().counters().told_again >= again);
  CHECK(b.heard().empty());

  b.own().join("m", "", "");  // nowhere: it has to come by itself
  greeted_dealer back(b.own().control_address(), 2);
  back.tell(stop_frame{{1}}, 0);
  CHECK(b.until([&] { return b.heard() == frames{stop_frame{{1}}}; }));
  CHECK(b.peers() == texts{"m 6", "m 6"});
}

}  // namespace sluice

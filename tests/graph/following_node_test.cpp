#include "sluice/graph/following_node.hpp"

#include "sluice/tests/graph/stepped_node.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice {

namespace {

using namespace std::chrono_literals;

constexpr incarnation_id first_start{{1, 1}};

// Node b, which hears a; moments grow by 100 ms a turn.
class follower : public stepped_node {
 public:
  follower() : stepped_node("b") {}

  void turn(std::optional<node_event> event = {}, milliseconds later = 100ms) {
    now += later;
    node.turn(std::move(event), now);
  }
  void hears(control_frame frame, const std::string& from = "a") {
    turn(frame_event{from, std::move(frame)});
  }
  void sees_coordinator() { turn(peer_seen_event{"a", first_start}); }
  start_frame start(std::uint64_t generation) const { return start_of({generation}, {"a", "b"}); }
  std::vector<std::uint64_t> started() const {
    std::vector<std::uint64_t> all;
    for (const auto& frame : port.frames<started_frame>("a")) all.push_back(frame.generation.value);
    return all;
  }
  std::vector<failed_frame> failed() const { return port.frames<failed_frame>("a"); }
  void settle() { dynamic_cast<stepped_part&>(*node.part()).settle(); }

  milliseconds now{1000};
  following_node node{around()};
};

using numbers = std::vector<std::uint64_t>;

}  // namespace

TEST_CASE("a node runs its part of what it is given, and says that it has begun",
          "[following_node][actors][R4]") {
  follower b;
  b.sees_coordinator();
  CHECK(b.node.part() == nullptr);
  b.hears(b.start(3));
  CHECK(b.started() == numbers{3});
  CHECK(b.node.generation() == generation_id{3});
  REQUIRE(b.node.part());
  REQUIRE(b.port.begun.size() == 1);
  CHECK(b.port.begun[0].first == generation_id{3});
  CHECK_FALSE(b.port.begun[0].second.empty());
  for (const auto& channel : b.port.begun[0].second) CHECK(channel.peer == "a");
  b.settle();
  CHECK_FALSE(b.port.grants.empty());  // its inlets are open
  CHECK_FALSE(b.node.ended());
}

TEST_CASE("the start of a generation that is not newer changes nothing",
          "[following_node][actors][I8]") {
  follower b;
  b.sees_coordinator();
  b.hears(b.start(3));
  b.hears(b.start(3));
  b.hears(b.start(2));
  CHECK(b.started() == numbers{3});
  CHECK(b.parts == 1);
  b.hears(b.start(5));
  CHECK(b.started() == numbers{3, 5});
  CHECK(b.parts == 2);
}

TEST_CASE("only the coordinator starts and stops a node", "[following_node][actors]") {
  follower b;
  b.sees_coordinator();
  b.hears(b.start(3), "c");
  CHECK(b.parts == 0);
  b.hears(stop_frame{{9}}, "c");
  CHECK_FALSE(b.node.ended());
}

TEST_CASE("a plan that is another one here is refused by name", "[following_node][actors][F21]") {
  follower b;
  b.sees_coordinator();
  start_frame other = b.start(3);
  other.plan.replace(other.plan.find("markers 1000"), 12, "markers 2000");
  b.hears(other);
  CHECK(b.started().empty());
  CHECK(b.node.part() == nullptr);
  REQUIRE(b.failed().size() == 1);
  CHECK(b.failed()[0].generation == generation_id{3});
  CHECK(b.failed()[0].stage == "b");
  CHECK(b.failed()[0].reason.find("markers 2000") != std::string::npos);
  b.hears(b.start(4));
  CHECK(b.started() == numbers{4});
}

TEST_CASE("a node that is fenced by a newer generation ends what it runs",
          "[following_node][actors]") {
  follower b;
  b.sees_coordinator();
  b.hears(b.start(3));
  b.hears(fenced_frame{{3}}, "c");
  CHECK(b.node.part());
  b.hears(fenced_frame{{4}}, "c");
  CHECK(b.node.part() == nullptr);
  CHECK_FALSE(b.node.ended());
  b.hears(b.start(4));
  CHECK(b.node.part());
}

TEST_CASE("a node that stood still for longer than the others wait ends what it runs and says so",
          "[following_node][actors][S27][F5]") {
  follower b;
  b.sees_coordinator();
  b.hears(b.start(3));
  b.turn({}, following_node::failure_deadline);
  CHECK(b.node.part());
  CHECK(b.failed().empty());
  b.turn({}, following_node::failure_deadline + 1ms);
  CHECK(b.node.part() == nullptr);
  REQUIRE(b.failed().size() == 1);  // else they would wait for it for ever
  CHECK(b.failed()[0].generation == generation_id{3});
  CHECK(b.failed()[0].stage == "b");
  b.turn({}, 10s);
  CHECK(b.failed().size() == 1);  // it runs nothing
  b.hears(b.start(4));
  CHECK(b.node.part());
}

TEST_CASE("a node that takes long to begin has not stood still", "[following_node][actors]") {
  follower b;
  b.sees_coordinator();
  b.hears(b.start(3));
  b.now += 20s;  // loading its state
  b.node.turned(b.now);
  b.turn();
  CHECK(b.node.part());
  CHECK(b.failed().empty());
}

TEST_CASE("a coordinator that is gone is waited for, then the node gives up",
          "[following_node][actors]") {
  follower b;
  SECTION("after it was there") {
    b.sees_coordinator();
    b.hears(b.start(3));
    b.turn(peer_lost_event{"c"});
    b.turn(peer_lost_event{"a"});
  }
  SECTION("without ever having been there") { b.turn(); }
  for (int i = 0; i < 300; ++i) b.turn();
  CHECK_FALSE(b.node.ended());
  b.turn();
  REQUIRE(b.node.ended());
  REQUIRE_FALSE(*b.node.ended());
  CHECK(b.node.ended()->failure().message == "the coordinator, a, has not been heard for 30 s");
  CHECK(b.node.part() == nullptr);
}

TEST_CASE("a coordinator that comes back in time finds the node where it was",
          "[following_node][actors]") {
  follower b;
  b.sees_coordinator();
  b.hears(b.start(3));
  b.turn(peer_lost_event{"a"});
  for (int i = 0; i < 250; ++i) b.turn();
  b.sees_coordinator();
  for (int i = 0; i < 1000; ++i) b.turn();
  CHECK_FALSE(b.node.ended());
  CHECK(b.node.part());
}

TEST_CASE("a node ends when the run is over", "[following_node][actors]") {
  follower b;
  b.sees_coordinator();
  b.hears(b.start(3));
  b.hears(stop_frame{{2}});  // of another run of the coordinator
  CHECK_FALSE(b.node.ended());
  b.hears(stop_frame{{3}});
  REQUIRE(b.node.ended());
  CHECK(*b.node.ended());
  CHECK(b.node.part() == nullptr);
}

TEST_CASE("a node that is interrupted ends", "[following_node][actors]") {
  follower b;
  b.sees_coordinator();
  b.hears(b.start(3));
  b.interrupted = 1;
  b.turn();
  REQUIRE(b.node.ended());
  CHECK(*b.node.ended());
}

TEST_CASE("a broken channel is told to the coordinator if it is of what runs",
          "[following_node][actors]") {
  follower b;
  b.sees_coordinator();
  b.turn(link_broken_event{{3}, {1}, "no room"});
  b.hears(b.start(3));
  b.turn(link_broken_event{{2}, {1}, "no room"});
  CHECK(b.port.frames<link_broken_frame>("a").empty());
  b.turn(link_broken_event{{3}, {1}, "no room"});
  CHECK(b.port.frames<link_broken_frame>("a") ==
        std::vector<link_broken_frame>{{{3}, {1}, "no room"}});
}

}  // namespace sluice

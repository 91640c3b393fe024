#include "sluice/graph/coordinating_node.hpp"

#include "sluice/tests/graph/stepped_node.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice {

namespace {

using namespace std::chrono_literals;

constexpr incarnation_id first_start{{1, 1}}, second_start{{2, 2}};

// Node a of two, which hears b.
class coordinating : public stepped_node {
 public:
  explicit coordinating(std::size_t nodes = 2) : stepped_node("a", nodes) {}

  void turn(std::optional<node_event> event = {}, milliseconds later = 10ms) {
    now += later;
    node.turn(std::move(event), now);
  }
  void hears(control_frame frame, const std::string& from = "b") {
    turn(frame_event{from, std::move(frame)});
  }
  void sees(const std::string& who, incarnation_id as = first_start) {
    turn(peer_seen_event{who, as});
  }
  void loses(const std::string& who) { turn(peer_lost_event{who}); }
  void started(std::uint64_t generation, const std::string& who = "b") {
    hears(started_frame{{generation}, who}, who);
  }
  // b is there and has begun.
  void runs() {
    sees("b");
    started(1);
  }
  // Lets actors go on, and the node see what became of them.
  void settle() {
    if (node.part()) dynamic_cast<stepped_part&>(*node.part()).settle();
    turn();
  }
  // The inlets of the others are open.
  void gives_room() {
    const auto& [generation, channels] = port.begun.back();
    router.begun(generation);
    for (const auto& channel : channels)
      if (channel.outgoing) router.limit(channel.channel, channel.window);
  }
  std::vector<std::uint64_t> starts(const std::string& to = "b") const {
    std::vector<std::uint64_t> all;
    for (const auto& frame : port.frames<start_frame>(to)) all.push_back(frame.generation.value);
    return all;
  }
  bool told_to_stop(const std::string& who = "b") const {
    return !port.frames<stop_frame>(who).empty();
  }
  std::string problem() const {
    if (!node.ended()) return "goes on";
    return *node.ended() ? "status: " + node.ended()->value().failure
                         : "error: " + node.ended()->failure().message;
  }

  milliseconds now{0};
  coordinating_node node{around(), begin_job(of_numbers.description(), place).value()};
};

using numbers = std::vector<std::uint64_t>;
using texts = std::vector<std::string>;

}  // namespace

TEST_CASE("a generation begins once all nodes are there, and runs once all have begun",
          "[coordinating_node][actors][R4]") {
  coordinating a;
  a.turn();
  CHECK(a.starts().empty());
  a.sees("b");
  CHECK(a.starts() == numbers{1});
  CHECK(a.parts == 1);
  CHECK(a.placed.empty());
  const auto start = a.port.frames<start_frame>("b").at(0);
  CHECK(read_plan_bytes(start.plan, a.planned));
  CHECK(start.restored.epoch == epoch_id{});
  a.gives_room();
  a.settle();
  CHECK(a.port.markers_sent.empty());  // nothing runs yet
  a.started(1);
  REQUIRE(a.placed.size() == 1);
  CHECK(a.placed[0].second.find("a: in") == 0);
  CHECK(a.placed[0].second.find("\nb: ") != std::string::npos);
  a.settle();
  // All rows, though the source may have read them before: the other inlets were open.
  CHECK_FALSE(a.port.rows_sent.empty());
  CHECK_FALSE(a.port.markers_sent.empty());
  CHECK(a.problem() == "goes on");
}

TEST_CASE("the generation of the links has begun here before anybody is told to start",
          "[coordinating_node][actors]") {
  // What they answer at once would be of no generation known here, and be lost.
  struct ordered final : link_port {
    void begin(generation_id, std::vector<hub_channel>) override { did.push_back("begin"); }
    void send(channel_id, batch_ptr, instant) override {}
    void send(channel_id, const marker&) override {}
    void grant(channel_id, const credit&) override {}
    void tell(const std::string&, control_frame frame) override {
      if (std::holds_alternative<start_frame>(frame)) did.push_back("start");
    }
    texts did;
  } port;
  stepped_node here{"a"};
  node_surroundings around = here.around();
  around.links.port = &port;
  coordinating_node node{around, begin_job(here.of_numbers.description(), here.place).value()};
  node.turn(peer_seen_event{"b", first_start}, 1s);
  CHECK(port.did == texts{"begin", "start"});
}

TEST_CASE("who is waited for is said once", "[coordinating_node][actors][X6]") {
  coordinating a{3};
  a.sees("c");
  a.turn({}, 1s);
  CHECK(a.odd.empty());
  a.turn({}, 2s);
  a.turn({}, 2s);
  CHECK(a.odd == texts{"waiting for b"});
  a.turn({}, 1h);
  CHECK(a.starts("c").empty());
  a.sees("b");
  CHECK(a.starts("c") == numbers{1});
}

TEST_CASE("what is of another generation starts nothing", "[coordinating_node][actors][I8]") {
  coordinating a;
  a.sees("b");
  a.started(2);
  a.started(0);
  a.hears(failed_frame{{2}, "b", "other", false});
  a.turn(link_broken_event{{2}, {1}, "other"});
  a.turn();
  CHECK(a.placed.empty());
  CHECK(a.problem() == "goes on");
  a.started(1);
  CHECK(a.placed.size() == 1);
}

TEST_CASE("a node that cannot begin at first ends the run with its reason",
          "[coordinating_node][actors][F21]") {
  coordinating a;
  a.sees("b");
  a.hears(failed_frame{{1}, "b", "the graph is planned otherwise here", false});
  CHECK(a.problem() == "error: b: the graph is planned otherwise here");
  CHECK(a.told_to_stop());
  CHECK(a.node.part() == nullptr);
}

TEST_CASE("a node that goes away while it begins is waited for, also at first",
          "[coordinating_node][actors][F4]") {
  coordinating a;
  a.sees("b");
  SECTION("not heard any more") { a.loses("b"); }
  SECTION("another process") { a.sees("b", second_start); }
  SECTION("a broken channel") { a.turn(link_broken_event{{1}, {1}, "no room"}); }
  CHECK(a.problem() == "goes on");
  REQUIRE(a.failures.size() == 1);
  CHECK(a.node.part() == nullptr);
  a.sees("b", second_start);
  a.turn({}, 200ms);
  a.turn();
  CHECK(a.starts() == numbers{1, 2});
  a.started(2);
  CHECK(a.placed.size() == 1);
}

TEST_CASE("a node that does not begin in time ends the first generation by name",
          "[coordinating_node][actors]") {
  coordinating a{3};
  a.sees("b");
  a.sees("c");
  a.started(1, "b");
  a.turn({}, coordinating_node::start_deadline - 100ms);
  CHECK(a.problem() == "goes on");
  a.turn({}, 200ms);
  CHECK(a.problem() == "error: c did not begin within 60 s");
}

TEST_CASE("a node that is lost ends the generation, and back in time it is in the next",
          "[coordinating_node][actors][F1]") {
  coordinating a;
  a.runs();
  a.loses("b");
  a.settle();
  CHECK(a.failures == texts{"stage cluster: b has not been heard for 1.5 s"});
  CHECK(a.node.part() == nullptr);
  a.sees("b", second_start);
  CHECK(a.starts() == numbers{1});  // after a pause
  a.turn({}, 200ms);
  a.turn();
  CHECK(a.starts() == numbers{1, 2});
  a.started(1);
  CHECK(a.placed.size() == 1);
  a.started(2);
  REQUIRE(a.placed.size() == 2);
  CHECK(a.placed[1].first == 2);
  CHECK(a.placed[1].second.find("\nb: ") != std::string::npos);
}

TEST_CASE("a node that stays away gives its work to the others, and has none when it is back",
          "[coordinating_node][actors][S27]") {
  coordinating a;
  a.runs();
  a.loses("b");
  a.settle();
  a.turn({}, coordinating_node::replace_after - 100ms);
  a.turn();
  CHECK(a.parts == 1);
  a.turn({}, 200ms);
  CHECK(a.parts == 2);
  REQUIRE(a.placed.size() == 2);
  CHECK(a.placed[1].second.find("b: ") == std::string::npos);
  CHECK(a.starts() == numbers{1});
  a.sees("b");
  CHECK(a.node.part());
  a.hears(failed_frame{{1}, "b", "stood still for 8000 ms", false});
  a.loses("b");
  a.turn();
  CHECK(a.failures.size() == 1);
  CHECK(a.problem() == "goes on");
}

TEST_CASE("what a node reports ends a generation that runs", "[coordinating_node][actors]") {
  coordinating a;
  a.runs();
  SECTION("a stage that gave up") {
    a.hears(failed_frame{{1}, "count", "no luck", false});
    a.settle();
    CHECK(a.failures == texts{"stage cluster: count: no luck"});
  }
  SECTION("a process that has ended") {
    a.options.tend = [] {
      return std::vector<std::pair<std::string, std::string>>{{"b", "was ended by signal 9"}};
    };
    a.turn();
    a.settle();
    CHECK(a.failures == texts{"stage cluster: b was ended by signal 9"});
  }
}

TEST_CASE("a node that cannot believe what is durable ends the run for a person to decide",
          "[coordinating_node][actors][D8]") {
  coordinating a;
  a.runs();
  a.loses("b");
  a.settle();
  a.sees("b", second_start);
  a.turn({}, 200ms);
  a.turn();
  a.hears(failed_frame{{2}, "b", "a snapshot is torn", true});
  REQUIRE(a.node.ended());
  REQUIRE_FALSE(*a.node.ended());
  CHECK(a.node.ended()->failure().code == error_code::needs_decision);
  CHECK(a.told_to_stop());
}

TEST_CASE("a coordinator that another one has overtaken ends", "[coordinating_node][actors][R2]") {
  coordinating a;
  a.runs();
  REQUIRE(a.store->bump_generation({1}, 1024).outcome == meta_outcome::done);
  a.hears(fenced_frame{{2}});
  a.settle();
  REQUIRE(a.node.ended());
  CHECK(a.problem().find("another coordinator has taken over") != std::string::npos);
  CHECK(a.failures.empty());  // no other attempt
}

TEST_CASE("an interruption between generations ends the run and says when",
          "[coordinating_node][actors]") {
  coordinating a;
  SECTION("while nodes are missing") {
    a.interrupted = 1;
    a.turn();
    CHECK(a.problem() == "status: stopped while it waited for b");
  }
  SECTION("while they begin") {
    a.sees("b");
    a.interrupted = 1;
    a.turn();
    CHECK(a.problem() == "status: stopped before all nodes had begun");
  }
  SECTION("in the pause") {
    a.runs();
    a.loses("b");
    a.settle();
    a.interrupted = 1;
    a.turn();
    CHECK(a.problem() == "status: stopped between two attempts");
  }
  CHECK(a.told_to_stop());
  CHECK(a.node.part() == nullptr);
}

TEST_CASE("a run that fails again and again gives up and tells the others",
          "[coordinating_node][actors]") {
  coordinating a;
  a.runs();
  std::uint64_t generation = 1;
  while (!a.node.ended() && generation < 100) {
    a.hears(failed_frame{{generation}, "count", "no luck", false});
    a.settle();
    for (int i = 0; i < 20 && !a.node.ended() && a.placed.size() == generation; ++i) {
      a.turn({}, 1s);
      a.started(generation + 1);
    }
    ++generation;
  }
  CHECK(a.failures.size() == a.options.most_restarts);
  CHECK(a.problem() == "status: stage cluster: count: no luck");
  CHECK(a.told_to_stop());
}

}  // namespace sluice

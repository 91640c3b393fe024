#include "sluice/actors/link_router.hpp"

#include "sluice/actors/report_bytes.hpp"
#include "sluice/tests/actors/stepped_actors.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice {

namespace {

constexpr generation_id second{2}, third{3};
constexpr channel_id into{7}, out_of{8};

// A router in front of a stage (channel 7 comes in as its 1, 8 goes out as its 4), the source 0,
// the sink 2 and a coordinator.
class routed {
 public:
  explicit routed(bool coordinates = true) {
    stage_ = actors_.neighbour(stage);
    source_ = actors_.neighbour(source);
    sink_ = actors_.neighbour(sink);
    if (coordinates) coordinator_ = actors_.neighbour(coordinator);
  }
  routed(const routed&) = delete;
  routed& operator=(const routed&) = delete;
  ~routed() {
    for (const auto& one : {stage_, source_, sink_, coordinator_})
      if (one) seam::end(one);
  }

  link_routes routes(generation_id of) const {
    link_routes made;
    made.generation = of;
    made.inlets[into] = {stage_, 1};
    made.outlets[out_of] = {stage_, 4};
    made.sources[0] = source_;
    made.sinks[2] = sink_;
    made.all = {source_, stage_, sink_};
    made.coordinator = coordinator_;
    return made;
  }
  void begin(generation_id of) {
    router.prepare(routes(of));
    router.begun(of);
  }
  void settle() { actors_.settle(); }
  // Whatever comes on channels, once.
  void everything() {
    router.arrived(into, marker{.epoch = {5}});
    router.limit(out_of, {100, 200});
    settle();
  }

  heard stage, source, sink, coordinator;
  std::vector<node_event> events;
  link_router router{[this](node_event e) { events.push_back(std::move(e)); }};

 private:
  stepped_actors actors_;
  caf::actor stage_, source_, sink_, coordinator_;
};

template <class Frame>
bool only_event_is(const std::vector<node_event>& events, const std::string& node,
                   const Frame& frame) {
  if (events.size() != 1) return false;
  const auto* one = std::get_if<frame_event>(&events[0]);
  return one && one->node == node && one->frame == control_frame{frame};
}

}  // namespace

TEST_CASE("what comes on a channel goes to the actor at its end", "[link_router]") {
  routed here;
  here.begin(second);
  here.everything();
  CHECK(here.stage.markers == std::vector<marker>{{.epoch = {5}}});
  CHECK(here.stage.credits == std::vector<credit>{{100, 200}});
  here.router.arrived(channel_id{9}, marker{.epoch = {6}});  // of nobody here
  here.router.limit(into, {1, 1});
  here.router.arrived(out_of, marker{.epoch = {6}});
  here.settle();
  CHECK(here.stage.markers.size() == 1);
  CHECK(here.stage.credits.size() == 1);
  CHECK(here.events.empty());
}

TEST_CASE("routes are in force from the begin of their generation to its end",
          "[link_router][I8]") {
  routed here;
  here.router.prepare(here.routes(second));
  here.everything();
  CHECK(here.stage.markers.empty());  // not begun
  here.router.begun(second);
  here.everything();
  CHECK(here.stage.markers.size() == 1);
  here.router.prepare(here.routes(third));
  here.everything();
  CHECK(here.stage.markers.size() == 2);
  here.router.begun({4});  // nobody's
  here.everything();
  CHECK(here.stage.markers.size() == 2);
  CHECK(here.stage.credits.size() == 2);
}

TEST_CASE("routes that are forgotten lead nowhere", "[link_router]") {
  routed here;
  here.begin(second);
  here.router.forget();
  here.everything();
  here.router.told("b", open_frame{second, 0, {1}, true, false});
  here.settle();
  CHECK(here.stage.markers.empty());
  CHECK(here.source.opened.empty());
}

TEST_CASE("what the coordinator of another node says reaches sources, sinks and everybody",
          "[link_router][E1][E7]") {
  routed here{/*coordinates=*/false};
  here.begin(second);
  here.router.told("a", open_frame{second, 0, {5}, true, false});
  here.router.told("a", open_frame{second, 2, {5}, true, false});  // that is no source
  here.router.told("a", pace_frame{second, {17}});
  here.router.told("a", drain_frame{second});
  here.router.told("a", report_request_frame{second});
  here.settle();
  REQUIRE(here.source.opened.size() == 1);
  CHECK(here.source.opened[0].epoch == epoch_id{5});
  CHECK(here.source.opened[0].commit);
  CHECK(here.source.paces == std::vector<instant>{{17}});
  CHECK(here.source.drains == 1);
  CHECK(here.sink.opened.empty());
  CHECK(here.sink.drains == 0);
  CHECK(here.source.asked_for_reports == 1);
  CHECK(here.stage.asked_for_reports == 1);
  CHECK(here.sink.asked_for_reports == 1);
  CHECK(here.events.empty());
}

TEST_CASE("what instances of other nodes say reaches the coordinator", "[link_router][E5]") {
  routed here;
  here.begin(second);
  const marker passed{.epoch = {5}, .commit = true};
  actor_report report;
  report.number = 4;
  report.busy_ns = 99;
  here.router.told("b", exhausted_frame{second, 3});
  here.router.told("b", passed_frame{second, 4, passed});
  here.router.told("b", progress_frame{second, 3, {8}, true});
  here.router.told("b", report_frame{second, 4, report_bytes(report)});
  here.settle();
  CHECK(here.coordinator.exhausted == 1);
  CHECK(here.coordinator.passed == std::vector<marker>{passed});
  CHECK(here.coordinator.progress == std::vector<progress_message>{{3, {8}, true}});
  REQUIRE(here.coordinator.reports.size() == 1);
  CHECK(here.coordinator.reports[0].number == 4);
  CHECK(here.coordinator.reports[0].busy_ns == 99);
  CHECK(here.events.empty());
}

TEST_CASE("a report that cannot be read is a failure", "[link_router]") {
  routed here;
  here.begin(second);
  here.router.told("b", report_frame{second, 4, "no report"});
  here.settle();
  CHECK(here.coordinator.reports.empty());
  REQUIRE(here.coordinator.failures.size() == 1);
  CHECK(here.coordinator.failures[0].stage == "report");
}

TEST_CASE("frames of another generation change nothing", "[link_router][I8]") {
  routed here;
  here.begin(second);
  for (const generation_id other : {generation_id{1}, third}) {
    here.router.told("b", open_frame{other, 0, {5}, true, false});
    here.router.told("b", exhausted_frame{other, 3});
    here.router.told("b", passed_frame{other, 4, {.epoch = {5}}});
    here.router.told("b", drain_frame{other});
    here.router.told("b", report_request_frame{other});
    here.router.told("b", link_broken_frame{other, into, "old"});
  }
  here.settle();
  CHECK(here.source.opened.empty());
  CHECK(here.source.drains == 0);
  CHECK(here.source.asked_for_reports == 0);
  CHECK(here.coordinator.exhausted == 0);
  CHECK(here.coordinator.passed.empty());
  CHECK(here.coordinator.failures.empty());
}

TEST_CASE("what is for the node itself is handed on", "[link_router]") {
  routed here;
  here.begin(second);
  SECTION("the start of the next generation") {
    start_frame start;
    start.generation = third;
    start.plan = "plan";
    here.router.told("a", start);
    CHECK(only_event_is(here.events, "a", start));
  }
  SECTION("that a node has started") {
    here.router.told("b", started_frame{second, "b"});
    CHECK(only_event_is(here.events, "b", started_frame{second, "b"}));
  }
  SECTION("that a stage there gave up") {
    here.router.told("b", failed_frame{second, "count", "no", false});
    CHECK(only_event_is(here.events, "b", failed_frame{second, "count", "no", false}));
  }
  SECTION("that the run is over") {
    here.router.told("a", stop_frame{second});
    CHECK(only_event_is(here.events, "a", stop_frame{second}));
  }
  SECTION("that this process is fenced") {
    here.router.told("b", fenced_frame{third});
    CHECK(only_event_is(here.events, "b", fenced_frame{third}));
  }
  SECTION("who comes and goes") {
    here.router.peer_seen("b", {{1, 2}});
    here.router.peer_lost("b");
    REQUIRE(here.events.size() == 2);
    CHECK(std::get<peer_seen_event>(here.events[0]).node == "b");
    CHECK(std::get<peer_seen_event>(here.events[0]).incarnation == incarnation_id{{1, 2}});
    CHECK(std::get<peer_lost_event>(here.events[1]).node == "b");
  }
  here.settle();
  CHECK(here.coordinator.failures.empty());
}

TEST_CASE("a broken channel is told to the coordinator, and to the node with its generation",
          "[link_router]") {
  routed here;
  here.begin(second);
  here.router.broken(into, "no room");
  here.settle();
  REQUIRE(here.coordinator.failures.size() == 1);
  CHECK(here.coordinator.failures[0].reason == "channel 7: no room");
  REQUIRE(here.events.size() == 1);
  const auto& event = std::get<link_broken_event>(here.events[0]);
  CHECK(event.generation == second);
  CHECK(event.channel == into);
  CHECK(event.cause == "no room");

  here.router.told("b", link_broken_frame{second, out_of, "gap"});
  here.settle();
  REQUIRE(here.coordinator.failures.size() == 2);
  CHECK(here.coordinator.failures[1].reason == "channel 8: gap");
}

}  // namespace sluice

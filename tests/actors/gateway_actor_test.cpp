#include "sluice/actors/gateway_actor.hpp"

#include "sluice/actors/node_proxy_actor.hpp"
#include "sluice/actors/report_bytes.hpp"
#include "sluice/messages/wire.hpp"
#include "sluice/tests/actors/recording_port.hpp"
#include "sluice/tests/actors/stepped_actors.hpp"
#include "sluice/tests/links/sample_rows.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice {

namespace {

constexpr generation_id second{2};

// One actor under test, which gives what it is told to a port.
template <class Actor>
class ported {
 public:
  template <class... Args>
  explicit ported(Args&&... args) : actor_(actors_.spawn<Actor>(std::forward<Args>(args)...)) {}
  ~ported() { seam::end(actor_); }
  ported(const ported&) = delete;
  ported& operator=(const ported&) = delete;

  template <class M>
  void tell(M message) {
    actors_.tell(actor_, std::move(message));
    actors_.settle();
  }

 private:
  stepped_actors actors_;
  caf::actor actor_;
};

}  // namespace

TEST_CASE("rows, markers and credit go out on the channel they name", "[gateway_actor]") {
  recording_port port;
  ported<gateway_actor> gateway{&port, second, "a"};
  batch_ptr rows = sample_rows(3, buffer_pool{});
  gateway.tell(rows_message{7, std::move(rows), {}});
  gateway.tell(marker_message{7, {.epoch = {5}, .commit = true}});
  gateway.tell(credit_message{8, {100, 200}});
  CHECK(port.rows_sent == std::vector<std::pair<std::uint32_t, std::size_t>>{{7, 3}});
  CHECK(port.sole_owner == std::vector<bool>{true});  // it is sent as it lies
  REQUIRE(port.markers_sent.size() == 1);
  CHECK(port.markers_sent[0] == std::pair{std::uint32_t{7}, marker{.epoch = {5}, .commit = true}});
  REQUIRE(port.grants.size() == 1);
  CHECK(port.grants[0] == std::pair{std::uint32_t{8}, credit{100, 200}});
  CHECK(port.told.empty());
}

TEST_CASE("what instances tell the coordinator becomes frames of the generation",
          "[gateway_actor][E5]") {
  recording_port port;
  ported<gateway_actor> gateway{&port, second, "a"};
  instance_snapshot snapshot;
  snapshot.stage = "count";
  snapshot.instance = 1;
  snapshot.epoch = {5};
  snapshot.state = "state";
  const marker passed{.epoch = {5}, .commit = true};
  actor_report report;
  report.number = 4;
  gateway.tell(exhausted_message{3});
  gateway.tell(passed_message{4, passed});
  gateway.tell(progress_message{3, {8}, true});
  gateway.tell(answer_message{4, second, {5}, snapshot});
  gateway.tell(failed_message{"count", "no room"});
  gateway.tell(report);
  CHECK(port.told.size() == 6);
  CHECK(port.frames<exhausted_frame>("a") == std::vector<exhausted_frame>{{second, 3}});
  CHECK(port.frames<passed_frame>("a") == std::vector<passed_frame>{{second, 4, passed}});
  CHECK(port.frames<progress_frame>("a") == std::vector<progress_frame>{{second, 3, {8}, true}});
  CHECK(port.frames<ack_frame>("a") == std::vector<ack_frame>{{second, 4, {5}, snapshot}});
  CHECK(port.frames<failed_frame>("a") ==
        std::vector<failed_frame>{{second, "count", "no room", false}});
  CHECK(port.frames<report_frame>("a") ==
        std::vector<report_frame>{{second, 4, report_bytes(report)}});
}

TEST_CASE("an answer that is too large for a frame is a failure that says so", "[gateway_actor]") {
  recording_port port;
  ported<gateway_actor> gateway{&port, second, "a"};
  instance_snapshot snapshot;
  snapshot.stage = "count";
  snapshot.state = std::string(most_header_bytes, 'x');
  gateway.tell(answer_message{4, second, {5}, snapshot});
  CHECK(port.told.size() == 1);
  const auto failures = port.frames<failed_frame>("a");
  REQUIRE(failures.size() == 1);
  CHECK(failures[0].generation == second);
  CHECK(failures[0].stage == "count");
  CHECK(failures[0].reason.find("too much for a frame") != std::string::npos);
  CHECK(to_wire(control_frame{failures[0]}));
}

TEST_CASE("a reason that is too long for a frame is still a failure of its stage",
          "[gateway_actor]") {
  recording_port port;
  ported<gateway_actor> gateway{&port, second, "a"};
  gateway.tell(failed_message{"count", std::string(most_header_bytes, 'x')});
  const auto failures = port.frames<failed_frame>("a");
  REQUIRE(failures.size() == 1);
  CHECK(failures[0].stage == "count");
  CHECK(to_wire(control_frame{failures[0]}));
}

TEST_CASE("what the coordinator tells another node becomes a frame for each whom it is for",
          "[node_proxy_actor][E1][E7]") {
  recording_port port;
  ported<node_proxy_actor> proxy{node_proxy_actor::options{&port, second, "b", {0, 3}, {4, 5}}};
  proxy.tell(open_message{{5}, true});
  proxy.tell(commit_message{{1}, {4}});
  proxy.tell(pace_message{{17}});
  proxy.tell(drain_message{});
  proxy.tell(report_request{});
  CHECK(port.told.size() == 7);
  CHECK(port.frames<open_frame>("b") ==
        std::vector<open_frame>{{second, 0, {5}, true, false}, {second, 3, {5}, true, false}});
  CHECK(port.frames<commit_frame>("b") ==
        std::vector<commit_frame>{{second, 4, {1}, {4}}, {second, 5, {1}, {4}}});
  CHECK(port.frames<pace_frame>("b") == std::vector<pace_frame>{{second, {17}}});
  CHECK(port.frames<drain_frame>("b") == std::vector<drain_frame>{{second}});
  CHECK(port.frames<report_request_frame>("b") == std::vector<report_request_frame>{{second}});
}

}  // namespace sluice

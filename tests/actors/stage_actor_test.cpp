#include "sluice/actors/stage_actor.hpp"

#include <memory>

#include "sluice/actors/sink_operation.hpp"
#include "sluice/operators/stage_failure.hpp"
#include "sluice/operators/transform.hpp"
#include "sluice/tests/actors/stepped_actors.hpp"
#include "sluice/tests/operators/script.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice {

namespace {

using script::batch_of;

constexpr credit window{8, 1 << 20};

class silent_writer final : public sink_writer {
 public:
  result<void> write(const column_batch&) override { return {}; }
  result<void> flush(epoch_id) override { return {}; }
};

// A stage without outlets between a scripted sender and a scripted coordinator.
class lone_stage {
 public:
  explicit lone_stage(std::unique_ptr<operation> work = std::make_unique<identity_operation>()) {
    stage_parts parts;
    parts.inlets.assign(1, {0, window});
    parts.operations.push_back(std::move(work));
    auto made = std::make_shared<stage>(std::move(parts));
    actor_ = actors_.spawn<stage_actor>(actor_identity{3, "tested", 0, {}}, std::move(made),
                                        snapshot_chain{}, std::chrono::milliseconds{1000},
                                        std::make_shared<silent_writer>(), nullptr);
    wire_message wires;
    wires.upstream.push_back({actors_.neighbour(sender), 0});
    wires.coordinator = actors_.neighbour(coordinator);
    tell(std::move(wires));
    tell(start_message{});
    actors_.settle();
  }
  lone_stage(const lone_stage&) = delete;
  lone_stage& operator=(const lone_stage&) = delete;
  ~lone_stage() { seam::end(actor_); }

  template <class M>
  void tell(M message) {
    actors_.tell(actor_, std::move(message));
  }
  void settle() { actors_.settle(); }

  heard sender, coordinator;

 private:
  stepped_actors actors_;
  caf::actor actor_;
};

class failing_operation : public operation {
 public:
  void process(std::size_t, const batch_ptr&, outputs&) override {
    throw stage_failure("no room on the disk");
  }
};

}  // namespace

TEST_CASE("a stage grants its window at the start and what it owes before it sleeps",
          "[stage_actor][C8]") {
  lone_stage stage;
  CHECK(stage.sender.credits == std::vector{window});
  stage.tell(rows_message{0, batch_of({1}), instant::lowest()});
  stage.settle();
  CHECK(stage.sender.credits.back().rows == window.rows + 1);
}

TEST_CASE("a report that waits does not keep a stage from granting what it owes",
          "[stage_actor][C8]") {
  lone_stage stage;
  stage.tell(rows_message{0, batch_of({1}), instant::lowest()});
  stage.tell(report_request{});
  stage.settle();
  CHECK(stage.coordinator.reports.size() == 1);
  CHECK(stage.sender.credits.back().rows == window.rows + 1);  // a batch of the window may come
}

TEST_CASE("a marker that has passed a sink is told to the coordinator behind its rows",
          "[stage_actor]") {
  lone_stage stage;
  const marker m{.epoch = {1}, .commit = true};
  stage.tell(rows_message{0, batch_of({1, 2}), instant::lowest()});
  stage.tell(marker_message{0, m});
  stage.settle();
  CHECK(stage.coordinator.passed == std::vector{m});
  stage.tell(report_request{});
  stage.settle();
  REQUIRE(stage.coordinator.reports.size() == 1);
  const actor_report& report = stage.coordinator.reports[0];
  CHECK(report.number == 3);
  CHECK(std::get<stage_counters>(report.counts).rows_in == 2);
  CHECK(report.most_queued == std::vector{credit{2, report.most_queued[0].bytes}});
  CHECK(report.queued == std::vector{credit{}});
  CHECK(report.credit_left == std::vector{window});  // granted again: the channel was quiet
}

TEST_CASE("a stage that fails says so once, with its name, and does nothing more",
          "[stage_actor]") {
  lone_stage stage{std::make_unique<failing_operation>()};
  stage.tell(rows_message{0, batch_of({1}), instant::lowest()});
  stage.tell(rows_message{0, batch_of({2}), instant::lowest()});
  stage.tell(marker_message{0, marker{.epoch = {1}}});
  stage.settle();
  REQUIRE(stage.coordinator.failures.size() == 1);
  CHECK(stage.coordinator.failures[0].stage == "tested");
  CHECK(stage.coordinator.failures[0].reason == "no room on the disk");
  CHECK(stage.coordinator.passed.empty());
  CHECK(stage.sender.credits.size() == 1);
}

}  // namespace sluice

#include "sluice/actors/coordinator_actor.hpp"

#include <array>

#include "sluice/tests/actors/stepped_actors.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice {

namespace {

using namespace std::chrono_literals;
using told = std::vector<std::pair<std::uint64_t, bool>>;  // epoch, COMMIT

// A coordinator of two sources (0 and 1) and a sink (2), a marker every 100 ms.
class coordinated {
 public:
  explicit coordinated(std::chrono::milliseconds report_every = 0ms) {
    coordinator_actor::options options;
    options.epochs = {.interval_ms = 100, .commit_every = 2, .sources = 2, .sinks = 1};
    options.report_every = report_every;
    options.on_status = [this](const run_status& now) { statuses.push_back(now); };
    options.on_end = [this](const run_status& last) { ends.push_back(last); };
    options.on_epoch = [this](epoch_id e, std::uint64_t) { done.push_back(e.value); };
    coordinator_ = actors_.spawn<coordinator_actor>(std::move(options));
    assembly_message all;
    for (heard& log : members) {
      all.all.push_back(actors_.neighbour(log));
      all.blank.emplace_back().stage = "stage " + std::to_string(all.all.size());
    }
    all.sources = {all.all[0], all.all[1]};
    all.paced = {0, 1};
    tell(std::move(all));
  }
  ~coordinated() { seam::end(coordinator_); }
  coordinated(const coordinated&) = delete;
  coordinated& operator=(const coordinated&) = delete;

  template <class M>
  void tell(M message) {
    actors_.tell(coordinator_, std::move(message));
    actors_.settle();
  }
  void pass(std::chrono::milliseconds time) { actors_.pass(time); }
  void passed(std::uint64_t epoch, bool commit = false, bool end = false) {
    tell(passed_message{2, {.epoch = {epoch}, .commit = commit, .end = end}});
  }
  // A member answers; how many rows it has dealt with.
  void report(std::size_t number, std::uint64_t rows) {
    actor_report answer;
    answer.number = number;
    if (number < 2)
      answer.counts = source_counters{.rows = rows, .progress = {}};
    else
      answer.counts = stage_counters{.rows_in = rows, .bypass = {}, .wire = {}, .operation = {}};
    tell(std::move(answer));
  }
  told opened(std::size_t source) const {
    told all;
    for (const auto& m : members[source].opened) all.emplace_back(m.epoch.value, m.commit);
    return all;
  }
  std::vector<std::size_t> asked() const {
    return {members[0].asked_for_reports, members[1].asked_for_reports,
            members[2].asked_for_reports};
  }

  std::array<heard, 3> members;
  std::vector<run_status> statuses, ends;
  std::vector<std::uint64_t> done;

 private:
  stepped_actors actors_;
  caf::actor coordinator_;
};

using counts = std::vector<std::size_t>;

}  // namespace

TEST_CASE("every source is told to open each epoch, and an epoch is done at the sinks",
          "[coordinator_actor][E1]") {
  coordinated run;
  run.pass(99ms);
  CHECK(run.opened(0) == told{});
  run.pass(1ms);
  run.pass(100ms);
  CHECK(run.opened(0) == told{{1, false}, {2, true}});
  CHECK(run.opened(1) == run.opened(0));
  CHECK(run.members[2].opened.empty());
  run.passed(1);
  run.passed(2, true);
  CHECK(run.done == std::vector<std::uint64_t>{1, 2});
  CHECK(run.ends.empty());
}

TEST_CASE("sources that have read everything are told to end", "[coordinator_actor][X6]") {
  coordinated run;
  run.tell(exhausted_message{0});
  run.tell(exhausted_message{1});
  CHECK(run.opened(0) == told{{1, true}, {2, true}});  // one as each of them ends
  CHECK(run.opened(1) == run.opened(0));
}

TEST_CASE("an actor that failed ends the run with its stage and its reason",
          "[coordinator_actor]") {
  coordinated run;
  run.pass(100ms);
  run.tell(failed_message{"count", "no room on the disk"});
  REQUIRE(run.ends.size() == 1);
  CHECK_FALSE(run.ends[0].finished);
  CHECK(run.ends[0].failure == "stage count: no room on the disk");
  CHECK(run.ends[0].opened == epoch_id{1});
  run.tell(failed_message{"out", "was not asked"});
  run.pass(1s);
  CHECK(run.ends.size() == 1);
  CHECK(run.opened(0).size() == 1);
}

TEST_CASE("a drain goes to the sources, which end as they would at the end of their input",
          "[coordinator_actor][C16]") {
  coordinated run;
  run.tell(drain_message{});
  CHECK(run.members[0].drains == 1);
  CHECK(run.members[1].drains == 1);
  CHECK(run.members[2].drains == 0);
  run.tell(exhausted_message{});
  CHECK(run.opened(0) == told{{1, true}});  // at once
  run.tell(exhausted_message{});
  CHECK(run.opened(1) == told{{1, true}, {2, true}});
}

TEST_CASE("when END has passed every sink all report once more, then the run has ended",
          "[coordinator_actor][E9]") {
  coordinated run;
  run.tell(exhausted_message{});
  run.tell(exhausted_message{});
  run.passed(1, true);
  CHECK(run.asked() == counts{0, 0, 0});
  run.passed(2, true, true);
  CHECK(run.asked() == counts{1, 1, 1});
  run.pass(1s);
  CHECK(run.opened(0).size() == 2);
  run.report(2, 30);
  run.report(0, 10);
  CHECK(run.ends.empty());
  run.report(1, 20);
  REQUIRE(run.ends.size() == 1);
  const run_status& last = run.ends[0];
  CHECK(last.finished);
  CHECK(last.failure == "");
  CHECK(last.done == epoch_id{2});
  CHECK(last.commits == 2);
  CHECK(last.instances[0].stage == "stage 1");
  CHECK(last.instances[0].source.rows == 10);
  CHECK(last.instances[1].source.rows == 20);
  CHECK(last.instances[2].work.rows_in == 30);
  CHECK(run.statuses.empty());
}

TEST_CASE("an epoch takes from its opening until the last sink is done with it",
          "[coordinator_actor][F1401]") {
  coordinated run;
  run.pass(100ms);
  run.pass(3ms);
  run.passed(1);
  run.pass(97ms);
  run.pass(100ms);  // epochs 2, a COMMIT, and 3 are open
  run.tell(report_request{});
  for (const std::size_t member : {0u, 1u, 2u}) run.report(member, 1);
  REQUIRE(run.statuses.size() == 1);
  CHECK(run.statuses[0].undecided == 1);
  CHECK(run.statuses[0].epoch_durations.count() == 1);
  CHECK(run.statuses[0].epoch_durations.sum() == 3'000);
  run.passed(2, true);
  run.passed(3);
  run.tell(report_request{});
  for (const std::size_t member : {0u, 1u, 2u}) run.report(member, 1);
  CHECK(run.statuses[1].undecided == 0);
  CHECK(run.statuses[1].epoch_durations.count() == 3);
  CHECK(run.statuses[1].epoch_durations.sum() == 103'000);
  CHECK(run.statuses[1].memory_bytes > 0);
  CHECK(run.statuses[1].memory_limit_bytes > run.statuses[1].memory_bytes);
  CHECK(run.statuses[1].taken_at >= run.statuses[0].taken_at);
}

TEST_CASE("reports are asked for at their interval, but not while some are missing",
          "[coordinator_actor]") {
  coordinated run{50ms};
  run.pass(50ms);
  CHECK(run.asked() == counts{1, 1, 1});
  run.report(0, 1);
  run.report(1, 2);
  run.pass(50ms);
  CHECK(run.asked() == counts{1, 1, 1});
  CHECK(run.statuses.empty());
  run.report(2, 3);
  REQUIRE(run.statuses.size() == 1);
  CHECK(run.statuses[0].instances[1].source.rows == 2);
  CHECK(run.statuses[0].elapsed_ms == 100);
  CHECK_FALSE(run.statuses[0].finished);
  run.pass(50ms);
  CHECK(run.asked() == counts{2, 2, 2});
}

TEST_CASE("reports under way when the run ends are too old to end it with", "[coordinator_actor]") {
  coordinated run;
  run.tell(report_request{});
  run.tell(exhausted_message{});
  run.tell(exhausted_message{});
  run.passed(1, true);
  run.report(0, 1);
  run.passed(2, true, true);
  CHECK(run.asked() == counts{1, 1, 1});
  run.report(1, 1);
  run.report(2, 1);
  CHECK(run.ends.empty());
  CHECK(run.asked() == counts{2, 2, 2});
  for (const std::size_t member : {0u, 1u, 2u}) run.report(member, 9);
  REQUIRE(run.ends.size() == 1);
  CHECK(run.ends[0].instances[0].source.rows == 9);
}

TEST_CASE("sources are told how far the slowest has come that is neither idle nor ended",
          "[coordinator_actor][X20]") {
  coordinated run;
  run.tell(progress_message{0, {500}});
  CHECK(run.members[0].paces.empty());
  run.tell(progress_message{1, {100}});
  run.tell(progress_message{1, {100}, true});
  CHECK(run.members[0].paces == std::vector<instant>{{100}, {500}});
  run.tell(progress_message{1, {600}});
  run.tell(progress_message{0, instant::highest()});
  CHECK(run.members[1].paces == std::vector<instant>{{100}, {500}, {600}});
}

}  // namespace sluice

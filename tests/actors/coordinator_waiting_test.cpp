#include <array>
#include <deque>

#include "sluice/sim/stepped_queue.hpp"
#include "sluice/state/memory_meta_store.hpp"
#include "sluice/tests/actors/stepped_actors.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice {

namespace {

using namespace std::chrono_literals;
using texts = std::vector<std::string>;

// A store that answers commits as it is told, and else as a store in memory does.
class scripted_store final : public meta_store {
 public:
  result<std::optional<meta_truth>> load() override { return beneath_.load(); }
  meta_answer create(const job_id& job, const graph_hash& graph) override {
    return beneath_.create(job, graph);
  }
  meta_answer bump_generation(generation_id expected, std::uint64_t numbers) override {
    return beneath_.bump_generation(expected, numbers);
  }
  meta_answer put_commit(const manifest& m, std::uint64_t numbers) override {
    asked.push_back(m);
    if (next.empty()) return beneath_.put_commit(m, numbers);
    meta_answer answer = next.front();
    next.pop_front();
    return answer;
  }

  std::deque<meta_answer> next;
  std::vector<manifest> asked;

 private:
  memory_meta_store beneath_;
};

meta_answer answer(meta_outcome outcome, const std::string& why) {
  return {.outcome = outcome, .truth = {}, .message = why};
}

// A coordinator of a source (0) and a sink (1), a COMMIT every 100 ms, which both have answered.
class committing {
 public:
  committing() {
    static_cast<void>(store->create(job_id{}, graph_hash{}));
    static_cast<void>(store->bump_generation({0}, 1000));
    how_->generation = {1};
    how_->reserved_to = {1000};
    how_->numbers = 1000;
    how_->queue = queue_;
    how_->store = store;
    how_->on_wait = [this](const std::string& why) { waits.push_back(why); };
    coordinator_actor::options options;
    options.epochs = {.interval_ms = 100, .commit_every = 1, .sources = 1, .sinks = 1};
    options.epochs.reserved_to = {1000};
    options.on_end = [this](const run_status& last) { ends.push_back(last); };
    options.durable = how_;
    coordinator_ = actors_.spawn<coordinator_actor>(std::move(options));
    assembly_message all;
    for (heard& log : members) {
      all.all.push_back(actors_.neighbour(log));
      all.blank.emplace_back().stage = "stage " + std::to_string(all.all.size());
    }
    all.sources = {all.all[0]};
    all.sinks = {all.all[1]};
    all.answering = {0, 1};
    actors_.tell(coordinator_, std::move(all));
    actors_.settle();
    pass(100ms);
    for (const std::size_t number : {0, 1})
      actors_.tell(coordinator_, answer_message{number,
                                                {1},
                                                {1},
                                                {.stage = "s" + std::to_string(number),
                                                 .instance = 0,
                                                 .state = {},
                                                 .blobs = {},
                                                 .epoch = {1}}});
    actors_.settle();
  }
  ~committing() { seam::end(coordinator_); }
  committing(const committing&) = delete;
  committing& operator=(const committing&) = delete;

  // The thread that writes does what it was given.
  void write() {
    while (!queue_->empty()) queue_->run_one();
    actors_.settle();
  }
  void pass(std::chrono::milliseconds time) { actors_.pass(time); }

  std::shared_ptr<scripted_store> store = std::make_shared<scripted_store>();
  std::array<heard, 2> members;
  texts waits;
  std::vector<run_status> ends;

 private:
  std::shared_ptr<sim::stepped_queue> queue_ = std::make_shared<sim::stepped_queue>();
  std::shared_ptr<durability> how_ = std::make_shared<durability>();
  stepped_actors actors_;
  caf::actor coordinator_;
};

}  // namespace

TEST_CASE("a commit record for which there is no room is written once there is",
          "[coordinator_actor][F13]") {
  committing run;
  for (int i = 0; i < 3; ++i)
    run.store->next.push_back(answer(meta_outcome::not_now, "no space left on device"));
  for (std::size_t tried = 1; tried <= 3; ++tried) {
    run.write();
    CHECK(run.store->asked.size() == tried);
    CHECK(run.members[1].commits.empty());
    CHECK(run.waits == texts{"no space left on device"});  // said once
    run.write();
    CHECK(run.store->asked.size() == tried);  // not before its time
    run.pass(250ms);
  }
  run.write();
  CHECK(run.waits == texts{"no space left on device", ""});
  REQUIRE(run.members[1].commits.size() == 1);
  CHECK(run.members[1].commits[0].epoch == epoch_id{1});
  CHECK(run.store->asked == std::vector(4, run.store->asked[0]));
  CHECK(run.ends.empty());
}

TEST_CASE("a commit record that is refused or in doubt ends the run, also after a wait",
          "[coordinator_actor][D7]") {
  const auto outcome = GENERATE(meta_outcome::refused, meta_outcome::unknown);
  committing run;
  run.store->next = {answer(meta_outcome::not_now, "etcd does not answer"),
                     answer(outcome, "too late")};
  run.write();
  CHECK(run.ends.empty());
  run.pass(250ms);
  run.write();
  REQUIRE(run.ends.size() == 1);
  CHECK(run.ends[0].failure == "the commit record was not written: too late");
  CHECK(run.waits == texts{"etcd does not answer"});
  run.pass(1000ms);
  run.write();
  CHECK(run.store->asked.size() == 2);
  CHECK(run.members[1].commits.empty());
}

}  // namespace sluice

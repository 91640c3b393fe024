// What the policies promise, on whole graphs in virtual time.
#include <map>
#include <memory>
#include <set>

#include "sluice/tests/sim/chain.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice::sim {

namespace {

using namespace std::chrono_literals;

const std::vector<std::string> aggregates{"first", "second", "third"};
constexpr auto seconds_of_data = 20s;

auto with(batch_policy policy) {
  return [policy](graph& g) {
    g.policy(policy);
    if (policy == batch_policy::mini) g.commit_every(1000);  // or every marker would flush
  };
}

std::vector<burst> thousand_a_second() { return steady(10, 10ms, seconds_of_data); }

}  // namespace

TEST_CASE("with policy mini every aggregate wakes by a timer of its own", "[sim][S1]") {
  std::set<std::vector<std::string>> orders;  // of the first timers
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    std::vector<std::string> woken;
    simulation_options options;
    options.on_event = [&](std::uint64_t, const std::string& stage, traced kind, std::uint64_t) {
      if (kind == traced::timer && woken.size() < 3) woken.push_back(stage);
    };
    const auto got = run_chain(thousand_a_second(), seed, with(batch_policy::mini), options);
    REQUIRE(got.run.problem == "");
    orders.insert(woken);
    for (const auto& name : aggregates) {
      CHECK(got.stage(name).work.timer_wakeups >= 19);
      CHECK(got.flushes(name, flush_cause::timer) > 0);
      CHECK(got.flushes(name, flush_cause::marker) == 0);
    }
    CHECK(got.stage("items/batcher").work.timer_wakeups == 0);
    CHECK(got.stage("out").work.timer_wakeups == 0);
  }
  CHECK(orders.size() > 1);  // nothing ties one stage's timer to another's
}

TEST_CASE("the timer of a stage keeps the phase of its start", "[sim][S1]") {
  std::map<std::string, std::vector<double>> woken;  // ms
  simulation_options options;
  options.work_time = [](const std::string& stage, std::uint64_t) {
    return stage == "items/batcher" ? 0ms : 23ms;  // often busy when the timer goes off
  };
  options.on_event = [&](std::uint64_t us, const std::string& stage, traced kind, std::uint64_t) {
    if (kind == traced::timer) woken[stage].push_back(static_cast<double>(us) / 1000);
  };
  const auto got = run_chain(steady(1, 30ms, 5min), 1, with(batch_policy::mini), options);
  REQUIRE(got.run.problem == "");
  for (const auto& name : aggregates) {
    const auto& times = woken[name];
    REQUIRE(times.size() >= 299);
    for (std::size_t i = 0; i < times.size(); ++i)
      CHECK(times[i] == Approx(times[0] + 1000.0 * static_cast<double>(i)).margin(25));
  }
}

TEST_CASE("with markers no stage has a timer, and each flushes once per marker in graph order",
          "[sim][S2]") {
  const auto policy = GENERATE(batch_policy::micro, batch_policy::both);
  std::vector<std::string> left;  // aggregates, in the order in which markers left them
  simulation_options options;
  options.on_event = [&](std::uint64_t, const std::string& stage, traced kind, std::uint64_t) {
    const bool ours = stage == "first" || stage == "second" || stage == "third";
    if (ours && kind == traced::marker_out) left.push_back(stage);
  };
  const auto got = run_chain(thousand_a_second(), 7, with(policy), options);
  REQUIRE(got.run.problem == "");
  const std::uint64_t markers = got.run.status.opened.value;
  CHECK(markers >= 20);
  for (const auto& one : got.run.status.instances) CHECK(one.work.timer_wakeups == 0);
  for (const auto& name : aggregates) {
    CHECK(got.stage(name).work.markers == markers);
    CHECK(got.flushes(name, flush_cause::marker) + got.flushes(name, flush_cause::end) == markers);
    CHECK(got.flushes(name, flush_cause::size) + got.flushes(name, flush_cause::batch) == 0);
  }
  REQUIRE(left.size() == 3 * markers);
  for (std::size_t i = 0; i < left.size(); ++i) CHECK(left[i] == aggregates[i % 3]);
}

TEST_CASE("one marker wave bounds the latency of a chain, timers add up", "[sim][S3]") {
  double worst_mini = 0;
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    auto micro = run_chain(thousand_a_second(), seed, with(batch_policy::micro));
    auto mini = run_chain(thousand_a_second(), seed, with(batch_policy::mini));
    REQUIRE(micro.run.problem + mini.run.problem == "");
    CHECK(micro.latencies.size() == mini.latencies.size());
    CHECK(micro.latency_at(0.99) <= 1100);
    CHECK(mini.latency_at(0.99) <= 3100);
    CHECK(mini.latency_at(0.99) >= micro.latency_at(0.99) - 100);
    worst_mini = std::max(worst_mini, mini.latency_at(0.99));
  }
  CHECK(worst_mini > 2000);
}

TEST_CASE("a chain takes no more steps by markers than by its own sizes and timers", "[sim][S3]") {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    const auto steps = [&](batch_policy policy) {
      const auto got = run_chain({{0ms, 200'000}}, seed, with(policy));  // all there at once
      REQUIRE(got.run.problem == "");
      return got.run.steps;
    };
    CHECK(steps(batch_policy::micro) <= steps(batch_policy::mini));
  }
}

TEST_CASE("a chain waits less for a slow stage by markers than by its own sizes and timers",
          "[sim][S3]") {
  simulation_options options;
  options.work_time = [](const std::string& stage, std::uint64_t rows) {
    return stage == "second" ? 15ms * static_cast<int>(rows) : 0ms;  // 66 rows a second
  };
  const auto run = [&](batch_policy policy) {
    auto got = run_chain(
        thousand_a_second(), 1,
        [&](graph& g) {
          with(policy)(g);
          g.batch({.size = 100}).set("credit.rows", 64).batch({.rows = 64});
        },
        options);
    REQUIRE(got.run.problem == "");
    return got.run.blocked;
  };
  auto micro = run(batch_policy::micro);
  auto mini = run(batch_policy::mini);
  for (const auto& name : {"items", "items/batcher", "first", "second", "third"}) {
    CAPTURE(name);
    CHECK(micro[name] <= mini[name]);
  }
  CHECK(mini["first"] > 1s);
  CHECK(micro["first"] < mini["first"] / 10);
}

TEST_CASE("with policy off a row leaves at the moment it came", "[sim][S11]") {
  simulation_options options;
  options.step_time = std::chrono::nanoseconds{0};
  auto got = run_chain(steady(1, 50ms, 10s), 3, with(batch_policy::off), options);
  REQUIRE(got.run.problem == "");
  CHECK(got.latencies.size() == 201);
  CHECK(got.latency_at(1) == 0);
  for (const auto& one : got.run.status.instances) CHECK(one.work.timer_wakeups == 0);
}

}  // namespace sluice::sim

#include "sluice/bench/harness/trial.hpp"

#include <deque>
#include <stdexcept>

#include "sluice/bench/harness/report.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice::bench {
namespace {

struct shown {
  double value = 0;
  bool right = true;
  bool resolved = true;
};

// A trial whose runs show what was planned, the last of it again and again.
struct planned_trial {
  std::deque<shown> plan;
  int runs = 0;

  trial of(limit l, bool warm_up = false) {
    return {.variant = "planned",
            .limits = {std::move(l)},
            .repetitions = {},
            .warm_up = warm_up,
            .run = [this] {
              ++runs;
              const shown now = plan.front();
              if (plan.size() > 1) plan.pop_front();
              trial_outcome out;
              out.run.rows = 1000;
              out.run.wall_s = 2;
              out.run.cpu_s = 1;
              out.figures = {now.value};
              out.right = now.right;
              out.resolved = now.resolved;
              return out;
            }};
  }
};

double alone(const std::function<void()>& repetition) {
  repetition();
  return 0;
}

double crowded(const std::function<void()>& repetition) {
  repetition();
  return 0.5;
}

const limit at_most_ten{.measure = "p99_us", .at_most = true, .gate = 10};
const limit at_least_ten{.measure = "rows_per_cpu_s", .gate = 10};

}  // namespace

TEST_CASE("a figure is the median of its repetitions, without the one that warms up", "[bench]") {
  planned_trial t{.plan = {{100}, {3}, {9}, {5}}};
  const auto found = run_trial(t.of(at_most_ten, /*warm_up=*/true), 3, true, alone);
  CHECK(t.runs == 4);
  REQUIRE(found.figures.size() == 1);
  CHECK(found.figures[0].value == spread{5, 3, 9});
  CHECK(found.figures[0].judged == verdict::pass);
  CHECK(found.rows == 1000);
  CHECK(found.wall_s == Approx(2));
  CHECK(found.ok);
}

TEST_CASE("a figure on its gate passes, beyond it fails, on either side", "[bench]") {
  const auto [l, value, expected] = GENERATE(table<limit, double, verdict>({
      {at_most_ten, 10, verdict::pass},
      {at_most_ten, 10.1, verdict::fail},
      {at_least_ten, 10, verdict::pass},
      {at_least_ten, 9.9, verdict::fail},
  }));
  planned_trial t{.plan = {{value}}};
  CHECK(run_trial(t.of(l), 1, true, alone).figures[0].judged == expected);
  CHECK(t.runs == 1);
}

TEST_CASE("a wrong result fails whatever the figure", "[bench]") {
  planned_trial t{.plan = {{1, false}}};
  const auto found = run_trial(t.of(at_most_ten), 1, true, alone);
  CHECK_FALSE(found.ok);
  CHECK(found.figures[0].judged == verdict::fail);
  planned_trial once{.plan = {{1, false}, {1}}};  // the repetitions behind it were right
  CHECK_FALSE(run_trial(once.of(at_most_ten), 3, true, alone).ok);
}

TEST_CASE("what a loud machine spoils is measured again, three times at most", "[bench]") {
  SECTION("and passes once it is quiet") {
    planned_trial t{.plan = {{20, true, false}, {5}}};
    const auto found = run_trial(t.of(at_most_ten), 1, true, alone);
    CHECK(found.figures[0].judged == verdict::pass);
    CHECK(found.attempts == 2);
  }
  SECTION("then fails") {
    planned_trial t{.plan = {{20}}};
    const auto found = run_trial(t.of(at_most_ten), 1, true, crowded);
    CHECK(found.figures[0].judged == verdict::fail);
    CHECK(found.attempts == 3);
    CHECK(found.foreign == 1);
  }
}

TEST_CASE("a figure without a gate, or unjudged, has no verdict", "[bench]") {
  planned_trial t{.plan = {{20}}};
  CHECK_FALSE(run_trial(t.of({.measure = "p50_us"}), 1, true, alone).figures[0].judged);
  CHECK_FALSE(run_trial(t.of(at_most_ten), 1, false, alone).figures[0].judged);
}

TEST_CASE("a trial that measures something else than it is judged by is refused", "[bench]") {
  planned_trial t{.plan = {{1}}};
  trial two = t.of(at_most_ten);
  two.limits.push_back(at_least_ten);
  CHECK_THROWS_AS(run_trial(two, 1, true, alone), std::invalid_argument);
}

TEST_CASE("the line of a trial has no bound, and a measure of its own", "[bench]") {
  planned_trial t{.plan = {{7}}};
  const trial one = t.of(at_most_ten);
  const auto found = run_trial(one, 1, true, alone);
  const std::string line = report_line({.bench = "LT"}, one, found, found.figures[0]);
  INFO(line);
  for (const char* part : {R"("bench":"LT","variant":"planned/p99_us")", R"("bound":null)",
                           R"("ratio":null)", R"("gate":10,"goal":null,"verdict":"pass")",
                           R"("measure":"p99_us","at_most":true,"value":7)"})
    CHECK(line.find(part) != std::string::npos);
}

}  // namespace sluice::bench

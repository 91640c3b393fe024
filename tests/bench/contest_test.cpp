#include "sluice/bench/harness/contest.hpp"

#include <algorithm>
#include <map>
#include <stdexcept>

#include "sluice/tests/support/catch.hpp"

namespace sluice::bench {
namespace {

using order = std::vector<std::size_t>;

const answer right{1, {{"sum", 7}}};
const answer wrong{1, {{"sum", 8}}};

// Contenders with made-up speeds, in rows per second, and a record of who ran.
struct stage {
  std::map<std::string, double> speeds{};
  std::map<std::string, answer> results{};
  std::vector<std::string> ran{};
  std::uint64_t allocations = 0;

  contender named(const std::string& name) {
    return {name, [this, name] {
              ran.push_back(name);
              return outcome{.rows = 1000,
                             .result = results.contains(name) ? results[name] : right,
                             .wall_s = 1000 / speeds.at(name),
                             .cpu_s = 1000 / speeds.at(name),
                             .allocations = allocations,
                             .latency_us = {}};
            }};
  }
  contest against(std::vector<comparison> lines) {
    return {.name = "stage", .expected = right, .lines = std::move(lines), .prepare = [this] {
              std::vector<contender> all;
              for (const auto& [name, speed] : speeds) all.push_back(named(name));
              return all;
            }};
  }
  std::ptrdiff_t times(const std::string& name) const {
    return std::count(ran.begin(), ran.end(), name);
  }
};

comparison line(std::string contender, std::string bound, std::optional<double> gate = {}) {
  return {.variant = contender + '/' + bound, .contender = contender, .bound = bound, .gate = gate};
}

double alone(const std::function<void()>& repetition) {
  repetition();
  return 0;
}

}  // namespace

TEST_CASE("a repetition runs everything once and bounds twice", "[bench]") {
  bool differ = false;
  order first;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    order got = shuffled(4, {false, true, false, true}, seed);
    CHECK(got == shuffled(4, {false, true, false, true}, seed));
    if (seed == 0) first = got;
    differ = differ || got != first;
    std::sort(got.begin(), got.end());
    CHECK(got == order{0, 1, 1, 2, 3, 3});
  }
  CHECK(differ);
}

TEST_CASE("every place in the order is equally likely", "[bench]") {
  std::vector<int> at(5);
  for (std::uint64_t seed = 0; seed < 5000; ++seed) {
    const order got = shuffled(5, std::vector<bool>(5), seed);
    ++at[static_cast<std::size_t>(std::find(got.begin(), got.end(), 0) - got.begin())];
  }
  for (const int n : at) {
    CHECK(n > 850);
    CHECK(n < 1150);
  }
}

TEST_CASE("a finding is a ratio to the bound of the same repetition", "[bench]") {
  stage s{.speeds = {{"engine", 50}, {"loop", 100}}};
  const auto found = run_contest(s.against({line("engine", "loop", 0.4)}), 3, true, alone);
  REQUIRE(found.size() == 1);
  CHECK(found[0].seen.ratio.median == Approx(0.5));
  CHECK(found[0].seen.control.median == Approx(1));
  CHECK(found[0].seen.repetitions == 3);
  CHECK(found[0].bound_rows_per_s == Approx(100));
  CHECK(found[0].wall_s == Approx(20));
  CHECK(found[0].rows == 1000);
  CHECK(found[0].ok);
  CHECK(found[0].judged == verdict::pass);
  CHECK(s.times("engine") == 4);  // the first repetition is thrown away
  CHECK(s.times("loop") == 8);
}

TEST_CASE("contenders that no line names are not run", "[bench]") {
  stage s{.speeds = {{"a", 1}, {"b", 1}, {"c", 1}}};
  run_contest(s.against({line("a", "b")}), 1, false, alone);
  CHECK(s.times("c") == 0);
  CHECK_THROWS_AS(run_contest(s.against({line("a", "d")}), 1, false, alone), std::invalid_argument);
}

TEST_CASE("a wrong result voids the line, whatever its speed", "[bench]") {
  SECTION("of the contender") {
    stage s{.speeds = {{"a", 9}, {"b", 1}}, .results = {{"a", wrong}}};
    const auto found = run_contest(s.against({line("a", "b", 1.0)}), 1, true, alone);
    CHECK_FALSE(found[0].ok);
    CHECK(found[0].judged == verdict::fail);
  }
  SECTION("of the bound") {
    stage s{.speeds = {{"a", 9}, {"b", 1}}, .results = {{"b", wrong}}};
    CHECK_FALSE(run_contest(s.against({line("a", "b")}), 1, true, alone)[0].ok);
  }
}

TEST_CASE("a contender with an input of its own is held to its own answer", "[bench]") {
  stage s{.speeds = {{"a", 9}, {"b", 1}}, .results = {{"a", wrong}}};
  contest c = s.against({line("a", "b", 1.0)});
  c.prepare = [&] {
    contender own = s.named("a");
    own.expected = wrong;
    return std::vector<contender>{own, s.named("b")};
  };
  CHECK(run_contest(c, 1, true, alone)[0].ok);
  s.results = {};  // now the answer of the contest, which is not its own
  CHECK_FALSE(run_contest(c, 1, true, alone)[0].ok);
}

TEST_CASE("a repetition that others spoil is repeated, then counted", "[bench]") {
  stage s{.speeds = {{"a", 1}, {"b", 1}}};
  int observed = 0;
  const auto spoilt_at_first = [&](const std::function<void()>& repetition) {
    repetition();
    return ++observed % 2 == 1 ? 0.5 : 0.01;
  };
  CHECK(run_contest(s.against({line("a", "b")}), 3, true, spoilt_at_first)[0].seen.foreign == 0);
  CHECK(observed == 8);

  observed = 0;
  const auto always_spoilt = [&](const std::function<void()>& repetition) {
    ++observed;
    repetition();
    return 0.06;
  };
  CHECK(run_contest(s.against({line("a", "b")}), 3, true, always_spoilt)[0].seen.foreign == 3);
  CHECK(observed == 4 * 4);
}

TEST_CASE("an unresolved line is measured three times, then fails", "[bench]") {
  stage s{.speeds = {{"a", 1}, {"b", 2}, {"c", 1}}};
  const auto spoilt = [&](const std::function<void()>& repetition) {
    repetition();
    return 0.5;
  };
  const auto found =
      run_contest(s.against({line("a", "b", 0.9), line("c", "a", 0.9)}), 1, true, spoilt);
  CHECK(found[0].judged == verdict::fail);
  CHECK(found[0].attempts == 3);
  CHECK(found[1].judged == verdict::pass);  // settled at first, not measured again
  CHECK(found[1].attempts == 1);
}

TEST_CASE("without judging or without a gate there is no verdict", "[bench]") {
  stage s{.speeds = {{"a", 1}, {"b", 2}}};
  CHECK_FALSE(run_contest(s.against({line("a", "b", 0.9)}), 1, false, alone)[0].judged);
  CHECK_FALSE(run_contest(s.against({line("a", "b")}), 1, true, alone)[0].judged);
}

TEST_CASE("allocations in steady state fail a line that judges them", "[bench]") {
  stage s{.speeds = {{"a", 2}, {"b", 1}}, .allocations = 1};  // 1000 per million rows
  comparison judged = line("a", "b", 1.0);
  CHECK(run_contest(s.against({judged}), 1, true, alone)[0].judged == verdict::fail);
  judged.judge_allocations = false;
  CHECK(run_contest(s.against({judged}), 1, true, alone)[0].judged == verdict::pass);
}

}  // namespace sluice::bench

#include "sluice/bench/harness/verdict.hpp"

#include <stdexcept>

#include "sluice/tests/support/catch.hpp"

namespace sluice::bench {
namespace {

evidence seen(double ratio, double control, std::size_t foreign = 0) {
  return {{ratio, ratio, ratio}, {control, control, control}, 9, foreign, 0};
}

}  // namespace

TEST_CASE("the median is the value in the middle", "[bench]") {
  CHECK(spread_of({3, 1, 2}) == spread{2, 1, 3});
  CHECK(spread_of({4, 1, 3, 2}) == spread{2.5, 1, 4});
  CHECK(spread_of({5}) == spread{5, 5, 5});
  CHECK_THROWS_AS(spread_of({}), std::invalid_argument);
}

TEST_CASE("the geometric mean is fair to ratios", "[bench]") {
  CHECK(geometric_mean({2, 8}) == Approx(4));
  CHECK(geometric_mean({3}) == Approx(3));
}

TEST_CASE("a ratio at the gate passes on any machine", "[bench]") {
  CHECK(judge(seen(0.85, 1.0), 0.85, 1.0) == verdict::pass);
  CHECK(judge(seen(0.9, 2.0, 9), 0.85, 1.0) == verdict::pass);
}

TEST_CASE("a ratio below the gate fails on a quiet machine only", "[bench]") {
  CHECK(judge(seen(0.84, 1.0), 0.85, 1.0) == verdict::fail);
  CHECK(judge(seen(0.84, 0.87), 0.85, 1.0) == verdict::fail);
  CHECK(judge(seen(0.84, 1.15), 0.85, 1.0) == verdict::fail);
  CHECK(judge(seen(0.84, 0.86), 0.85, 1.0) == verdict::unresolved);
  CHECK(judge(seen(0.84, 1.16), 0.85, 1.0) == verdict::unresolved);
  CHECK(judge(seen(0.84, 1.0, 3), 0.85, 1.0) == verdict::fail);
  CHECK(judge(seen(0.84, 1.0, 4), 0.85, 1.0) == verdict::unresolved);
}

TEST_CASE("allocations fail a line at any ratio, unless they are not judged", "[bench]") {
  evidence e = seen(1, 1);
  e.allocations_per_mrow = 1.5;
  CHECK(judge(e, 0.85, 1.0) == verdict::fail);
  CHECK(judge(e, 0.85, std::nullopt) == verdict::pass);
}

}  // namespace sluice::bench

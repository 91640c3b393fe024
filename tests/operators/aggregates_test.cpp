#include "sluice/operators/aggregates.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <vector>

#include "sluice/tests/support/catch.hpp"

namespace sluice {

namespace {

struct reading {
  std::int32_t whole;
  std::uint64_t big;
  double real;
  instant at;
};
SLUICE_RECORD(reading, whole, big, real, at);

// The result of rows added one by one, and of the same rows split over states that are combined.
template <class A>
auto of_rows(const A& a, const std::vector<reading>& rows) {
  typename A::state s{};
  for (const auto& row : rows) a.add(s, row);
  return a.result(s);
}
template <class A>
auto of_parts(const A& a, const std::vector<reading>& rows, std::size_t parts) {
  std::vector<typename A::state> states(parts);
  for (std::size_t i = 0; i < rows.size(); ++i) a.add(states[i % parts], rows[i]);
  typename A::state all{};
  for (const auto& s : states) a.combine(all, s);
  return a.result(all);
}

std::vector<reading> random_readings(std::uint32_t seed, std::size_t count) {
  std::mt19937 random{seed};
  std::vector<reading> made;
  for (std::size_t i = 0; i < count; ++i)
    made.push_back({static_cast<std::int32_t>(random()),
                    random(),
                    std::ldexp(static_cast<double>(random()), -16),
                    {static_cast<std::int64_t>(random())}});
  return made;
}

}  // namespace

TEST_CASE("built-in aggregates give what their names say", "[aggregates][F501]") {
  const std::vector<reading> rows{
      {3, 7, 1.5, {30}}, {-4, 1, 2.5, {10}}, {10, 4, -1.0, {20}}, {3, 4, 3.0, {25}}};
  CHECK(of_rows(count(), rows) == 4);
  CHECK(of_rows(sum(&reading::whole), rows) == 12);
  CHECK(of_rows(sum(&reading::real), rows) == 6.0);
  CHECK(of_rows(min(&reading::whole), rows) == -4);
  CHECK(of_rows(max(&reading::big), rows) == 7);
  CHECK(of_rows(min(&reading::at), rows) == instant{10});
  CHECK(of_rows(max(&reading::at), rows) == instant{30});
  CHECK(of_rows(avg(&reading::whole), rows) == 3.0);
  CHECK(of_rows(variance(&reading::whole), rows) == 24.5);
  CHECK(of_rows(variance(&reading::real), rows) == Approx(2.375));
}

TEST_CASE("the smallest and largest of one row is that row", "[aggregates][F501]") {
  const std::vector<reading> rows{{-5, 0, -2.0, {-7}}};
  CHECK(of_rows(max(&reading::whole), rows) == -5);
  CHECK(of_rows(min(&reading::big), rows) == 0);
  CHECK(of_rows(max(&reading::real), rows) == -2.0);
  CHECK(of_rows(max(&reading::at), rows) == instant{-7});
}

TEST_CASE("aggregates without rows are 0", "[aggregates][F501]") {
  CHECK(of_rows(count(), {}) == 0);
  CHECK(of_rows(avg(&reading::whole), {}) == 0);
  CHECK(of_rows(variance(&reading::real), {}) == 0);
}

TEST_CASE("sums of 32-bit integers do not overflow", "[aggregates][F501]") {
  const std::vector<reading> rows(3, {std::numeric_limits<std::int32_t>::max(), 0, 0, {}});
  CHECK(of_rows(sum(&reading::whole), rows) == 3 * std::int64_t{2147483647});
}

TEST_CASE("means and variances of integers are exact where doubles are not", "[aggregates][F501]") {
  const std::uint64_t top = std::numeric_limits<std::uint64_t>::max();
  CHECK(of_rows(avg(&reading::big), {{0, top, 0, {}}, {0, top - 2, 0, {}}}) ==
        static_cast<double>(top - 1));
  const std::int32_t far = 2'000'000'000;
  CHECK(of_rows(variance(&reading::whole), {{far, 0, 0, {}}, {far + 1, 0, 0, {}}}) == 0.25);
}

TEST_CASE("combined parts give the whole, exactly for integers", "[aggregates][F501][F701]") {
  const auto seed = GENERATE(range(1u, 51u));
  CAPTURE(seed);
  const auto rows = random_readings(seed, 200);
  const std::size_t parts = 1 + seed % 7;
  CHECK(of_parts(count(), rows, parts) == of_rows(count(), rows));
  CHECK(of_parts(sum(&reading::whole), rows, parts) == of_rows(sum(&reading::whole), rows));
  CHECK(of_parts(sum(&reading::big), rows, parts) == of_rows(sum(&reading::big), rows));
  CHECK(of_parts(min(&reading::whole), rows, parts) == of_rows(min(&reading::whole), rows));
  CHECK(of_parts(max(&reading::at), rows, parts) == of_rows(max(&reading::at), rows));
  CHECK(of_parts(avg(&reading::big), rows, parts) == of_rows(avg(&reading::big), rows));
  CHECK(of_parts(variance(&reading::whole), rows, parts) ==
        of_rows(variance(&reading::whole), rows));
  CHECK(of_parts(variance(&reading::real), rows, parts) ==
        Approx(of_rows(variance(&reading::real), rows)));
}

TEST_CASE("the order of rows does not show in integer results", "[aggregates][P13]") {
  auto rows = random_readings(1, 300);
  const double before = of_rows(variance(&reading::whole), rows);
  const double mean = of_rows(avg(&reading::whole), rows);
  std::reverse(rows.begin(), rows.end());
  CHECK(of_rows(variance(&reading::whole), rows) == before);
  CHECK(of_rows(avg(&reading::whole), rows) == mean);
}

TEST_CASE("combining with nothing changes nothing", "[aggregates][F501]") {
  const auto rows = random_readings(2, 10);
  CHECK(of_parts(min(&reading::whole), {rows[0]}, 5) == rows[0].whole);
  CHECK(of_parts(variance(&reading::real), {rows[0]}, 5) == 0);
}

TEST_CASE("results are named after their field", "[aggregates]") {
  CHECK(count().name() == "count");
  CHECK(sum(&reading::whole).name() == "sum_whole");
  CHECK(variance(&reading::real).name() == "variance_real");
}

namespace {

struct median_that_sorts {
  using state = std::vector<double>;
  void add(state& s, const reading& row) const { s.push_back(row.real); }
  void combine(state& s, const state& more) const { s.insert(s.end(), more.begin(), more.end()); }
  double result(state& s) const {
    std::sort(s.begin(), s.end());
    return s.empty() ? 0 : s[s.size() / 2];
  }
  std::string name() const { return "median"; }
};

}  // namespace

TEST_CASE("an accumulator reads its state and leaves it as it is", "[aggregates]") {
  STATIC_REQUIRE(accumulator<count_accumulator, reading>);
  STATIC_REQUIRE(accumulator<decltype(avg(&reading::real)), reading>);
  STATIC_REQUIRE_FALSE(accumulator<median_that_sorts, reading>);
}

}  // namespace sluice

#include "sluice/apps/fraud/handbook_frauds.hpp"

#include "sluice/apps/fraud/random_stream.hpp"
#include "sluice/tests/support/catch.hpp"

using namespace sluice::fraud;

namespace {

// A world of 10 terminals and 10 customers, one honest payment of 10.00 a customer and day,
// customer c at terminal c.
handbook_world regular_world(std::uint32_t days) {
  handbook_world world{{.customers = 10, .terminals = 10, .days = days, .radius = 5}, {}, {}};
  for (std::uint32_t day = 0; day < days; ++day)
    for (std::uint32_t c = 0; c < 10; ++c)
      world.rows.push_back(
          {.time_s = day * 86'400 + c, .customer = c, .terminal = c, .amount_cents = 1'000});
  return world;
}

}  // namespace

TEST_CASE("a payment above 220.00 is a fraud, one of 220.00 is not", "[handbook_frauds]") {
  auto world = regular_world(1);
  world.rows[3].amount_cents = 22'000;
  world.rows[4].amount_cents = 22'001;
  plant_frauds(world);
  for (std::size_t i = 0; i < 10; ++i) CHECK(world.rows[i].scenario == (i == 4 ? 1 : 0));
}

TEST_CASE("two terminals are taken over on the first day, for 28 days", "[handbook_frauds]") {
  auto world = regular_world(2);
  for (auto& row : world.rows) row.time_s += row.day() == 1 ? 28 * 86'400 : 0;  // days 0 and 29
  auto at_end = regular_world(2);
  for (auto& row : at_end.rows) row.time_s += row.day() == 1 ? 26 * 86'400 : 0;  // days 0 and 27
  const auto taken = first_of_permutation(0, 10, 2);
  const auto is_taken = [&](std::uint32_t t) { return t == taken[0] || t == taken[1]; };

  plant_frauds(world);
  plant_frauds(at_end);
  for (std::uint32_t c = 0; c < 10; ++c) {
    if (world.rows[c].scenario != 3) CHECK((world.rows[c].scenario == 2) == is_taken(c));
    if (at_end.rows[10 + c].scenario != 3 && is_taken(c)) CHECK(at_end.rows[10 + c].scenario == 2);
  }
}

TEST_CASE("a third of the payments of three customers grow fivefold", "[handbook_frauds]") {
  auto world = regular_world(2);
  plant_frauds(world);
  int robbed = 0;
  for (const auto& row : world.rows) {
    CHECK(row.amount_cents == (row.scenario == 3 ? 5'000 : 1'000));
    robbed += row.scenario == 3;
  }
  CHECK(robbed == 2);  // of six: the last day starts no robbery
}

TEST_CASE("a world without rows stays without", "[handbook_frauds]") {
  auto world = regular_world(0);
  plant_frauds(world);
  CHECK(world.rows.empty());
}

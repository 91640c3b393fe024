#include "sluice/apps/fraud/handbook_world.hpp"

#include <array>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>

#include "sluice/apps/fraud/feature_text.hpp"
#include "sluice/apps/fraud/sha256.hpp"
#include "sluice/tests/support/catch.hpp"

using namespace sluice::fraud;
using sluice::instant;

namespace {

const handbook_world& small_world() {
  static const auto world =
      generate_world({.customers = 200, .terminals = 400, .days = 60, .radius = 12});
  return world;
}

std::string refusal(const world_parameters& parameters) {
  try {
    generate_world(parameters);
  } catch (const std::invalid_argument& e) {
    return e.what();
  }
  return "accepted";
}

}  // namespace

TEST_CASE("the small world is the published one, byte for byte", "[handbook_world][V3]") {
  CHECK(small_world().rows.size() == 22'638);
  CHECK(sha256_hex(world_text(small_world())) ==
        "aca46f54d0d2487979349e5d15b41ccf87705ca953c1e650e90525b0c434e8a9");
}

TEST_CASE("the small world has its frauds by scenario", "[handbook_world]") {
  std::array<int, 4> counts{};
  for (const auto& row : small_world().rows) ++counts[row.scenario];
  CHECK(counts == std::array<int, 4>{22'638 - 3'477, 7, 2'033, 1'437});
}

TEST_CASE("a world is generated twice alike", "[handbook_world]") {
  const world_parameters parameters{.customers = 20, .terminals = 30, .days = 9, .radius = 30};
  CHECK(world_text(generate_world(parameters)) == world_text(generate_world(parameters)));
}

TEST_CASE("rows are in order of time, then customer", "[handbook_world]") {
  const auto& rows = small_world().rows;
  for (std::size_t i = 1; i < rows.size(); ++i) {
    const auto& a = rows[i - 1];
    const auto& b = rows[i];
    REQUIRE((a.time_s < b.time_s || (a.time_s == b.time_s && a.customer <= b.customer)));
  }
}

TEST_CASE("a customer without a terminal in reach has no rows", "[handbook_world]") {
  const auto world = generate_world({.customers = 50, .terminals = 2, .days = 30, .radius = 1e-9});
  CHECK(world.rows.empty());
  CHECK(world_text(world) == world_text_head);
}

TEST_CASE("the last day of a world starts no takeover", "[handbook_world]") {
  const auto world = generate_world({.customers = 50, .terminals = 2, .days = 1, .radius = 200});
  CHECK_FALSE(world.rows.empty());
  for (const auto& row : world.rows) CHECK(row.scenario != 2);
}

TEST_CASE("a world that cannot be is refused by the name of its parameter", "[handbook_world]") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double infinite = std::numeric_limits<double>::infinity();
  CHECK(refusal({.customers = 2}) == "a world needs at least 3 customers: 2");
  CHECK(refusal({.terminals = 1}) == "a world needs at least 2 terminals: 1");
  CHECK(refusal({.days = 0}) == "a world lasts from 1 to 49710 days: 0");
  CHECK(refusal({.days = 49'711}) == "a world lasts from 1 to 49710 days: 49711");
  CHECK(refusal({.radius = 0}) == "the radius of a world is finite and above 0: 0.000000");
  CHECK(refusal({.radius = -1}) == "the radius of a world is finite and above 0: -1.000000");
  CHECK(refusal({.radius = infinite}) == "the radius of a world is finite and above 0: inf");
  CHECK(refusal({.radius = nan}).starts_with("the radius of a world is finite and above 0: "));
  CHECK(refusal({.customers = 3, .terminals = 2, .days = 1, .radius = 200}) == "accepted");
}

TEST_CASE("a row becomes a transaction at its time and a label seven days later",
          "[handbook_world]") {
  const auto& world = small_world();
  const transaction paid = transaction_of(world, 1);
  const place& where = world.terminals[37];
  CHECK(paid == transaction{.tx_id = 1,
                            .at = instant::from_seconds(1'522'540'800 + 1'955),
                            .customer = 183,
                            .terminal = 37,
                            .amount_cents = 3'930,
                            .x = static_cast<float>(where.x),
                            .y = static_cast<float>(where.y),
                            .arrived = {}});
  CHECK(label_of(world, 1) == label{.tx_id = 1,
                                    .at = instant{paid.at.us + 604'800'000'000},
                                    .customer = 183,
                                    .terminal = 37,
                                    .fraud = false,
                                    .scenario = 0});
}

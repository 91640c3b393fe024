#include <map>
#include <string>

#include "sluice/apps/fraud/feature_text.hpp"
#include "sluice/apps/fraud/plain_loop.hpp"
#include "sluice/apps/fraud/sha256.hpp"
#include "sluice/tests/support/catch.hpp"

using namespace sluice::fraud;

namespace {

const handbook_world& small_world() {
  static const auto world =
      generate_world({.customers = 200, .terminals = 400, .days = 60, .radius = 12});
  return world;
}

const rule_limits small_limits{.travel_farther = 24};  // twice the radius

}  // namespace

TEST_CASE("the features of the small world are the published ones, byte for byte",
          "[plain_loop][V3]") {
  std::string text(feature_text_head);
  plain_loop(small_world(), small_limits, [&](const decided&, const examined& row) {
    append_feature_text(text, features_of(row));
  });
  CHECK(sha256_hex(text) == "1a29dd3fc82ca130c55ba3873c3be4aa676b644a611c301751376ecdf73ff575");
}

TEST_CASE("the rules fire on the small world as often as published", "[plain_loop][V5]") {
  const auto& world = small_world();
  std::map<std::string_view, int> fired;
  int amount_or_ratio = 0, alerts = 0, frauds_alerted = 0, terminal_frauds = 0;
  plain_loop(world, small_limits, [&](const decided&, const examined& row) {
    const auto reasons = reason_set::from_bits(row.reasons);
    const bool fraud = world.rows[row.tx_id].fraud();
    for (auto r :
         {rule::amount, rule::ratio, rule::burst, rule::tested, rule::travel, rule::terminal})
      if (reasons.contains(r)) ++fired[name(r)];
    const bool inline_alert = reasons.contains(rule::amount) || reasons.contains(rule::ratio);
    amount_or_ratio += inline_alert;
    terminal_frauds += reasons.contains(rule::terminal) && fraud;
    if (!inline_alert && !reasons.contains(rule::terminal)) return;
    ++alerts;
    frauds_alerted += fraud;
  });
  CHECK(fired == std::map<std::string_view, int>{
                     {"AMOUNT", 844}, {"RATIO", 471}, {"BURST", 1}, {"TERMINAL", 1'819}});
  CHECK(terminal_frauds == 1'324);
  CHECK(amount_or_ratio == 927);
  CHECK(alerts == 2'654);
  CHECK(frauds_alerted == 2'159);
}

#include "sluice/apps/fraud/alert_steps.hpp"

#include <algorithm>

#include "sluice/apps/fraud/calendar.hpp"
#include "sluice/apps/fraud/handbook_world.hpp"
#include "sluice/tests/support/catch.hpp"

using namespace sluice;
using namespace sluice::fraud;

namespace {

reason_set reasons(std::initializer_list<rule> fired) {
  reason_set made;
  for (const rule r : fired) made.add(r);
  return made;
}

suspect suspect_row(std::uint64_t tx_id, std::uint32_t customer, reason_set why) {
  suspect row;
  row.tx_id = tx_id;
  row.customer = customer;
  row.reasons = why.bits();
  return row;
}

scored scored_row(std::uint64_t tx_id, std::int64_t day, std::uint32_t customer, double score) {
  scored row;
  row.tx_id = tx_id;
  row.day = day_of(first_day) + day;
  row.at = instant::from_seconds(row.day * 86'400);
  row.customer = customer;
  row.champion = score;
  return row;
}

struct counted_alert {
  std::uint64_t tx_id;
  std::string_view reasons;
  std::uint32_t count;
  bool operator==(const counted_alert&) const = default;
};

std::vector<counted_alert> counted(const std::vector<alert>& alerts) {
  std::vector<counted_alert> all;
  for (const auto& a : alerts) all.push_back({a.tx_id, a.reasons, a.count});
  return all;
}

}  // namespace

TEST_CASE("every rule raises an alert but BURST alone", "[alert_steps]") {
  CHECK_FALSE(raises_alert({}));
  CHECK_FALSE(raises_alert(reasons({rule::burst})));
  CHECK(raises_alert(reasons({rule::burst, rule::amount})));
  for (const rule r : {rule::tested, rule::travel, rule::ratio, rule::amount, rule::terminal})
    CHECK(raises_alert(reasons({r})));
}

TEST_CASE("an hour gives one alert for each customer and strongest reason", "[alert_steps]") {
  hour_alerts hour;
  hour.add(suspect_row(1, 7, reasons({rule::amount})));
  hour.add(suspect_row(2, 8, reasons({rule::amount})));
  hour.add(suspect_row(3, 7, reasons({rule::amount, rule::terminal})));
  hour.add(suspect_row(4, 7, reasons({rule::ratio, rule::amount})));
  hour.add(suspect_row(5, 7, reasons({rule::amount})));

  CHECK(counted(hour.close()) ==
        std::vector<counted_alert>{{1, "AMOUNT", 3}, {2, "AMOUNT", 1}, {4, "RATIO+AMOUNT", 1}});
  CHECK(hour.close().empty());
}

TEST_CASE("a day gives its best cards once", "[alert_steps]") {
  day_cards day;
  day.add(scored_row(1, 3, 7, 0.2));
  day.add(scored_row(2, 3, 8, 0.9));
  day.add(scored_row(3, 3, 7, 0.5));
  day.add(scored_row(4, 3, 9, 0.1));
  day.add(scored_row(5, 3, 7, 0.3));

  CHECK(day.close(2) == std::vector<card_day>{{3, 1, 8, 0.9}, {3, 2, 7, 0.5}});
  CHECK(day.close(2).empty());
}

TEST_CASE("what the labels tell by the day is what hindsight says", "[alert_steps]") {
  // A small world with the judged days moved into it.
  const handbook_world world =
      generate_world({.customers = 600, .terminals = 2'000, .days = 40, .radius = 8});
  const test_period period{
      .first_fitted = 10, .delay_days = 7, .first_judged = 24, .judged_days = 7, .cards = 5};

  std::vector<judged_payment> payments;
  std::vector<std::uint64_t> live;
  std::vector<known_loss> cards(world.parameters.customers);
  std::size_t known = 0, in_week = 0;
  for (std::uint64_t tx_id = 0; tx_id < world.rows.size(); ++tx_id) {
    const world_row& row = world.rows[tx_id];
    payments.push_back({row.day(), row.customer, row.fraud(), static_cast<double>(tx_id)});
    for (; world.rows[known].time_s + label_delay_s <= row.time_s; ++known)
      if (const label told = label_of(world, known); tells_of_loss(told, period))
        cards[told.customer].learn(told);
    const scored payment = scored_row(tx_id, row.day(), row.customer, 0);
    if (!in_test_week(payment, period)) continue;
    ++in_week;
    if (cards[row.customer].judges(payment, period)) live.push_back(tx_id);
  }
  std::vector<std::uint64_t> hindsight;
  for (const auto& p : judged(payments, period))
    hindsight.push_back(static_cast<std::uint64_t>(p.score));
  REQUIRE(hindsight.size() > 100);
  CHECK(hindsight.size() < in_week);  // some cards are out
  CHECK(live == hindsight);
}

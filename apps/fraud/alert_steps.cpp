#include "sluice/apps/fraud/alert_steps.hpp"

#include <algorithm>
#include <bit>

#include "sluice/apps/fraud/calendar.hpp"
#include "sluice/apps/fraud/handbook_world.hpp"

namespace sluice::fraud {

namespace {

constexpr std::int64_t day_zero = day_of(first_day);

// Bits stand in the order of strength.
rule strongest(std::uint8_t reasons) { return static_cast<rule>(std::countr_zero(reasons)); }

std::int64_t day_of_payment(const label& known) {
  return day_of(instant{known.at.us - label_delay_s * 1'000'000}) - day_zero;
}

}  // namespace

bool raises_alert(reason_set reasons) {
  reason_set burst;
  burst.add(rule::burst);
  return !reasons.empty() && reasons != burst;
}

suspect suspect_of(const examined& row) {
  return {.tx_id = row.tx_id,
          .at = row.at,
          .hour = row.at.seconds() / 3'600,
          .customer = row.customer,
          .terminal = row.terminal,
          .reasons = row.reasons,
          .champion = row.champion,
          .challenger = row.challenger,
          .amount_cents = row.amount_cents,
          .c_n30 = row.c_n30,
          .c_sum30 = row.c_sum30,
          .t_n7 = row.t_n7,
          .t_f7 = row.t_f7};
}

scored scored_of(const examined& row) {
  return {.tx_id = row.tx_id,
          .at = row.at,
          .day = day_of(row.at),
          .customer = row.customer,
          .reasons = row.reasons,
          .champion = row.champion,
          .challenger = row.challenger};
}

void hour_alerts::add(const suspect& row) {
  auto& found =
      open_.try_emplace({row.customer, strongest(row.reasons)}, counted{row, 0}).first->second;
  ++found.count;
}

std::vector<alert> hour_alerts::close() {
  std::vector<alert> closed;
  for (const auto& [key, found] : open_) {
    const suspect& row = found.first;
    closed.push_back({.tx_id = row.tx_id,
                      .at = row.at,
                      .customer = row.customer,
                      .terminal = row.terminal,
                      .reasons = reason_set::from_bits(row.reasons).text(),
                      .count = found.count,
                      .champion = row.champion,
                      .challenger = row.challenger,
                      .amount_cents = row.amount_cents,
                      .c_n30 = row.c_n30,
                      .c_sum30 = row.c_sum30,
                      .t_n7 = row.t_n7,
                      .t_f7 = row.t_f7});
  }
  open_.clear();
  std::sort(closed.begin(), closed.end(),
            [](const alert& a, const alert& b) { return a.tx_id < b.tx_id; });
  return closed;
}

void day_cards::add(const scored& row) {
  const auto day = static_cast<std::uint32_t>(row.day - day_zero);
  const auto [found, added] =
      best_.try_emplace(row.customer, card_day{day, 0, row.customer, row.champion});
  found->second.score = std::max(found->second.score, row.champion);
}

std::vector<card_day> day_cards::close(std::size_t count) {
  std::vector<card_day> cards;
  cards.reserve(best_.size());
  for (const auto& [customer, best] : best_) cards.push_back(best);
  best_ = {};
  return rank_cards(std::move(cards), count);
}

bool tells_of_loss(const label& known, const test_period& period) {
  return known.fraud && day_of_payment(known) >= period.first_fitted;
}

bool in_test_week(const scored& row, const test_period& period) {
  const std::int64_t day = row.day - day_zero;
  return day >= period.first_judged && day < period.first_judged + period.judged_days;
}

void known_loss::learn(const label& known) { lost_on_ = std::min(lost_on_, day_of_payment(known)); }

bool known_loss::judges(const scored& row, const test_period& period) const {
  return lost_on_ + period.delay_days >= row.day - day_zero;
}

}  // namespace sluice::fraud

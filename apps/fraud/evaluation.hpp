#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "sluice/apps/fraud/records.hpp"

namespace sluice::fraud {

/// A payment with its score and its truth; `day` counts from the first day of the world.
struct judged_payment {
  std::uint32_t day = 0;
  std::uint32_t customer = 0;
  bool fraud = false;
  double score = 0;
  bool operator==(const judged_payment&) const = default;
};

/// Which days a model is judged on. The defaults are the published ones: fitted on days 115 to 121,
/// labels a week late, judged on days 129 to 135.
struct test_period {
  std::uint32_t first_fitted = 115;
  std::uint32_t delay_days = 7;
  std::uint32_t first_judged = 129;
  std::uint32_t judged_days = 7;
  std::uint32_t cards = 100;  // looked at each day
};

/// How well scores tell frauds from the rest. 0 where it cannot be said: without frauds, without
/// others.
struct quality {
  double auc_roc = 0;  // chance that a fraud scores above another payment; equal scores count half
  double average_precision = 0;  // Σ (recall gained × precision) over the scores, highest first
  double card_precision =
      0;  // share of the cards looked at that had a fraud that day, mean of the days
};

/// The payments of the judged days, in the order of `payments`, without those of cards known to be
/// lost: a customer with a fraud on any day from `first_fitted` to `delay_days` + 1 before the
/// judged day.
std::vector<judged_payment> judged(std::span<const judged_payment> payments,
                                   const test_period& period);

/// The `count` cards with the highest scores among `payments`, all of one day; a card's score is
/// its highest, equal scores rank by the lower customer number.
std::vector<card_day> top_cards(std::span<const judged_payment> payments, std::size_t count);
/// The same of cards whose highest score is known; each card is there once, in any order.
std::vector<card_day> rank_cards(std::vector<card_day> cards, std::size_t count);

/// Judges the scores of `payments`, as `judged` returns them. For `card_precision` a card found on
/// one day (among the day's first `cards`, with a fraud) is left out on the following ones; a day
/// with fewer cards still divides by `cards`.
quality evaluate(std::span<const judged_payment> payments, const test_period& period);

}  // namespace sluice::fraud

#include "sluice/apps/fraud/evaluation.hpp"

#include <algorithm>
#include <cmath>
#include <random>

#include "sluice/tests/support/catch.hpp"

using namespace sluice::fraud;
using payments = std::vector<judged_payment>;

namespace {

// Fitted on day 0, labels a day late, judged on days 3 and 4, two cards a day.
constexpr test_period short_period{
    .first_fitted = 0, .delay_days = 1, .first_judged = 3, .judged_days = 2, .cards = 2};

bool near(double a, double b) { return std::abs(a - b) < 1e-12; }

// The chance that a fraud scores above another payment, pair by pair.
double auc_by_pairs(const payments& all) {
  double wins = 0, pairs = 0;
  for (const auto& f : all)
    for (const auto& o : all)
      if (f.fraud && !o.fraud) {
        ++pairs;
        wins += f.score > o.score ? 1 : f.score == o.score ? 0.5 : 0;
      }
  return wins / pairs;
}

}  // namespace

TEST_CASE("cards whose fraud is known by the judged day are dropped", "[evaluation]") {
  const payments all = {
      {0, 1, true, 0},  // known long before
      {1, 2, true, 0},  // known on day 3: one day late
      {2, 3, true, 0},  // known on day 4
      {3, 1, false, 1}, {3, 2, false, 2}, {3, 3, false, 3}, {3, 4, true, 4}, {4, 2, false, 5},
      {4, 3, false, 6}, {4, 4, false, 7}, {5, 5, true, 8},  // after the judged days
  };
  CHECK(judged(all, short_period) == payments{{3, 3, false, 3}, {3, 4, true, 4}, {4, 4, false, 7}});
}

TEST_CASE("frauds from before the fitted days drop nobody", "[evaluation]") {
  const payments all = {{1, 1, true, 0}, {3, 1, false, 1}};
  test_period period = short_period;
  period.first_fitted = 2;
  CHECK(judged(all, period) == payments{{3, 1, false, 1}});
}

TEST_CASE("perfect, useless and wrong scores have the areas one expects", "[evaluation]") {
  const auto with = [](double a, double b, double c, double d) {
    return evaluate(payments{{3, 1, true, a}, {3, 2, true, b}, {3, 3, false, c}, {3, 4, false, d}},
                    short_period);
  };
  CHECK(near(with(4, 3, 2, 1).auc_roc, 1));
  CHECK(near(with(4, 3, 2, 1).average_precision, 1));
  CHECK(near(with(1, 1, 1, 1).auc_roc, 0.5));
  CHECK(near(with(1, 1, 1, 1).average_precision, 0.5));
  CHECK(near(with(1, 2, 3, 4).auc_roc, 0));
  CHECK(near(with(1, 2, 3, 4).average_precision, (1.0 / 3 + 2.0 / 4) / 2));
  CHECK(near(with(4, 2, 3, 1).auc_roc, 0.75));
  CHECK(near(with(4, 2, 3, 1).average_precision, (1.0 + 2.0 / 3) / 2));
}

TEST_CASE("the area is the share of pairs in the right order, ties half", "[evaluation]") {
  const auto seed = GENERATE(1u, 2u, 3u);
  CAPTURE(seed);
  std::mt19937 random(seed);
  payments all;
  for (std::uint32_t i = 0; i < 300; ++i)
    all.push_back({3, i, random() % 5 == 0, static_cast<double>(random() % 40)});
  CHECK(near(evaluate(all, short_period).auc_roc, auc_by_pairs(all)));
}

TEST_CASE("without frauds, or without others, nothing can be said", "[evaluation]") {
  CHECK(evaluate(payments{}, short_period).auc_roc == 0);
  CHECK(evaluate(payments{{3, 1, false, 1}}, short_period).average_precision == 0);
  CHECK(evaluate(payments{{3, 1, true, 1}}, short_period).auc_roc == 0);
}

TEST_CASE("a card's score is its highest of the day and ties go to the lower number",
          "[evaluation]") {
  const payments day = {{3, 9, false, 0.5},
                        {3, 7, false, 0.2},
                        {3, 7, false, 0.9},
                        {3, 8, false, 0.5},
                        {3, 1, false, 0.1}};
  CHECK(top_cards(day, 3) == std::vector<card_day>{{3, 1, 7, 0.9}, {3, 2, 8, 0.5}, {3, 3, 9, 0.5}});
  CHECK(top_cards(day, 10).size() == 4);
  CHECK(top_cards({}, 10).empty());
}

TEST_CASE("a card found on one day leaves the next", "[evaluation]") {
  const payments all = {
      {3, 1, true, 9}, {3, 2, false, 8}, {3, 3, true, 7},  // 1 is found, 3 is not looked at
      {4, 1, true, 9}, {4, 2, false, 8}, {4, 3, true, 7},  // without 1, 3 is looked at
  };
  CHECK(near(evaluate(all, short_period).card_precision, (0.5 + 0.5) / 2));
}

TEST_CASE("a card counts by its day, not by which of its payments scored", "[evaluation]") {
  const payments all = {{3, 1, true, 0}, {3, 1, false, 9}, {3, 2, false, 5}, {3, 3, false, 4}};
  CHECK(near(evaluate(all, short_period).card_precision, 0.25));
}

#include "sluice/apps/fraud/evaluation.hpp"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace sluice::fraud {

namespace {

// Payments of one score, counted.
struct score_step {
  std::uint64_t frauds = 0;
  std::uint64_t others = 0;
};

// One step for each different score, highest first.
std::vector<score_step> steps_of(std::span<const judged_payment> payments) {
  std::vector<std::pair<double, bool>> ranked;
  ranked.reserve(payments.size());
  for (const auto& p : payments) ranked.emplace_back(p.score, p.fraud);
  std::sort(ranked.begin(), ranked.end(), std::greater{});
  std::vector<score_step> steps;
  for (std::size_t i = 0; i < ranked.size(); ++i) {
    if (i == 0 || ranked[i].first != ranked[i - 1].first) steps.emplace_back();
    ++(ranked[i].second ? steps.back().frauds : steps.back().others);
  }
  return steps;
}

double auc_roc(std::span<const score_step> steps, const score_step& all) {
  if (all.frauds == 0 || all.others == 0) return 0;
  std::uint64_t frauds_above = 0;
  std::uint64_t half_pairs = 0;  // a fraud above another payment counts two, level with it one
  for (const auto& step : steps) {
    half_pairs += step.others * (2 * frauds_above + step.frauds);
    frauds_above += step.frauds;
  }
  return static_cast<double>(half_pairs) / 2 / static_cast<double>(all.frauds) /
         static_cast<double>(all.others);
}

double average_precision(std::span<const score_step> steps, const score_step& all) {
  if (all.frauds == 0) return 0;
  score_step seen;
  double sum = 0;
  for (const auto& step : steps) {
    seen.frauds += step.frauds;
    seen.others += step.others;
    sum += static_cast<double>(step.frauds) * static_cast<double>(seen.frauds) /
           static_cast<double>(seen.frauds + seen.others);
  }
  return sum / static_cast<double>(all.frauds);
}

double card_precision(std::span<const judged_payment> payments, const test_period& period) {
  if (period.judged_days == 0 || period.cards == 0) return 0;
  std::unordered_set<std::uint32_t> found;
  std::size_t hits = 0;
  for (std::uint32_t d = 0; d < period.judged_days; ++d) {
    std::vector<judged_payment> today;
    std::unordered_set<std::uint32_t> lost_today;
    for (const auto& p : payments) {
      if (p.day != period.first_judged + d || found.contains(p.customer)) continue;
      today.push_back(p);
      if (p.fraud) lost_today.insert(p.customer);
    }
    for (const auto& card : top_cards(today, period.cards))
      if (lost_today.contains(card.customer)) {
        ++hits;
        found.insert(card.customer);
      }
  }
  return static_cast<double>(hits) / period.cards / period.judged_days;
}

}  // namespace

std::vector<judged_payment> judged(std::span<const judged_payment> payments,
                                   const test_period& period) {
  std::unordered_map<std::uint32_t, std::uint32_t>
      lost_on;  // customer to first fraud since fitting
  for (const auto& p : payments) {
    if (!p.fraud || p.day < period.first_fitted) continue;
    const auto [at, added] = lost_on.emplace(p.customer, p.day);
    if (!added) at->second = std::min(at->second, p.day);
  }
  std::vector<judged_payment> kept;
  for (const auto& p : payments) {
    if (p.day < period.first_judged || p.day >= period.first_judged + period.judged_days) continue;
    const auto lost = lost_on.find(p.customer);
    const bool known = lost != lost_on.end() && lost->second + period.delay_days < p.day;
    if (!known) kept.push_back(p);
  }
  return kept;
}

std::vector<card_day> rank_cards(std::vector<card_day> cards, std::size_t count) {
  const auto middle = cards.begin() + static_cast<std::ptrdiff_t>(std::min(count, cards.size()));
  std::partial_sort(cards.begin(), middle, cards.end(), [](const card_day& a, const card_day& b) {
    return a.score != b.score ? a.score > b.score : a.customer < b.customer;
  });
  cards.erase(middle, cards.end());
  for (std::uint32_t i = 0; i < cards.size(); ++i) cards[i].rank = i + 1;
  return cards;
}

std::vector<card_day> top_cards(std::span<const judged_payment> payments, std::size_t count) {
  std::unordered_map<std::uint32_t, card_day> best;
  for (const auto& p : payments) {
    const auto [at, added] = best.try_emplace(p.customer, card_day{p.day, 0, p.customer, p.score});
    if (!added) at->second.score = std::max(at->second.score, p.score);
  }
  std::vector<card_day> cards;
  cards.reserve(best.size());
  for (const auto& [customer, card] : best) cards.push_back(card);
  return rank_cards(std::move(cards), count);
}

quality evaluate(std::span<const judged_payment> payments, const test_period& period) {
  const auto steps = steps_of(payments);
  score_step all;
  for (const auto& step : steps) {
    all.frauds += step.frauds;
    all.others += step.others;
  }
  return {auc_roc(steps, all), average_precision(steps, all), card_precision(payments, period)};
}

}  // namespace sluice::fraud

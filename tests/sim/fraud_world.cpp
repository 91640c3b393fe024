#include "sluice/tests/sim/fraud_world.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "sluice/apps/fraud/alert_steps.hpp"
#include "sluice/apps/fraud/fraud_graph.hpp"
#include "sluice/apps/fraud/plain_loop.hpp"
#include "sluice/apps/fraud/run_record.hpp"
#include "sluice/graph/run.hpp"

namespace sluice::sim {

namespace {

using namespace sluice::fraud;

const fraud_steps& steps() {
  static const fraud_steps made{
      .models = {.champion = logistic_model(), .challenger = nullptr},
      .limits = {.travel_farther = 60},
      // judged from day 10 on, so that the test week is reached
      .period = {
          .first_fitted = 1, .delay_days = 7, .first_judged = 10, .judged_days = 7, .cards = 5}};
  return made;
}

// An alert whose text is its own, by tx_id.
using alerts_by_row = std::map<std::uint64_t, std::pair<alert, std::string>>;

// The world, and what a plain loop over it gives.
struct expected_world {
  std::shared_ptr<const handbook_world> world;
  std::vector<features> rows;
  std::vector<std::uint8_t> reasons;
  std::vector<verdict> answers;
  alerts_by_row alerts;
  std::vector<card_day> cards;  // by day and rank

  expected_world()
      : world(std::make_shared<const handbook_world>(
            generate_world({.customers = 12, .terminals = 24, .days = 20, .radius = 30}))) {
    std::map<std::uint32_t, std::vector<judged_payment>> days;
    plain_loop(*world, steps().limits, [&](const decided& answer, const examined& row) {
      answers.push_back(answer.answer);
      rows.push_back(features_of(row));
      reasons.push_back(row.reasons);
      const auto inputs = inputs_of(row);
      double score = 0;
      steps().models.champion->score({&inputs, 1}, {&score, 1});
      const std::uint32_t day = world->rows[row.tx_id].day();
      days[day].push_back({day, row.customer, false, score});
      if (raises_alert(reason_set::from_bits(row.reasons))) raise(row, score);
    });
    for (const auto& [day, payments] : days)
      for (const card_day& card : top_cards(payments, steps().period.cards)) cards.push_back(card);
  }

 private:
  // Of one customer, hour and strongest reason only the first payment has an alert.
  void raise(const examined& row, double score) {
    const std::tuple of{row.customer, row.at.seconds() / 3'600, row.reasons & -row.reasons};
    const auto [first, is_new] = first_.try_emplace(of, row.tx_id);
    if (!is_new) {
      ++alerts[first->second].first.count;
      return;
    }
    const alert made{.tx_id = row.tx_id,
                     .at = row.at,
                     .customer = row.customer,
                     .terminal = row.terminal,
                     .reasons = {},
                     .champion = score,
                     .amount_cents = row.amount_cents,
                     .c_n30 = row.c_n30,
                     .c_sum30 = row.c_sum30,
                     .t_n7 = row.t_n7,
                     .t_f7 = row.t_f7};
    alerts[row.tx_id] = {made, std::string{reason_set::from_bits(row.reasons).text()}};
  }

  std::map<std::tuple<std::uint32_t, std::int64_t, int>, std::uint64_t> first_;
};

const expected_world& expected() {
  static const expected_world made;
  return made;
}

struct outcome {
  simulated_run run;
  std::unique_ptr<run_record> record;
};

outcome simulate(std::uint64_t seed) {
  const auto& world = expected().world;
  outcome made{{}, std::make_unique<run_record>(world->rows.size(), run_record::keep::whole_rows)};
  graph g{"fraud"};
  compose(g, world_feed{payments_of(world)}, steps(), made.record->sinks());
  simulation_options options;
  options.scenario = "fraud world";
  options.chosen = settings_in_code(g);
  options.shrink.kept_parallel = {"clock"};
  options.step_time = std::chrono::microseconds(5 + seed % 3 * 20);
  made.run = run_simulated(g, seed, options);
  return made;
}

alerts_by_row alerts_of(const run_record& record) {
  alerts_by_row all;
  for (const auto& one : record.alerts()) all[one.row.tx_id] = {one.row, one.reasons};
  return all;
}

std::vector<card_day> cards_of(const run_record& record) {
  auto all = record.cards();
  std::sort(all.begin(), all.end(), [](const card_day& a, const card_day& b) {
    return std::tie(a.day, a.rank) < std::tie(b.day, b.rank);
  });
  return all;
}

}  // namespace

fraud_world_run run_fraud_world(std::uint64_t seed) {
  outcome got = simulate(seed);
  fraud_world_run made{std::move(got.run), {}};
  made.problem = made.run.problem + made.run.status.failure;
  if (!made.problem.empty()) return made;
  const run_record& record = *got.record;
  const auto check = [&](bool good, const char* what) {
    if (!good) made.problem += std::string{what} + " differ; ";
  };
  check(record.kept_features() == expected().rows, "features");
  check(record.reasons() == expected().reasons, "reasons");
  check(record.answers() == expected().answers, "answers");
  check(record.decisions().missing() + record.decisions().doubled() == 0, "counts of decisions");
  check(record.features_seen().missing() + record.features_seen().doubled() == 0,
        "counts of features");
  check(alerts_of(record) == expected().alerts, "alerts");
  check(record.alerts().size() == expected().alerts.size(), "counts of alerts");
  check(cards_of(record) == expected().cards, "cards");
  for (const auto& one : made.run.status.instances)
    check(one.work.operation.late_rows == 0, "late rows");
  if (!made.problem.empty())
    made.problem += "\nreproduce: SLUICE_SEED=" + std::to_string(seed) + ", fraud world";
  return made;
}

}  // namespace sluice::sim

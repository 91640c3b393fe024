#include "sluice/apps/fraud/fraud_graph.hpp"

#include "sluice/apps/fraud/graph_steps.hpp"

namespace sluice::fraud {

namespace {

constexpr std::chrono::hours lead{1};  // of event time: what a source has read ahead is held

}  // namespace

void compose(graph& g, const world_feed& feed, const fraud_steps& steps, const fraud_sinks& sinks) {
  const std::size_t n = steps.parallelism;
  const test_period period = steps.period;
  auto payments = g.source("transactions", transaction_source{feed})
                      .event_time(&transaction::at)
                      .most_ahead(lead)
                      .parallelism(n);
  auto labels =
      g.source("labels", label_source{feed}).event_time(&label::at).most_ahead(lead).parallelism(n);
  auto clock = g.source("clock", clock_source{feed}).event_time(&tick::at);

  auto decided_rows = payments.key_by(&transaction::customer)
                          .scan<customer_windows>("decide", answer_payment{steps.limits})
                          .policy(batch_policy::off)
                          .parallelism(n);
  decided_rows.map(decision_of)
      .name("answers")
      .sink("decisions", sinks.decisions)
      .policy(batch_policy::off)
      .parallelism(n);

  auto asked =
      decided_rows.key_by(&decided::terminal).in_event_time_order(&decided::at, &decided::tx_id);
  auto examined_rows = labels.key_by(&label::terminal)
                           .in_event_time_order(&label::at, &label::tx_id)
                           .with(asked)
                           .scan<terminal_windows>("terminal windows", learn_label, examine_payment)
                           .parallelism(n)
                           .map_batch(score_payments{steps.models})
                           .name("score");
  auto rows = examined_rows.map(features_of).name("feature rows");
  rows.sink("features", sinks.features).parallelism(n);

  auto hours = clock.key_by(&tick::hour).in_event_time_order(&tick::at);
  auto suspects = examined_rows.filter(is_suspect).map(suspect_of).name("suspects");
  auto found = suspects.key_by(&suspect::hour).in_event_time_order(&suspect::at, &suspect::tx_id);
  auto alerts = hours.with(found).scan<hour_alerts>("alert desk", close_hour, add_suspect);
  alerts.parallelism(n).sink("alerts", sinks.alerts).parallelism(n);

  auto days = clock.filter(ends_day).key_by(&tick::day).in_event_time_order(&tick::at);
  auto scores = examined_rows.map(scored_of).name("scored");
  auto ranked = scores.key_by(&scored::day).in_event_time_order(&scored::at, &scored::tx_id);
  auto cards = days.with(ranked).scan<day_cards>("card desk", close_day{period.cards}, add_card);
  cards.parallelism(n).sink("cards", sinks.cards).parallelism(n);

  auto losses = labels.filter([period](const label& l) { return tells_of_loss(l, period); });
  auto week = scores.filter([period](const scored& row) { return in_test_week(row, period); });
  losses.key_by(&label::customer)
      .in_event_time_order(&label::at, &label::tx_id)
      .with(week.key_by(&scored::customer).in_event_time_order(&scored::at, &scored::tx_id))
      .scan<known_loss>("test week", learn_loss{}, judge_payment{period})
      .parallelism(n)
      .sink("scores", sinks.scores)
      .parallelism(n);
}

}  // namespace sluice::fraud

#pragma once

#include "sluice/apps/fraud/alert_steps.hpp"
#include "sluice/apps/fraud/payment_steps.hpp"
#include "sluice/operators/operation.hpp"

/// The steps of `payment_steps.hpp` and `alert_steps.hpp` as the stages of the graph call them.
namespace sluice::fraud {

/// Stage "decide", for each customer.
struct answer_payment {
  rule_limits limits;
  void operator()(customer_windows& customer, const transaction& row, rows<decided> out) const {
    out.push(decide(row, customer, limits));
  }
};

/// Stage "terminal windows", for each terminal.
inline void learn_label(terminal_windows& terminal, const label& known, rows<examined>) {
  terminal.learn(known);
}
inline void examine_payment(terminal_windows& terminal, const decided& row, rows<examined> out) {
  out.push(examine(row, terminal));
}

inline bool is_suspect(const examined& row) {
  return raises_alert(reason_set::from_bits(row.reasons));
}

/// Stage "alerts", for each hour.
inline void close_hour(hour_alerts& hour, const tick&, rows<alert> out) {
  for (const auto& alert : hour.close()) out.push(alert);
}
inline void add_suspect(hour_alerts& hour, const suspect& row, rows<alert>) { hour.add(row); }

inline bool ends_day(const tick& hour) { return hour.hour % 24 == 23; }

/// Stage "cards", for each day.
struct close_day {
  std::size_t cards;
  void operator()(day_cards& day, const tick&, rows<card_day> out) const {
    for (const auto& card : day.close(cards)) out.push(card);
  }
};
inline void add_card(day_cards& day, const scored& row, rows<card_day>) { day.add(row); }

/// Stage "test week", for each customer.
struct learn_loss {
  void operator()(known_loss& card, const label& known, rows<scored>) const { card.learn(known); }
};
struct judge_payment {
  test_period period;
  void operator()(known_loss& card, const scored& row, rows<scored> out) const {
    if (card.judges(row, period)) out.push(row);
  }
};

}  // namespace sluice::fraud

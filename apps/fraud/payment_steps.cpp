#include "sluice/apps/fraud/payment_steps.hpp"

#include "sluice/apps/fraud/calendar.hpp"

namespace sluice::fraud {

decided decide(const transaction& row, customer_windows& customer, const rule_limits& limits) {
  const customer_facts facts = customer.observe(row);
  const reason_set reasons = payment_reasons(row, facts, limits);
  return {.tx_id = row.tx_id,
          .at = row.at,
          .customer = row.customer,
          .terminal = row.terminal,
          .amount_cents = row.amount_cents,
          .c_n1 = facts.day.count,
          .c_sum1 = facts.day.sum,
          .c_n7 = facts.week.count,
          .c_sum7 = facts.week.sum,
          .c_n30 = facts.month.count,
          .c_sum30 = facts.month.sum,
          .answer = reasons.answer(),
          .reasons = reasons.bits(),
          .arrived = row.arrived};
}

examined examine(const decided& row, terminal_windows& terminal) {
  const terminal_facts facts = terminal.at(row.at);
  reason_set reasons = reason_set::from_bits(row.reasons);
  reasons.add(terminal_reasons(facts));
  return {.tx_id = row.tx_id,
          .at = row.at,
          .customer = row.customer,
          .terminal = row.terminal,
          .amount_cents = row.amount_cents,
          .c_n1 = row.c_n1,
          .c_sum1 = row.c_sum1,
          .c_n7 = row.c_n7,
          .c_sum7 = row.c_sum7,
          .c_n30 = row.c_n30,
          .c_sum30 = row.c_sum30,
          .t_n1 = facts.day.count,
          .t_f1 = static_cast<std::uint32_t>(facts.day.sum),
          .t_n7 = facts.week.count,
          .t_f7 = static_cast<std::uint32_t>(facts.week.sum),
          .t_n30 = facts.month.count,
          .t_f30 = static_cast<std::uint32_t>(facts.month.sum),
          .reasons = reasons.bits(),
          .champion = 0,
          .challenger = 0,
          .arrived = row.arrived};
}

decision decision_of(const decided& row) {
  return {.tx_id = row.tx_id,
          .at = row.at,
          .customer = row.customer,
          .answer = row.answer,
          .reasons = reason_set::from_bits(row.reasons).text(),
          .arrived = row.arrived};
}

features features_of(const examined& row) {
  return {.tx_id = row.tx_id,
          .amount_cents = row.amount_cents,
          .weekend = weekend(row.at),
          .night = night(row.at),
          .c_n1 = row.c_n1,
          .c_sum1 = row.c_sum1,
          .c_n7 = row.c_n7,
          .c_sum7 = row.c_sum7,
          .c_n30 = row.c_n30,
          .c_sum30 = row.c_sum30,
          .t_n1 = row.t_n1,
          .t_f1 = row.t_f1,
          .t_n7 = row.t_n7,
          .t_f7 = row.t_f7,
          .t_n30 = row.t_n30,
          .t_f30 = row.t_f30};
}

}  // namespace sluice::fraud

#pragma once

#include <cstddef>
#include <vector>

#include "sluice/apps/fraud/handbook_world.hpp"
#include "sluice/apps/fraud/payment_steps.hpp"

namespace sluice::fraud {

/// Walks the whole of `world` on one thread, payments and labels in order of `merged_position`, and
/// calls `each(decided, examined)` for every payment in order of tx_id. What a graph over the same
/// world must give.
template <class Each>
void plain_loop(const handbook_world& world, const rule_limits& limits, Each&& each) {
  std::vector<customer_windows> customers(world.parameters.customers);
  std::vector<terminal_windows> terminals(world.parameters.terminals);
  std::size_t labels_read = 0;
  for (std::size_t tx_id = 0; tx_id < world.rows.size(); ++tx_id) {
    const transaction row = transaction_of(world, tx_id);
    for (; world.rows[labels_read].time_s + label_delay_s <= world.rows[tx_id].time_s;
         ++labels_read) {
      const label known = label_of(world, labels_read);
      terminals[known.terminal].learn(known);
    }
    const decided answered = decide(row, customers[row.customer], limits);
    each(answered, examine(answered, terminals[row.terminal]));
  }
}

}  // namespace sluice::fraud

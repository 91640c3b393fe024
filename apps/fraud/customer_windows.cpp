#include "sluice/apps/fraud/customer_windows.hpp"

namespace sluice::fraud {

customer_facts customer_windows::observe(const transaction& row) {
  log_.add(row.at, row.amount_cents);
  customer_facts facts{.hour = log_.within(0),
                       .day = log_.within(1),
                       .week = log_.within(2),
                       .month = log_.within(3),
                       .earlier = log_.within(3),
                       .previous = last_};
  facts.earlier.count -= 1;
  facts.earlier.sum -= row.amount_cents;
  last_ = previous_row{row.at, row.amount_cents, row.x, row.y};
  return facts;
}

}  // namespace sluice::fraud

#pragma once

#include <optional>

#include "sluice/apps/fraud/records.hpp"
#include "sluice/apps/fraud/window_log.hpp"

namespace sluice::fraud {

/// The customer's row before this one.
struct previous_row {
  instant at;
  std::int64_t amount_cents = 0;
  float x = 0;
  float y = 0;
  bool operator==(const previous_row&) const = default;
};

/// What is known about a customer at one of its rows. All windows include the row itself, but
/// `earlier`.
struct customer_facts {
  window_total hour;
  window_total day;
  window_total week;
  window_total month;    // 30 days
  window_total earlier;  // of 30 days, without this row
  std::optional<previous_row> previous;
  bool operator==(const customer_facts&) const = default;
};

/// What the inline path remembers of one customer: the rows of the last 30 days, 16 bytes each, and
/// the place of the last one.
class customer_windows {
 public:
  /// Takes in the customer's next row and returns what is known with it. Rows come in order of (at,
  /// tx_id); one from before the last throws `std::logic_error`.
  customer_facts observe(const transaction& row);

  /// Rows remembered.
  std::size_t size() const { return log_.size(); }

  /// For checkpoints.
  template <class F>
  void visit_state(F&& f) {
    f(log_, last_);
  }

 private:
  window_log<3'600, 86'400, 7 * 86'400, 30 * 86'400> log_;
  std::optional<previous_row> last_;
};

}  // namespace sluice::fraud

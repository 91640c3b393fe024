#pragma once

#include <compare>

#include "sluice/apps/fraud/records.hpp"
#include "sluice/apps/fraud/window_log.hpp"

namespace sluice::fraud {

/// Where a label or a transaction stands when both streams are read as one: by event time, a label
/// before a transaction of the same instant, then by tx_id. A label's time is that of its payment
/// plus seven days.
struct merged_position {
  instant at;
  bool is_transaction = false;
  std::uint64_t tx_id = 0;
  auto operator<=>(const merged_position&) const = default;
};

template <class Row>
requires requires(const Row& row) { row.at, row.tx_id; }
constexpr merged_position position_of(const Row& row) { return {row.at, true, row.tx_id}; }
constexpr merged_position position_of(const label& row) { return {row.at, false, row.tx_id}; }

/// Known payments of a terminal (`count`) and frauds among them (`sum`).
struct terminal_facts {
  window_total day;
  window_total week;
  window_total month;  // 30 days
  bool operator==(const terminal_facts&) const = default;
};

/// What the batched path remembers of one terminal: the labels of the last 30 days, 16 bytes each.
/// As labels come seven days late, at time t these are the payments with t - (7 + W) days < time <=
/// t - 7 days.
///
/// Labels and questions come in order of `merged_position`; an earlier one throws
/// `std::logic_error`.
class terminal_windows {
 public:
  /// Takes in what became known about one payment.
  void learn(const label& known) { log_.add(known.at, known.fraud ? 1 : 0); }

  /// What is known at `at`.
  terminal_facts at(instant at) {
    log_.advance(at);
    return {log_.within(0), log_.within(1), log_.within(2)};
  }

  /// Labels remembered.
  std::size_t size() const { return log_.size(); }

  /// For checkpoints.
  template <class F>
  void visit_state(F&& f) {
    f(log_);
  }

 private:
  window_log<86'400, 7 * 86'400, 30 * 86'400> log_;
};

}  // namespace sluice::fraud

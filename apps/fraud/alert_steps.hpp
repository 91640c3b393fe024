#pragma once

#include <cstdint>
#include <map>
#include <unordered_map>
#include <utility>
#include <vector>

#include "sluice/apps/fraud/evaluation.hpp"
#include "sluice/apps/fraud/rules.hpp"

/// What becomes of scored payments: alerts by the hour, cards by the day, scores of the test week.
namespace sluice::fraud {

/// True if a payment with these reasons belongs on the alert desk: any rule fired but BURST alone.
/// BURST asks for a review at once; by itself it found no fraud in 85 firings on the published
/// stream, so it joins an alert and does not raise one.
bool raises_alert(reason_set reasons);

suspect suspect_of(const examined& row);
scored scored_of(const examined& row);

/// The suspects of one hour, drawn together: one alert for each customer and strongest reason, with
/// the first payment and the number of all.
class hour_alerts {
 public:
  /// Suspects come in order of (at, tx_id).
  void add(const suspect& row);
  /// The hour has ended: returns its alerts in order of their tx_id, and is empty.
  std::vector<alert> close();

  /// For checkpoints.
  template <class F>
  void visit_state(F&& f) {
    f(open_);
  }

 private:
  struct counted {
    suspect first;
    std::uint32_t count = 0;
  };
  std::map<std::pair<std::uint32_t, rule>, counted> open_;  // by customer and strongest reason
};

/// The highest score of each card on one day.
class day_cards {
 public:
  void add(const scored& row);
  /// The day has ended: returns the `count` cards with the highest scores, the highest first, and
  /// is empty. The days of the cards count from the first day of the world.
  std::vector<card_day> close(std::size_t count);

  /// For checkpoints.
  template <class F>
  void visit_state(F&& f) {
    f(best_);
  }

 private:
  std::unordered_map<std::uint32_t, card_day> best_;  // by customer; no ranks yet
};

/// True if a label or a payment has to do with the judged days at all.
bool tells_of_loss(const label& known, const test_period& period);
bool in_test_week(const scored& row, const test_period& period);

/// Whether a card is known to be lost, as far as its labels have come.
class known_loss {
 public:
  /// Takes in a label that `tells_of_loss`, in order of time.
  void learn(const label& known);
  /// True if the payment counts: its card was not known to be lost when its day began. The same as
  /// `judged` says with hindsight.
  bool judges(const scored& row, const test_period& period) const;

  /// For checkpoints.
  template <class F>
  void visit_state(F&& f) {
    f(lost_on_);
  }

 private:
  std::int64_t lost_on_ = never;  // day of the first fraud, from 1970
  static constexpr std::int64_t never = 1'000'000'000;
};

}  // namespace sluice::fraud

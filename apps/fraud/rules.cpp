#include "sluice/apps/fraud/rules.hpp"

#include <array>
#include <string>

namespace sluice::fraud {

namespace {

constexpr std::array<std::string_view, rule_count> names = {"TESTED", "TRAVEL", "RATIO",
                                                            "AMOUNT", "BURST",  "TERMINAL"};

bool large_for_customer(const transaction& row, const window_total& earlier,
                        const rule_limits& limits) {
  return earlier.count >= limits.ratio_rows &&
         row.amount_cents * earlier.count > limits.ratio_times * earlier.sum;
}

bool after_a_test(const transaction& row, const previous_row& previous, const rule_limits& limits) {
  return previous.amount_cents < limits.tested_below_cents &&
         row.amount_cents > limits.tested_above_cents &&
         row.at.us - previous.at.us <= limits.tested_within_s * 1'000'000;
}

bool too_far(const transaction& row, const previous_row& previous, const rule_limits& limits) {
  if (row.at.us - previous.at.us >= limits.travel_within_s * 1'000'000) return false;
  const double dx = double{row.x} - previous.x;
  const double dy = double{row.y} - previous.y;
  return dx * dx + dy * dy > limits.travel_farther * limits.travel_farther;
}

// The text of every possible set, so that a record's view outlives its batch.
std::array<std::string, 1u << rule_count> all_texts() {
  std::array<std::string, 1u << rule_count> texts;
  for (std::size_t bits = 0; bits < texts.size(); ++bits)
    for (std::size_t r = 0; r < rule_count; ++r)
      if ((bits >> r & 1) != 0) {
        if (!texts[bits].empty()) texts[bits] += '+';
        texts[bits] += names[r];
      }
  return texts;
}

}  // namespace

std::string_view name(rule r) { return names[static_cast<std::size_t>(r)]; }

verdict reason_set::answer() const {
  if (contains(rule::tested) || contains(rule::travel) || contains(rule::ratio))
    return verdict::decline;
  if (contains(rule::amount) || contains(rule::burst)) return verdict::review;
  return verdict::approve;
}

std::string_view reason_set::text() const {
  static const auto texts = all_texts();
  return texts[bits_];
}

reason_set payment_reasons(const transaction& row, const customer_facts& facts,
                           const rule_limits& limits) {
  reason_set reasons;
  if (row.amount_cents > limits.amount_above_cents) reasons.add(rule::amount);
  if (large_for_customer(row, facts.earlier, limits)) reasons.add(rule::ratio);
  if (facts.hour.count >= limits.burst_rows) reasons.add(rule::burst);
  if (facts.previous) {
    if (after_a_test(row, *facts.previous, limits)) reasons.add(rule::tested);
    if (too_far(row, *facts.previous, limits)) reasons.add(rule::travel);
  }
  return reasons;
}

reason_set terminal_reasons(const terminal_facts& facts) {
  reason_set reasons;
  if (2 * facts.week.sum > facts.week.count) reasons.add(rule::terminal);
  return reasons;
}

}  // namespace sluice::fraud

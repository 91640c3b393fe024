#pragma once

#include <cstdint>
#include <string_view>

#include "sluice/apps/fraud/customer_windows.hpp"
#include "sluice/apps/fraud/terminal_windows.hpp"

namespace sluice::fraud {

/// The rules, strongest first: those that decline a payment, those that ask for a review, the one
/// that only raises an alert. R-numbers are those of the documentation.
enum class rule : std::uint8_t {
  tested,    // R4: a tiny payment, then a large one
  travel,    // R5: too far from the last payment for the time
  ratio,     // R2: far above the customer's earlier amounts
  amount,    // R1: a large amount
  burst,     // R3: many payments within an hour
  terminal,  // R6: most known payments at the terminal were frauds
};
inline constexpr std::size_t rule_count = 6;

/// `AMOUNT`, `RATIO`, `BURST`, `TESTED`, `TRAVEL` or `TERMINAL`.
std::string_view name(rule r);

/// The rules that fired on one payment.
class reason_set {
 public:
  constexpr reason_set() = default;
  /// From the bits of `bits()`; others are ignored.
  static constexpr reason_set from_bits(std::uint8_t bits) {
    reason_set made;
    made.bits_ = bits & ((1u << rule_count) - 1);
    return made;
  }

  constexpr void add(rule r) { bits_ |= bit(r); }
  constexpr void add(reason_set others) { bits_ |= others.bits_; }

  constexpr bool empty() const { return bits_ == 0; }
  constexpr bool contains(rule r) const { return (bits_ & bit(r)) != 0; }
  /// One bit a rule, the strongest rule lowest: what a record's field holds.
  constexpr std::uint8_t bits() const { return bits_; }

  /// The answer these reasons ask for. `terminal` asks for none: the inline path does not know it.
  verdict answer() const;

  /// The names, strongest first, joined by `+`; empty for none. The text lives as long as the
  /// program.
  std::string_view text() const;

  constexpr bool operator==(const reason_set&) const = default;

 private:
  static constexpr std::uint8_t bit(rule r) {
    return static_cast<std::uint8_t>(1u << static_cast<unsigned>(r));
  }
  std::uint8_t bits_ = 0;
};

/// The figures in the rules; comparisons are strict unless said otherwise.
struct rule_limits {
  std::int64_t amount_above_cents = 22'000;
  std::uint32_t ratio_rows = 5;  // earlier rows needed, at least
  std::int64_t ratio_times = 4;  // of their mean
  std::uint32_t burst_rows = 5;  // within the hour, this one included, at least
  std::int64_t tested_below_cents = 100;
  std::int64_t tested_above_cents = 50'000;
  std::int64_t tested_within_s = 60;    // at most
  double travel_farther = 10;           // twice the radius of the world
  std::int64_t travel_within_s = 3600;  // less than
};

/// R1 to R5: the reasons a payment gives by itself and by its customer's earlier rows, `facts`
/// being those of that row.
reason_set payment_reasons(const transaction& row, const customer_facts& facts,
                           const rule_limits& limits);

/// R6: more than half of the payments known of the last seven days were frauds.
reason_set terminal_reasons(const terminal_facts& facts);

}  // namespace sluice::fraud

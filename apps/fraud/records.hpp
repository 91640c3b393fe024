#pragma once

#include <cstdint>
#include <string_view>

#include "sluice/records/record.hpp"

/// The records that travel through the fraud graph. Amounts are cents, `at` is event time, `tx_id`
/// numbers the transactions of a stream from 0 and breaks ties of one instant.
namespace sluice::fraud {

/// A payment by card, as it arrives. `x` and `y` are the place of the terminal on a square of 100 ×
/// 100; `arrived` is when the payment entered the program, for latencies only.
struct transaction {
  std::uint64_t tx_id = 0;
  instant at;
  std::uint32_t customer = 0;
  std::uint32_t terminal = 0;
  std::int64_t amount_cents = 0;
  float x = 0;
  float y = 0;
  instant arrived;
  bool operator==(const transaction&) const = default;
};
SLUICE_RECORD(transaction, tx_id, at, customer, terminal, amount_cents, x, y, arrived);

/// What became known about transaction `tx_id`; `at` is when, seven days after the payment.
/// `scenario` says how the fraud was planted, 0 if there is none.
struct label {
  std::uint64_t tx_id = 0;
  instant at;
  std::uint32_t customer = 0;
  std::uint32_t terminal = 0;
  bool fraud = false;
  std::uint8_t scenario = 0;
  bool operator==(const label&) const = default;
};
SLUICE_RECORD(label, tx_id, at, customer, terminal, fraud, scenario);

/// The answer to a payment, from weakest to strongest.
enum class verdict : std::uint8_t { approve, review, decline };

/// A payment the inline path has answered, on its way to the batched path: counts and sums of the
/// customer's rows of 1, 7 and 30 days, this one included; `reasons` are the bits of a
/// `reason_set`.
struct decided {
  std::uint64_t tx_id = 0;
  instant at;
  std::uint32_t customer = 0;
  std::uint32_t terminal = 0;
  std::int64_t amount_cents = 0;
  std::uint32_t c_n1 = 0;
  std::int64_t c_sum1 = 0;
  std::uint32_t c_n7 = 0;
  std::int64_t c_sum7 = 0;
  std::uint32_t c_n30 = 0;
  std::int64_t c_sum30 = 0;
  verdict answer = verdict::approve;
  std::uint8_t reasons = 0;
  instant arrived;
  bool operator==(const decided&) const = default;
};
SLUICE_RECORD(decided, tx_id, at, customer, terminal, amount_cents, c_n1, c_sum1, c_n7, c_sum7,
              c_n30, c_sum30, answer, reasons, arrived);

/// The answer to a payment as it leaves the program; `reasons` are names, strongest first, joined
/// by `+`. `arrived` is that of the payment, for latencies only.
struct decision {
  std::uint64_t tx_id = 0;
  instant at;
  std::uint32_t customer = 0;
  verdict answer = verdict::approve;
  std::string_view reasons;
  instant arrived;
  bool operator==(const decision&) const = default;
};
SLUICE_RECORD(decision, tx_id, at, customer, answer, reasons, arrived);

/// The integers every score is made of: `c_` counts and sums (cents) of the customer, this row
/// included, `t_` counts and frauds of the terminal as known at the time, over 1, 7 and 30 days.
struct features {
  std::uint64_t tx_id = 0;
  std::int64_t amount_cents = 0;
  std::uint8_t weekend = 0;
  std::uint8_t night = 0;
  std::uint32_t c_n1 = 0;
  std::int64_t c_sum1 = 0;
  std::uint32_t c_n7 = 0;
  std::int64_t c_sum7 = 0;
  std::uint32_t c_n30 = 0;
  std::int64_t c_sum30 = 0;
  std::uint32_t t_n1 = 0;
  std::uint32_t t_f1 = 0;
  std::uint32_t t_n7 = 0;
  std::uint32_t t_f7 = 0;
  std::uint32_t t_n30 = 0;
  std::uint32_t t_f30 = 0;
  bool operator==(const features&) const = default;
};
SLUICE_RECORD(features, tx_id, amount_cents, weekend, night, c_n1, c_sum1, c_n7, c_sum7, c_n30,
              c_sum30, t_n1, t_f1, t_n7, t_f7, t_n30, t_f30);

/// A payment with everything known about it, as it leaves the terminal windows for the scores.
struct examined {
  std::uint64_t tx_id = 0;
  instant at;
  std::uint32_t customer = 0;
  std::uint32_t terminal = 0;
  std::int64_t amount_cents = 0;
  std::uint32_t c_n1 = 0;
  std::int64_t c_sum1 = 0;
  std::uint32_t c_n7 = 0;
  std::int64_t c_sum7 = 0;
  std::uint32_t c_n30 = 0;
  std::int64_t c_sum30 = 0;
  std::uint32_t t_n1 = 0;
  std::uint32_t t_f1 = 0;
  std::uint32_t t_n7 = 0;
  std::uint32_t t_f7 = 0;
  std::uint32_t t_n30 = 0;
  std::uint32_t t_f30 = 0;
  std::uint8_t reasons = 0;  // those of the inline path and of the terminal
  double champion = 0;       // score of the model in use; set by the score stage
  double challenger = 0;     // score of the one in shadow; likewise
  instant arrived;
  bool operator==(const examined&) const = default;
};
SLUICE_RECORD(examined, tx_id, at, customer, terminal, amount_cents, c_n1, c_sum1, c_n7, c_sum7,
              c_n30, c_sum30, t_n1, t_f1, t_n7, t_f7, t_n30, t_f30, reasons, champion, challenger,
              arrived);

/// A period of event time has ended: hour `hour`, and with the last hour of a day also day `day`,
/// both counted from 1970. `at` is its end.
struct tick {
  instant at;
  std::int64_t hour = 0;
  std::int64_t day = 0;
  bool operator==(const tick&) const = default;
};
SLUICE_RECORD(tick, at, hour, day);

/// A payment that gives reason for an alert, before those of its hour are drawn together; `reasons`
/// are the bits of a `reason_set`.
struct suspect {
  std::uint64_t tx_id = 0;
  instant at;
  std::int64_t hour = 0;
  std::uint32_t customer = 0;
  std::uint32_t terminal = 0;
  std::uint8_t reasons = 0;
  double champion = 0;
  double challenger = 0;
  std::int64_t amount_cents = 0;
  std::uint32_t c_n30 = 0;
  std::int64_t c_sum30 = 0;
  std::uint32_t t_n7 = 0;
  std::uint32_t t_f7 = 0;
  bool operator==(const suspect&) const = default;
};
SLUICE_RECORD(suspect, tx_id, at, hour, customer, terminal, reasons, champion, challenger,
              amount_cents, c_n30, c_sum30, t_n7, t_f7);

/// A payment somebody should look at: why, how it scored, and the figures the reasons rest on.
/// `count` is the number of payments it stands for: one alert goes out for each customer, strongest
/// reason and hour, with the first of them.
struct alert {
  std::uint64_t tx_id = 0;
  instant at;
  std::uint32_t customer = 0;
  std::uint32_t terminal = 0;
  std::string_view reasons;  // strongest first, joined by `+`
  std::uint32_t count = 1;
  double champion = 0;
  double challenger = 0;
  std::int64_t amount_cents = 0;
  std::uint32_t c_n30 = 0;
  std::int64_t c_sum30 = 0;
  std::uint32_t t_n7 = 0;
  std::uint32_t t_f7 = 0;
  bool operator==(const alert&) const = default;
};
SLUICE_RECORD(alert, tx_id, at, customer, terminal, reasons, count, champion, challenger,
              amount_cents, c_n30, c_sum30, t_n7, t_f7);

/// The scores of a payment by the model in use (`champion`) and the one in shadow. `day` counts
/// from 1970.
struct scored {
  std::uint64_t tx_id = 0;
  instant at;
  std::int64_t day = 0;
  std::uint32_t customer = 0;
  std::uint8_t reasons = 0;
  double champion = 0;
  double challenger = 0;
  bool operator==(const scored&) const = default;
};
SLUICE_RECORD(scored, tx_id, at, day, customer, reasons, champion, challenger);

/// A card among the 100 with the highest scores of a day; `rank` counts from 1, `day` from the
/// first day of the world.
struct card_day {
  std::uint32_t day = 0;
  std::uint32_t rank = 0;
  std::uint32_t customer = 0;
  double score = 0;
  bool operator==(const card_day&) const = default;
};
SLUICE_RECORD(card_day, day, rank, customer, score);

}  // namespace sluice::fraud

#pragma once

#include <cstdint>
#include <vector>

#include "sluice/apps/fraud/records.hpp"

namespace sluice::fraud {

/// Size of a handbook world. The defaults are those of the published data set.
struct world_parameters {
  std::uint32_t customers = 5000;
  std::uint32_t terminals = 10000;
  std::uint32_t days = 183;
  double radius = 5;  // a customer pays at terminals nearer than this, on a square of 100 × 100
};

/// A place on the square of 100 × 100.
struct place {
  double x = 0;
  double y = 0;
};

/// One transaction of a world; its number `tx_id` is its position in `handbook_world::rows`.
struct world_row {
  std::uint32_t time_s = 0;  // since the start of day 0
  std::uint32_t customer = 0;
  std::uint32_t terminal = 0;
  std::uint8_t scenario = 0;  // 0 honest, 1 large amount, 2 taken-over terminal, 3 stolen card
  std::int64_t amount_cents = 0;

  bool fraud() const { return scenario != 0; }
  std::uint32_t day() const { return time_s / 86'400; }
};

/// A whole stream of card transactions with its truth: the simulator of chapter 3 of *Reproducible
/// Machine Learning for Credit Card Fraud Detection – Practical Handbook* (Le Borgne, Siblini,
/// Lebichot, Bontempi 2022), by its parameters and distributions. The default parameters give its
/// published 1,754,155 rows.
struct handbook_world {
  world_parameters parameters;
  std::vector<place> terminals;  // one for each terminal number
  std::vector<world_row> rows;   // by (time, customer, order of the draws)
};

/// Generates the world of `parameters`: a function of them alone. Holds 24 bytes a row, and 56
/// while it sorts. Throws `std::invalid_argument`, naming the parameter, unless customers >= 3
/// (three are robbed a day), terminals >= 2 (two are taken over a day), 1 <= days <= 49,710
/// (seconds fit 32 bits) and radius is finite and above 0.
handbook_world generate_world(const world_parameters& parameters);

/// The start of day 0 of every world: Sunday 2018-04-01 00:00:00 UTC.
inline constexpr instant first_day = instant::from_seconds(1'522'540'800);

/// How long after its payment a label is known.
inline constexpr std::int64_t label_delay_s = 7 * 86'400;

/// A row as the transaction stream carries it; `arrived` is left at 1970.
transaction transaction_of(const world_row& row, std::uint64_t tx_id, const place& terminal);
transaction transaction_of(const handbook_world& world, std::uint64_t tx_id);

/// A row as the label stream carries it, `label_delay_s` later.
label label_of(const world_row& row, std::uint64_t tx_id);
label label_of(const handbook_world& world, std::uint64_t tx_id);

}  // namespace sluice::fraud

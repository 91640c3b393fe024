#include "sluice/apps/fraud/handbook_world.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>

#include "sluice/apps/fraud/handbook_frauds.hpp"
#include "sluice/apps/fraud/random_stream.hpp"

// Compiled without fused multiply-add (CMakeLists.txt): every product here is rounded before it is
// added.

namespace sluice::fraud {

namespace {

constexpr std::uint32_t day_s = 86'400;

struct customer_profile {
  place home;
  double mean;  // of the amounts, in currency units
  double deviation;
  double rate;  // transactions a day
};

void demand(bool holds, const char* rule, const std::string& value) {
  if (!holds) throw std::invalid_argument(std::string(rule) + ": " + value);
}

void check(const world_parameters& p) {
  demand(p.customers >= 3, "a world needs at least 3 customers", std::to_string(p.customers));
  demand(p.terminals >= 2, "a world needs at least 2 terminals", std::to_string(p.terminals));
  demand(p.days >= 1 && p.days <= ~0u / day_s, "a world lasts from 1 to 49710 days",
         std::to_string(p.days));
  demand(std::isfinite(p.radius) && p.radius > 0, "the radius of a world is finite and above 0",
         std::to_string(p.radius));
}

std::vector<customer_profile> draw_customers(std::uint32_t count) {
  auto stream = random_stream::from_number(0);
  std::vector<customer_profile> made(count);
  for (auto& c : made) {
    c.home.x = stream.uniform(0, 100);
    c.home.y = stream.uniform(0, 100);
    c.mean = stream.uniform(5, 100);
    c.rate = stream.uniform(0, 4);
    c.deviation = c.mean / 2;
  }
  return made;
}

std::vector<place> draw_terminals(std::uint32_t count) {
  auto stream = random_stream::from_number(1);
  std::vector<place> made(count);
  for (auto& t : made) {
    t.x = stream.uniform(0, 100);
    t.y = stream.uniform(0, 100);
  }
  return made;
}

// A distance is never below either of its legs, even when rounded, so the cheap comparisons lose
// nothing.
void find_near(const place& home, const std::vector<place>& terminals, double radius,
               std::vector<std::uint32_t>& near) {
  near.clear();
  for (std::uint32_t t = 0; t < terminals.size(); ++t) {
    const double dx = home.x - terminals[t].x;
    if (std::fabs(dx) >= radius) continue;
    const double dy = home.y - terminals[t].y;
    if (std::fabs(dy) >= radius) continue;
    if (std::sqrt(dx * dx + dy * dy) < radius) near.push_back(t);
  }
}

// Appends the rows of one customer in the order of the draws. `money` decides when and how much,
// `where` at which terminal; a draw that is not listed in the specification would shift all that
// follow.
void draw_rows(std::uint32_t customer, const customer_profile& profile, std::uint32_t days,
               const std::vector<std::uint32_t>& near, std::vector<world_row>& rows) {
  if (near.empty()) return;
  auto money = random_stream::from_number(customer);
  auto where = random_stream::from_key(customer);
  const auto near_count = static_cast<std::uint32_t>(near.size());
  for (std::uint32_t day = 0; day < days; ++day) {
    for (std::uint32_t left = money.poisson(profile.rate); left > 0; --left) {
      const double second = std::trunc(43'200 + 20'000 * money.gauss());
      if (!(0 < second && second < day_s)) continue;
      double amount = profile.mean + profile.deviation * money.gauss();
      if (amount < 0) amount = money.uniform(0, 2 * profile.mean);
      rows.push_back({.time_s = day * day_s + static_cast<std::uint32_t>(second),
                      .customer = customer,
                      .terminal = near[where.below(near_count)],
                      .amount_cents = static_cast<std::int64_t>(std::nearbyint(amount * 100))});
    }
  }
}

// Rows come in by customer and order of the draws, so their position breaks ties of one second.
std::vector<world_row> in_time_order(const std::vector<world_row>& rows) {
  std::vector<std::uint64_t> keys(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i)
    keys[i] = static_cast<std::uint64_t>(rows[i].time_s) << 32 | i;
  std::sort(keys.begin(), keys.end());
  std::vector<world_row> sorted(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) sorted[i] = rows[keys[i] & 0xffffffffu];
  return sorted;
}

}  // namespace

handbook_world generate_world(const world_parameters& parameters) {
  check(parameters);
  const auto customers = draw_customers(parameters.customers);
  handbook_world world{parameters, draw_terminals(parameters.terminals), {}};

  std::vector<world_row> rows;
  rows.reserve(static_cast<std::size_t>(2.1 * parameters.customers * parameters.days));
  std::vector<std::uint32_t> near;
  for (std::uint32_t c = 0; c < parameters.customers; ++c) {
    find_near(customers[c].home, world.terminals, parameters.radius, near);
    draw_rows(c, customers[c], parameters.days, near, rows);
  }
  demand(rows.size() <= 0xffffffffu, "a world has at most 4294967295 rows",
         std::to_string(rows.size()));
  world.rows = in_time_order(rows);
  plant_frauds(world);
  return world;
}

transaction transaction_of(const world_row& row, std::uint64_t tx_id, const place& terminal) {
  return {.tx_id = tx_id,
          .at = instant{first_day.us + std::int64_t{row.time_s} * 1'000'000},
          .customer = row.customer,
          .terminal = row.terminal,
          .amount_cents = row.amount_cents,
          .x = static_cast<float>(terminal.x),
          .y = static_cast<float>(terminal.y),
          .arrived = {}};
}

transaction transaction_of(const handbook_world& world, std::uint64_t tx_id) {
  const world_row& row = world.rows[tx_id];
  return transaction_of(row, tx_id, world.terminals[row.terminal]);
}

label label_of(const world_row& row, std::uint64_t tx_id) {
  return {.tx_id = tx_id,
          .at = instant{first_day.us + (std::int64_t{row.time_s} + label_delay_s) * 1'000'000},
          .customer = row.customer,
          .terminal = row.terminal,
          .fraud = row.fraud(),
          .scenario = row.scenario};
}

label label_of(const handbook_world& world, std::uint64_t tx_id) {
  return label_of(world.rows[tx_id], tx_id);
}

}  // namespace sluice::fraud

#include "sluice/apps/fraud/handbook_frauds.hpp"

#include <algorithm>
#include <span>

#include "sluice/apps/fraud/random_stream.hpp"

namespace sluice::fraud {

namespace {

constexpr std::int64_t large_amount_cents = 22'000;
constexpr std::uint32_t terminals_a_day = 2;
constexpr std::uint32_t taken_over_days = 28;
constexpr std::uint32_t customers_a_day = 3;
constexpr std::uint32_t robbed_days = 14;

void mark_large_amounts(std::vector<world_row>& rows) {
  for (auto& row : rows)
    if (row.amount_cents > large_amount_cents) row.scenario = 1;
}

// Rows are in order of time, so one pass is enough: for each terminal the day it is free again.
void mark_terminals(handbook_world& world) {
  const std::uint32_t last_day = world.rows.back().day();
  std::vector<std::uint32_t> free_again(world.parameters.terminals, 0);
  std::uint32_t next_day = 0;
  for (auto& row : world.rows) {
    for (; next_day <= row.day() && next_day < last_day; ++next_day)
      for (auto t : first_of_permutation(next_day, world.parameters.terminals, terminals_a_day))
        free_again[t] = next_day + taken_over_days;
    if (row.day() < free_again[row.terminal]) row.scenario = 2;
  }
}

// Positions of the rows of every customer, in order of tx_id.
class rows_by_customer {
 public:
  explicit rows_by_customer(const handbook_world& world)
      : starts_(world.parameters.customers + 1), positions_(world.rows.size()) {
    for (const auto& row : world.rows) ++starts_[row.customer + 1];
    for (std::size_t c = 1; c < starts_.size(); ++c) starts_[c] += starts_[c - 1];
    auto ends = starts_;
    for (std::uint32_t i = 0; i < positions_.size(); ++i)
      positions_[ends[world.rows[i].customer]++] = i;
  }

  std::span<const std::uint32_t> of(std::uint32_t customer) const {
    return std::span(positions_)
        .subspan(starts_[customer], starts_[customer + 1] - starts_[customer]);
  }

 private:
  std::vector<std::uint32_t> starts_;
  std::vector<std::uint32_t> positions_;
};

void rob_customers(handbook_world& world) {
  auto& rows = world.rows;
  const rows_by_customer by_customer(world);
  const std::uint32_t last_day = rows.back().day();
  std::vector<std::uint32_t> open;  // rows of the day's three customers, in order of tx_id
  for (std::uint32_t day = 0; day < last_day; ++day) {
    open.clear();
    for (auto customer : first_of_permutation(day, world.parameters.customers, customers_a_day))
      for (auto position : by_customer.of(customer))
        if (const auto d = rows[position].day(); day <= d && d < day + robbed_days)
          open.push_back(position);
    std::sort(open.begin(), open.end());
    auto stream = random_stream::from_key(day);
    const auto n = static_cast<std::uint32_t>(open.size());
    for (auto picked : sample(stream, n, n / 3)) {
      rows[open[picked]].amount_cents *= 5;
      rows[open[picked]].scenario = 3;
    }
  }
}

}  // namespace

void plant_frauds(handbook_world& world) {
  if (world.rows.empty()) return;
  mark_large_amounts(world.rows);
  mark_terminals(world);
  rob_customers(world);
}

}  // namespace sluice::fraud

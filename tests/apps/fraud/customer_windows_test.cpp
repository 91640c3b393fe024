#include "sluice/apps/fraud/customer_windows.hpp"

#include <stdexcept>

#include "sluice/tests/support/catch.hpp"

using namespace sluice::fraud;
using sluice::instant;

namespace {

constexpr std::int64_t day_s = 86'400;

transaction paid(std::int64_t at_s, std::int64_t cents) {
  transaction row;
  row.at = instant::from_seconds(at_s);
  row.amount_cents = cents;
  return row;
}

}  // namespace

TEST_CASE("the first payment of a customer is alone in every window", "[customer_windows]") {
  customer_windows customer;
  const auto facts = customer.observe(paid(1'000, 500));
  CHECK(facts.hour == window_total{1, 500});
  CHECK(facts.day == window_total{1, 500});
  CHECK(facts.week == window_total{1, 500});
  CHECK(facts.month == window_total{1, 500});
  CHECK(facts.earlier == window_total{0, 0});
  CHECK_FALSE(facts.previous);
}

TEST_CASE("each window of a customer has its own length", "[customer_windows]") {
  customer_windows customer;
  for (std::int64_t age :
       {30 * day_s, 30 * day_s - 1, 7 * day_s - 1, day_s, day_s - 1, 3'600l, 3'599l})
    customer.observe(paid(40 * day_s - age, 10));
  const auto facts = customer.observe(paid(40 * day_s, 1));
  CHECK(facts.hour == window_total{2, 11});
  CHECK(facts.day == window_total{4, 31});
  CHECK(facts.week == window_total{6, 51});
  CHECK(facts.month == window_total{7, 61});
  CHECK(facts.earlier == window_total{6, 60});
  CHECK(customer.size() == 7);
}

TEST_CASE("of two payments in one second only the later sees the other", "[customer_windows]") {
  customer_windows customer;
  CHECK(customer.observe(paid(5, 100)).day == window_total{1, 100});
  CHECK(customer.observe(paid(5, 300)).day == window_total{2, 400});
}

TEST_CASE("the previous payment is remembered even when all windows have passed it",
          "[customer_windows]") {
  customer_windows customer;
  auto first = paid(0, 100);
  first.x = 3;
  first.y = 4;
  customer.observe(first);
  const auto facts = customer.observe(paid(31 * day_s, 200));
  CHECK(facts.month == window_total{1, 200});
  REQUIRE(facts.previous);
  CHECK(*facts.previous == previous_row{instant::from_seconds(0), 100, 3, 4});
}

TEST_CASE("a payment from before the last one is refused", "[customer_windows]") {
  customer_windows customer;
  customer.observe(paid(10, 100));
  CHECK_THROWS_AS(customer.observe(paid(9, 100)), std::logic_error);
}

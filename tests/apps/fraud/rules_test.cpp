#include "sluice/apps/fraud/rules.hpp"

#include "sluice/tests/support/catch.hpp"

using namespace sluice::fraud;
using sluice::instant;

namespace {

// One customer under the default limits; `pay` answers with the text of the reasons.
struct customer {
  customer_windows windows;

  std::string_view pay(std::int64_t at_s, std::int64_t cents, float x = 0, float y = 0) {
    transaction row;
    row.at = instant::from_seconds(at_s);
    row.amount_cents = cents;
    row.x = x;
    row.y = y;
    return payment_reasons(row, windows.observe(row), {}).text();
  }
};

reason_set of(std::initializer_list<rule> rules) {
  reason_set made;
  for (auto r : rules) made.add(r);
  return made;
}

terminal_facts week(std::uint32_t payments, std::int64_t frauds) {
  return {.day = {}, .week = {payments, frauds}, .month = {payments, frauds}};
}

constexpr std::int64_t day_s = 86'400;

}  // namespace

TEST_CASE("AMOUNT fires above its limit", "[rules][R1]") {
  CHECK(customer{}.pay(0, 22'000) == "");
  CHECK(customer{}.pay(0, 22'001) == "AMOUNT");
}

TEST_CASE("RATIO compares with the mean of at least five earlier payments", "[rules][R2]") {
  customer c;
  for (int i = 0; i < 4; ++i) CHECK(c.pay(i * day_s, 1'000) == "");
  SECTION("four are too few") { CHECK(c.pay(4 * day_s, 9'000) == ""); }
  SECTION("four times the mean is allowed") {
    c.pay(4 * day_s, 1'000);
    CHECK(c.pay(5 * day_s, 4'000) == "");
  }
  SECTION("more is not") {
    c.pay(4 * day_s, 1'000);
    CHECK(c.pay(5 * day_s, 4'001) == "RATIO");
  }
  SECTION("payments older than thirty days do not count") {
    c.pay(4 * day_s, 1'000);
    CHECK(c.pay(30 * day_s, 9'000) == "");
  }
}

TEST_CASE("BURST fires at the fifth payment within an hour", "[rules][R3]") {
  customer c;
  for (int i = 0; i < 4; ++i) CHECK(c.pay(i, 1'000) == "");
  SECTION("within") { CHECK(c.pay(3'599, 1'000) == "BURST"); }
  SECTION("the first has just left") { CHECK(c.pay(3'600, 1'000) == ""); }
}

TEST_CASE("TESTED fires on a large payment right after a tiny one", "[rules][R4]") {
  customer c;
  c.pay(0, 99);
  SECTION("sixty seconds later") { CHECK(c.pay(60, 50'001) == "TESTED+AMOUNT"); }
  SECTION("too late") { CHECK(c.pay(61, 50'001) == "AMOUNT"); }
  SECTION("not large enough") { CHECK(c.pay(60, 50'000) == "AMOUNT"); }
  SECTION("not the next one") {
    c.pay(30, 100);
    CHECK(c.pay(60, 50'001) == "AMOUNT");
  }
}

TEST_CASE("TRAVEL fires when the last payment was too far away for the time", "[rules][R5]") {
  customer c;
  c.pay(0, 1'000, 1, 1);
  SECTION("farther") { CHECK(c.pay(3'599, 1'000, 7, 9.01f) == "TRAVEL"); }
  SECTION("just as far as two radii") { CHECK(c.pay(3'599, 1'000, 7, 9) == ""); }
  SECTION("an hour later") { CHECK(c.pay(3'600, 1'000, 90, 90) == ""); }
}

TEST_CASE("TERMINAL fires when most known payments were frauds", "[rules][R6]") {
  CHECK(terminal_reasons(week(0, 0)).text() == "");
  CHECK(terminal_reasons(week(2, 1)).text() == "");
  CHECK(terminal_reasons(week(3, 2)).text() == "TERMINAL");
  CHECK(terminal_reasons(week(1, 1)).text() == "TERMINAL");
}

TEST_CASE("limits are what the rules compare with", "[rules]") {
  transaction row;
  row.amount_cents = 101;
  customer_windows windows;
  CHECK(payment_reasons(row, windows.observe(row), {.amount_above_cents = 100}).text() == "AMOUNT");
}

TEST_CASE("the strongest reason decides the answer", "[rules]") {
  CHECK(of({}).answer() == verdict::approve);
  CHECK(of({rule::terminal}).answer() == verdict::approve);
  CHECK(of({rule::amount}).answer() == verdict::review);
  CHECK(of({rule::burst, rule::terminal}).answer() == verdict::review);
  CHECK(of({rule::ratio, rule::amount}).answer() == verdict::decline);
  CHECK(of({rule::tested}).answer() == verdict::decline);
  CHECK(of({rule::travel}).answer() == verdict::decline);
}

TEST_CASE("reasons are named strongest first, whatever order they came in", "[rules]") {
  CHECK(of({rule::terminal, rule::burst, rule::amount, rule::ratio, rule::travel, rule::tested})
            .text() == "TESTED+TRAVEL+RATIO+AMOUNT+BURST+TERMINAL");
  CHECK(of({rule::amount, rule::ratio}).text() == "RATIO+AMOUNT");
  for (auto r :
       {rule::tested, rule::travel, rule::ratio, rule::amount, rule::burst, rule::terminal})
    CHECK(of({r}).text() == name(r));
}

TEST_CASE("reasons travel as bits", "[rules]") {
  const auto reasons = of({rule::ratio, rule::burst});
  CHECK(reason_set::from_bits(reasons.bits()) == reasons);
  CHECK(reasons.contains(rule::ratio));
  CHECK_FALSE(reasons.contains(rule::amount));
  CHECK(reason_set::from_bits(0xff).text() == "TESTED+TRAVEL+RATIO+AMOUNT+BURST+TERMINAL");
}

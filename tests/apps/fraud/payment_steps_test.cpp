#include "sluice/apps/fraud/payment_steps.hpp"

#include "sluice/tests/support/catch.hpp"

using namespace sluice::fraud;
using sluice::instant;

namespace {

constexpr std::int64_t saturday_s = 1'523'059'200;  // 2018-04-07 00:00:00 UTC

transaction payment() {
  return {.tx_id = 42,
          .at = instant::from_seconds(saturday_s + 3'600),
          .customer = 3,
          .terminal = 8,
          .amount_cents = 22'001,
          .x = 1,
          .y = 2,
          .arrived = instant{77}};
}

}  // namespace

TEST_CASE("a payment is answered with its windows and reasons", "[payment_steps]") {
  customer_windows customer;
  const auto got = decide(payment(), customer, {});
  CHECK(got.tx_id == 42);
  CHECK(got.at == payment().at);
  CHECK(got.arrived == instant{77});
  CHECK(got.c_n30 == 1);
  CHECK(got.c_sum30 == 22'001);
  CHECK(got.answer == verdict::review);
  CHECK(decision_of(got) ==
        decision{42, payment().at, 3, verdict::review, "AMOUNT", payment().arrived});
}

TEST_CASE("an answered payment gains what is known about its terminal", "[payment_steps]") {
  customer_windows customer;
  terminal_windows terminal;
  label bad;
  bad.at = instant::from_seconds(saturday_s);
  bad.fraud = true;
  terminal.learn(bad);

  const auto got = examine(decide(payment(), customer, {}), terminal);
  CHECK(reason_set::from_bits(got.reasons).text() == "AMOUNT+TERMINAL");
  CHECK(got.arrived == instant{77});
  CHECK(features_of(got) == features{.tx_id = 42,
                                     .amount_cents = 22'001,
                                     .weekend = 1,
                                     .night = 1,
                                     .c_n1 = 1,
                                     .c_sum1 = 22'001,
                                     .c_n7 = 1,
                                     .c_sum7 = 22'001,
                                     .c_n30 = 1,
                                     .c_sum30 = 22'001,
                                     .t_n1 = 1,
                                     .t_f1 = 1,
                                     .t_n7 = 1,
                                     .t_f7 = 1,
                                     .t_n30 = 1,
                                     .t_f30 = 1});
}

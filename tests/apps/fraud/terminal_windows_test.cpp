#include "sluice/apps/fraud/terminal_windows.hpp"

#include <stdexcept>

#include "sluice/tests/support/catch.hpp"

using namespace sluice::fraud;
using sluice::instant;

namespace {

constexpr std::int64_t day_s = 86'400;

// The label of a payment at `paid_s`, as the label stream carries it.
label known(std::int64_t paid_s, bool fraud, std::uint64_t tx_id = 0) {
  label row;
  row.tx_id = tx_id;
  row.at = instant::from_seconds(paid_s + 7 * day_s);
  row.fraud = fraud;
  return row;
}

instant at(std::int64_t s) { return instant::from_seconds(s); }

}  // namespace

TEST_CASE("a terminal nobody knows anything about has no past", "[terminal_windows]") {
  terminal_windows terminal;
  CHECK(terminal.at(at(5)) == terminal_facts{});
}

TEST_CASE("a payment counts from seven days after it, for one, seven and thirty days",
          "[terminal_windows]") {
  terminal_windows terminal;
  terminal.learn(known(0, true));
  const window_total one{1, 1}, none{0, 0};
  CHECK(terminal.at(at(7 * day_s)) == terminal_facts{one, one, one});
  CHECK(terminal.at(at(8 * day_s - 1)) == terminal_facts{one, one, one});
  CHECK(terminal.at(at(8 * day_s)) == terminal_facts{none, one, one});
  CHECK(terminal.at(at(14 * day_s)) == terminal_facts{none, none, one});
  CHECK(terminal.at(at(37 * day_s - 1)) == terminal_facts{none, none, one});
  CHECK(terminal.at(at(37 * day_s)) == terminal_facts{none, none, none});
  CHECK(terminal.size() == 0);
}

TEST_CASE("honest payments count too, but not as frauds", "[terminal_windows]") {
  terminal_windows terminal;
  terminal.learn(known(0, false));
  terminal.learn(known(0, true));
  terminal.learn(known(1, false));
  CHECK(terminal.at(at(7 * day_s + 1)).week == window_total{3, 1});
}

TEST_CASE("labels and payments are read by time, labels first, then by number",
          "[terminal_windows]") {
  transaction payment;
  payment.tx_id = 1;
  payment.at = at(7 * day_s);
  const auto same_time = known(0, false, 9);
  CHECK(position_of(same_time) < position_of(payment));
  CHECK(position_of(known(0, false, 8)) < position_of(same_time));
  auto later = known(1, false, 0);
  CHECK(position_of(payment) < position_of(later));
  auto next = payment;
  next.tx_id = 2;
  CHECK(position_of(payment) < position_of(next));
}

TEST_CASE("a label from before the last question is refused", "[terminal_windows]") {
  terminal_windows terminal;
  terminal.at(at(9 * day_s));
  CHECK_THROWS_AS(terminal.learn(known(day_s, true)), std::logic_error);
}

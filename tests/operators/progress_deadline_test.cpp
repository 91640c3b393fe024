#include "sluice/operators/progress_deadline.hpp"

#include "sluice/tests/support/catch.hpp"

namespace sluice {
namespace {

using verdict = progress_deadline::verdict;

TEST_CASE("an epoch with which nothing moves is given up at the deadline", "[deadline][S34]") {
  progress_deadline d{1000};
  CHECK(d.look_every() == 250);
  d.moved(100);
  CHECK(d.look(349) == verdict::wait);
  CHECK(d.look(350) == verdict::ask);
  CHECK(d.look(1099) == verdict::ask);
  CHECK(d.look(1100) == verdict::expired);
}

TEST_CASE("whoever has worked since the last report moves it, a report alone does not",
          "[deadline][S34]") {
  progress_deadline d{1000};
  d.reported(3, 17, false, 400);  // the first one
  d.reported(3, 17, false, 900);
  CHECK(d.look(1000) == verdict::expired);
  d.reported(3, 18, false, 1400);
  d.reported(4, 5, false, 2000);
  CHECK(d.look(2399) == verdict::ask);
  CHECK(d.look(2400) == verdict::expired);
}

TEST_CASE("a wait for what is outside is not counted", "[deadline][S34][X27]") {
  progress_deadline d{1000};
  for (std::uint64_t now = 0; now < 100'000; now += 500) {
    d.reported(0, 5, true, now);
    CHECK(d.look(now + 499) != verdict::expired);
  }
}

TEST_CASE("without a deadline nothing is given up", "[deadline][S34]") {
  progress_deadline d{0};
  CHECK(d.look_every() == 0);
  CHECK(d.look(1'000'000'000) == verdict::wait);
}

}  // namespace
}  // namespace sluice

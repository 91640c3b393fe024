#include "sluice/apps/fraud/calendar.hpp"

#include "sluice/tests/support/catch.hpp"

using namespace sluice::fraud;
using sluice::instant;

namespace {

constexpr std::int64_t sunday_s = 1'522'540'800;  // 2018-04-01 00:00:00 UTC

instant after_sunday(std::int64_t days, std::int64_t seconds) {
  return instant::from_seconds(sunday_s + days * 86'400 + seconds);
}

}  // namespace

TEST_CASE("the weekend is Saturday and Sunday", "[calendar]") {
  CHECK(weekend(after_sunday(0, 0)));
  CHECK(weekend(after_sunday(0, 86'399)));
  for (int day = 1; day <= 5; ++day) CHECK_FALSE(weekend(after_sunday(day, 3'600)));
  CHECK(weekend(after_sunday(6, 0)));
  CHECK(weekend(after_sunday(7, 0)));
}

TEST_CASE("the night ends with the hour of six", "[calendar]") {
  CHECK(night(after_sunday(0, 0)));
  CHECK(night(after_sunday(0, 7 * 3'600 - 1)));
  CHECK_FALSE(night(after_sunday(0, 7 * 3'600)));
  CHECK_FALSE(night(after_sunday(0, 86'399)));
  CHECK(night(after_sunday(1, 0)));
}

TEST_CASE("days before 1970 count as others do", "[calendar]") {
  CHECK(day_of(instant{-1}) == -1);
  CHECK_FALSE(weekend(instant{-1}));                         // Wednesday
  CHECK_FALSE(night(instant{-1}));                           // 23:59:59
  CHECK(weekend(instant::from_seconds(-5 * 86'400)));        // Saturday
  CHECK_FALSE(weekend(instant::from_seconds(-6 * 86'400)));  // Friday
}

#include "sluice/bench/harness/noise.hpp"

#include "sluice/tests/support/catch.hpp"

namespace sluice::bench {

using namespace std::chrono_literals;

TEST_CASE("pauses are summed up as an arrival would meet them", "[bench]") {
  const pauses got = summarize({50us, 300us, 3ms}, 1s);
  CHECK(got.lost == Approx(0.00335));
  CHECK(got.wait_100us == Approx(0.0031));
  CHECK(got.wait_1ms == Approx(0.002));
  CHECK(got.longest_ms == Approx(3));
  CHECK(summarize({}, 1s) == pauses{});
}

TEST_CASE("the pause probe runs as long as it is told", "[bench]") {
  const pauses got = probe_pauses(5ms);
  CHECK(got.lost >= 0);
  CHECK(got.lost < 1);
}

TEST_CASE("a second thread gains something or there is no second CPU", "[bench]") {
  const auto gain = probe_second_thread(5ms);
  if (gain) CHECK(*gain > 0);
}

TEST_CASE("noise is recorded as the worse of before and after", "[bench]") {
  CHECK(
      noise_record({.lost = 0.1, .wait_1ms = 0.2}, {.lost = 0.3, .longest_ms = 4}, std::nullopt)
          .text() ==
      R"({"s2":null,"lost_before":0.1,"lost_after":0.3,"wait_100us":0,"wait_1ms":0.2,"pause_max_ms":4})");
}

}  // namespace sluice::bench

#include "sluice/bench/harness/cpu_usage.hpp"

#include "sluice/tests/support/catch.hpp"

namespace sluice::bench {

using namespace std::chrono_literals;

TEST_CASE("busy time is read per CPU, idle and waiting left out", "[bench]") {
  const char* const text =
      "cpu  300 6 30 3000 7 8 9 10 0 0\n"
      "cpu0 100 2 10 1000 3 4 5 6 0 0\n"
      "cpu2 200 4 20 2000 4 4 4 4 0 0\n"
      "intr 12345 0 0\n"
      "ctxt 99\n";
  CHECK(busy_ticks(text) == std::vector<std::uint64_t>{127, 0, 236});
  CHECK(busy_ticks("").empty());
}

TEST_CASE("what others used is what was busy and not ours", "[bench]") {
  CHECK(foreign_share(1000ms, 400ms, 1000ms, 10ms, 1) == Approx(0.58));
  CHECK(foreign_share(1000ms, 400ms, 1000ms, 10ms, 2) == Approx(0.28));
  CHECK(foreign_share(1000ms, 985ms, 1000ms, 10ms, 1) == 0);  // within two ticks
  CHECK(foreign_share(900ms, 1000ms, 1000ms, 10ms, 1) == 0);
  CHECK(foreign_share(0ms, 0ms, 0ms, 10ms, 1) == 0);
}

TEST_CASE("the system counts in ticks of 1 to 10 ms", "[bench]") {
  CHECK(clock_tick() >= 1ms);
  CHECK(clock_tick() <= 10ms);
}

TEST_CASE("this process may run somewhere", "[bench]") { CHECK_FALSE(allowed_cpus().empty()); }

}  // namespace sluice::bench

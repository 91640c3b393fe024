#include "sluice/bench/harness/latency.hpp"

#include "sluice/tests/support/catch.hpp"

namespace sluice::bench {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

const steady_time start{seconds{100}};

}  // namespace

TEST_CASE("a percentile is the smallest wait that so many do not exceed", "[bench]") {
  latency_record waits{start};
  for (int i = 200; i >= 1; --i) waits.add(start, start + microseconds{i});
  const std::vector<bool> valid{true};
  CHECK(waits.at_share(0.5, valid) == 100);
  CHECK(waits.at_share(0.501, valid) == 101);
  CHECK(waits.at_share(0.99, valid) == 198);
  CHECK(waits.at_share(1, valid) == 200);
  CHECK(waits.at_share(0, valid) == 1);
}

TEST_CASE("a wait counts in the second its row was due, and not before the start", "[bench]") {
  latency_record waits{start};
  waits.add(start - microseconds{1}, start + seconds{5});
  waits.add(start + milliseconds{999}, start + milliseconds{1009});
  waits.add(start + milliseconds{2500}, start + milliseconds{2501});
  CHECK(waits.timed_seconds() == 3);
  CHECK(waits.at_share(1, {true}) == 10'000);
  CHECK(waits.at_share(1, {false, true, true}) == 1'000);
  CHECK_FALSE(waits.at_share(1, {false, true, false}));
  CHECK(waits.summary({true, true, true}).text() ==
        R"({"n":2,"p50":1000,"p90":10000,"p99":10000,"p999":10000,"p9999":10000,"max":10000,)"
        R"("valid_s":3,"total_s":3})");
  CHECK(waits.summary({false, true, true}).text() ==
        R"({"n":1,"p50":1000,"p90":1000,"p99":1000,"p999":1000,"p9999":1000,"max":1000,)"
        R"("valid_s":2,"total_s":3})");
}

TEST_CASE("a wake-up is late from more than a millisecond on", "[bench]") {
  CHECK_FALSE(late_wake_of(start, start + milliseconds{1}));
  const auto late = late_wake_of(start, start + microseconds{1001});
  REQUIRE(late);
  CHECK(late->due == start);
  CHECK(late->by == microseconds{1001});
}

TEST_CASE("a second in which the machine paused is not quiet", "[bench]") {
  hiccup_watch watch;
  watch.stop();
  CHECK(watch.quiet_seconds(start, 3) == std::vector<bool>(3, true));  // nothing was late there
  CHECK(quiet_seconds({{start - milliseconds{1}, milliseconds{1500}}}, start, 3) ==
        std::vector<bool>{false, false, true});
  CHECK(quiet_seconds({{start - seconds{9}, milliseconds{2}},
                       {start - milliseconds{1}, milliseconds{3}},
                       {start + milliseconds{1999}, milliseconds{5}}},
                      start, 4) == std::vector<bool>{false, false, false, true});
}

}  // namespace sluice::bench

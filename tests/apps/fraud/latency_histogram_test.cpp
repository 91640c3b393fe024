#include "sluice/apps/fraud/latency_histogram.hpp"

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include "sluice/tests/support/catch.hpp"

using sluice::fraud::latency_histogram;

TEST_CASE("durations below 128 are told exactly", "[latency_histogram]") {
  latency_histogram seen;
  for (std::uint64_t us = 0; us < 128; ++us) seen.record(us);
  for (std::uint64_t us = 0; us < 128; ++us)
    CHECK(seen.at_share((static_cast<double>(us) + 1) / 128) == us);
}

TEST_CASE("a percentile is at most 1/64 above the true one, at every size", "[latency_histogram]") {
  std::mt19937_64 random{7};
  std::vector<std::uint64_t> all;
  latency_histogram seen;
  for (int i = 0; i < 100'000; ++i) {
    const std::uint64_t us = random() >> (24 + random() % 40);
    all.push_back(us);
    seen.record(us);
  }
  std::sort(all.begin(), all.end());
  for (const double share : {0.001, 0.5, 0.9, 0.99, 0.999, 1.0}) {
    const auto rank = static_cast<std::size_t>(std::ceil(share * static_cast<double>(all.size())));
    const auto truth = static_cast<double>(all[rank - 1]);
    const auto told = static_cast<double>(seen.at_share(share));
    CAPTURE(share, truth, told);
    CHECK(told >= truth);
    CHECK(told <= truth * (1 + 1.0 / 64) + 1);
  }
}

TEST_CASE("an empty histogram says 0 and enormous durations are counted", "[latency_histogram]") {
  latency_histogram seen;
  CHECK(seen.at_share(0.5) == 0);
  seen.record(~std::uint64_t{0}, 3);
  CHECK(seen.recorded() == 3);
  CHECK(seen.at_share(1) == (std::uint64_t{1} << 40) - 1);
}

TEST_CASE("histograms add up", "[latency_histogram]") {
  latency_histogram fast, slow;
  fast.record(10, 99);
  slow.record(5'000);
  fast.add(slow);
  CHECK(fast.recorded() == 100);
  CHECK(fast.at_share(0.99) == 10);
  CHECK(fast.at_share(1) >= 5'000);
}

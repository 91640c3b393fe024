#include "sluice/state/coordinator_lease.hpp"

#include "sluice/sim/seeded_random.hpp"
#include "sluice/tests/support/catch.hpp"

using namespace std::chrono_literals;

namespace sluice {

using action = coordinator_lease::action;

TEST_CASE("a lease is renewed every quarter of its life", "[coordinator_lease]") {
  coordinator_lease lease{100ms, 2000ms};
  CHECK(lease.at(100ms) == action::none);
  CHECK(lease.at(599ms) == action::none);
  CHECK(lease.at(600ms) == action::renew);
  CHECK(lease.at(700ms) == action::renew);  // no answer yet
  lease.renewed(700ms, 2000ms);
  CHECK(lease.at(1199ms) == action::none);
  CHECK(lease.at(1200ms) == action::renew);
}

TEST_CASE("a lease counts as lost a quarter before the store can end it", "[coordinator_lease]") {
  coordinator_lease lease{100ms, 2000ms};
  CHECK(lease.held(1599ms));
  CHECK_FALSE(lease.held(1600ms));
  CHECK(lease.at(1600ms) == action::stop);
}

TEST_CASE("a lease that is lost stays lost", "[coordinator_lease]") {
  coordinator_lease late{0ms, 2000ms};
  CHECK(late.at(1500ms) == action::stop);
  late.renewed(1400ms, 2000ms);  // the answer was slow
  CHECK_FALSE(late.held(1501ms));
  CHECK(late.at(1501ms) == action::stop);

  coordinator_lease ended{0ms, 2000ms};
  ended.gone();
  CHECK_FALSE(ended.held(1ms));
  CHECK(ended.at(1ms) == action::stop);
}

TEST_CASE("an older answer does not take anything away", "[coordinator_lease]") {
  coordinator_lease lease{0ms, 2000ms};
  lease.renewed(1000ms, 2000ms);
  lease.renewed(500ms, 2000ms);
  CHECK(lease.held(2499ms));
}

// The store counts from when a question arrives, the holder from before it was asked.
TEST_CASE("whatever is slow, lost or stopped, the holder gives up before the store does",
          "[coordinator_lease][F26]") {
  const auto seed = GENERATE(range(std::uint64_t{1}, std::uint64_t{200}));
  CAPTURE(seed);
  sim::seeded_random random{seed};
  const auto some = [&](std::uint64_t most) {
    return std::chrono::milliseconds{static_cast<std::int64_t>(random.below(most + 1))};
  };
  const auto lives = 2000ms;
  auto now = 5000ms;
  const auto granted = now;
  now += some(300);
  auto ends_in_store = now + lives;
  coordinator_lease lease{granted, lives};
  for (int step = 0; step < 200; ++step) {
    now += random.once_in(20) ? some(4000) : some(300);  // stopped, or not
    if (lease.held(now)) REQUIRE(now < ends_in_store);
    const auto due = lease.at(now);
    if (due == action::stop) return;
    if (due == action::none) continue;
    const auto asked = now;
    now += some(400);
    if (random.once_in(3)) continue;  // the question never arrived
    if (now >= ends_in_store) {
      lease.gone();
      continue;
    }
    ends_in_store = now + lives;
    now += some(400);
    if (random.once_in(3)) continue;  // the answer is lost
    lease.renewed(asked, lives);
  }
}

}  // namespace sluice

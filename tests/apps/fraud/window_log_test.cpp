#include "sluice/apps/fraud/window_log.hpp"

#include <random>
#include <stdexcept>

#include "sluice/tests/support/catch.hpp"

using namespace sluice::fraud;
using sluice::instant;

namespace {

using minutes = window_log<60, 600>;

instant at(std::int64_t s) { return instant::from_seconds(s); }

}  // namespace

TEST_CASE("a window holds an entry until its length has passed, then no more", "[window_log]") {
  minutes log;
  log.add(at(0), 7);
  log.advance(at(59));
  CHECK(log.within(0) == window_total{1, 7});
  log.advance(instant{60'000'000 - 1});
  CHECK(log.within(0) == window_total{1, 7});
  log.advance(at(60));
  CHECK(log.within(0) == window_total{0, 0});
  CHECK(log.within(1) == window_total{1, 7});
  log.advance(at(600));
  CHECK(log.within(1) == window_total{0, 0});
}

TEST_CASE("entries of one instant all count", "[window_log]") {
  minutes log;
  for (int i = 0; i < 5; ++i) log.add(at(10), 2);
  CHECK(log.within(0) == window_total{5, 10});
}

TEST_CASE("the time of a log does not run backwards", "[window_log]") {
  minutes log;
  log.advance(at(10));
  CHECK_THROWS_AS(log.add(at(9), 1), std::logic_error);
  CHECK_THROWS_AS(log.advance(at(9)), std::logic_error);
  CHECK(log.within(1) == window_total{0, 0});
}

TEST_CASE("a log keeps what its longest window holds and nothing older", "[window_log]") {
  minutes log;
  for (int s = 0; s < 100'000; ++s) {
    log.add(at(s), 1);
    REQUIRE(log.size() == static_cast<std::size_t>(std::min(s + 1, 600)));
  }
  CHECK(log.capacity() == 1'024);
  CHECK(log.within(0) == window_total{60, 60});
  CHECK(log.within(1) == window_total{600, 600});
}

TEST_CASE("windows of random entries hold what a plain loop finds", "[window_log]") {
  const auto seed = GENERATE(1u, 2u, 3u, 4u, 5u);
  CAPTURE(seed);
  std::mt19937 random(seed);
  minutes log;
  std::vector<minutes::entry> all;
  std::int64_t now = 0;
  for (int i = 0; i < 3'000; ++i) {
    const bool dense = i / 250 % 2 == 1;  // few entries stay inside, then many, and again
    now += dense ? random() % 3 : random() % 200;
    if (random() % 3 != 0) {
      all.push_back({at(now), static_cast<std::int64_t>(random() % 1'000) - 200});
      log.add(all.back().at, all.back().value);
    } else {
      log.advance(at(now));
    }
    window_total minute, ten;
    for (const auto& e : all) {
      if (e.at.us > (now - 60) * 1'000'000) ++minute.count, minute.sum += e.value;
      if (e.at.us > (now - 600) * 1'000'000) ++ten.count, ten.sum += e.value;
    }
    REQUIRE(log.within(0) == minute);
    REQUIRE(log.within(1) == ten);
  }
}

TEST_CASE("a log built again from its entries goes on like the first", "[window_log]") {
  minutes log;
  for (int i = 0; i < 500; ++i) log.add(at(i * i % 97 + i * 97), i);
  minutes copy;
  log.for_each([&](const minutes::entry& e) { copy.add(e.at, e.value); });
  CHECK(copy.size() == log.size());
  for (auto* each : {&log, &copy}) each->add(at(500 * 97), 3);
  CHECK(copy.within(0) == log.within(0));
  CHECK(copy.within(1) == log.within(1));
}

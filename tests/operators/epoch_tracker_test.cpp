#include "sluice/operators/epoch_tracker.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <vector>

#include "sluice/tests/support/catch.hpp"

namespace sluice {

namespace {

using opening = epoch_tracker::opening;
constexpr auto nothing = std::nullopt;

constexpr bool is_end = true;
constexpr bool not_end = false;

opening flush(std::uint64_t e) { return {{e}, false}; }
opening commit(std::uint64_t e) { return {{e}, true}; }
opening last(std::uint64_t e) { return {{e}, true, true}; }

}  // namespace

TEST_CASE("markers are due at multiples of the interval", "[epoch_tracker][S13]") {
  epoch_tracker t{{.interval_ms = 1000}};
  CHECK(t.tick(0) == nothing);
  CHECK(t.next_due() == 1000);
  CHECK(t.tick(999) == nothing);
  CHECK(t.tick(1000) == commit(1));
  CHECK(t.next_due() == 2000);
  REQUIRE(t.passed({1}, not_end) == nothing);
  CHECK(t.tick(2003) == commit(2));
  CHECK(t.next_due() == 3000);  // no drift
}

TEST_CASE("due times that were missed are not made up for", "[epoch_tracker][S13]") {
  epoch_tracker t{{.interval_ms = 100}};
  REQUIRE(t.tick(0) == nothing);
  CHECK(t.tick(750) == commit(1));
  CHECK(t.next_due() == 800);
  CHECK(t.tick(760) == nothing);
}

TEST_CASE("every k-th marker is a commit", "[epoch_tracker][C13]") {
  epoch_tracker t{{.interval_ms = 10, .commit_every = 3}};
  std::vector<opening> opened;
  for (std::uint64_t ms = 0; ms <= 60; ms += 10)
    if (const auto o = t.tick(ms)) {
      opened.push_back(*o);
      CHECK(t.passed(o->epoch, not_end) == nothing);
    }
  CHECK(opened == std::vector{flush(1), flush(2), commit(3), flush(4), flush(5), commit(6)});
  CHECK(t.commits() == 2);
}

TEST_CASE("at most two commits are undecided and the tick waits", "[epoch_tracker][F303]") {
  epoch_tracker t{{.interval_ms = 10}};
  REQUIRE(t.tick(0) == nothing);
  CHECK(t.tick(10) == commit(1));
  CHECK(t.tick(20) == commit(2));
  CHECK(t.undecided() == 2);
  CHECK(t.tick(30) == nothing);
  CHECK(t.tick(40) == nothing);
  CHECK(t.passed({1}, not_end) == commit(3));  // one for both that waited
  CHECK(t.passed({2}, not_end) == nothing);
  CHECK(t.last_opened() == epoch_id{3});
  CHECK(t.last_done() == epoch_id{2});
}

TEST_CASE("a marker that only flushes waits like any other", "[epoch_tracker]") {
  epoch_tracker t{{.interval_ms = 10, .commit_every = 2}};
  for (std::uint64_t ms = 0; ms <= 40; ms += 10) static_cast<void>(t.tick(ms));
  CHECK(t.last_opened() == epoch_id{4});
  CHECK(t.tick(50) == nothing);
  CHECK(t.passed({1}, not_end) == nothing);
  CHECK(t.passed({2}, not_end) == flush(5));
}

TEST_CASE("an epoch is done when every sink has passed it, in order", "[epoch_tracker][F306]") {
  epoch_tracker t{{.interval_ms = 10, .sinks = 2}};
  for (std::uint64_t ms = 0; ms <= 20; ms += 10) static_cast<void>(t.tick(ms));
  CHECK(t.passed({1}, not_end) == nothing);
  CHECK(t.acknowledged({1}) == 1);
  CHECK(t.passed({2}, not_end) == nothing);
  CHECK(t.last_done() == epoch_id{0});
  CHECK(t.passed({1}, not_end) == nothing);
  CHECK(t.last_done() == epoch_id{1});
  CHECK(t.acknowledged({1}) == 2);
  CHECK(t.acknowledged({2}) == 1);
  CHECK(t.passed({2}, not_end) == nothing);
  CHECK(t.last_done() == epoch_id{2});
}

TEST_CASE("an exhausted source gets its END with a commit at once", "[epoch_tracker][P14]") {
  epoch_tracker t{{.interval_ms = 1000, .commit_every = 10}};
  REQUIRE(t.tick(0) == nothing);
  CHECK(t.exhausted() == commit(1));
  CHECK_FALSE(t.finished());
  CHECK(t.passed({1}, is_end) == nothing);
  CHECK(t.finished());
  CHECK(t.last_done() == epoch_id{1});
  CHECK(t.tick(1000) == nothing);  // nobody is left to send a marker
}

TEST_CASE("END waits while two commits are undecided", "[epoch_tracker][P14]") {
  epoch_tracker t{{.interval_ms = 10}};
  for (std::uint64_t ms = 0; ms <= 20; ms += 10) static_cast<void>(t.tick(ms));
  CHECK(t.exhausted() == nothing);
  CHECK(t.passed({1}, not_end) == commit(3));
  CHECK(t.passed({2}, not_end) == nothing);
  CHECK(t.passed({3}, is_end) == nothing);
  CHECK(t.finished());
}

TEST_CASE("after one source has ended the other goes on", "[epoch_tracker][X10]") {
  epoch_tracker t{{.interval_ms = 10, .sources = 2}};
  REQUIRE(t.tick(0) == nothing);
  CHECK(t.exhausted() == commit(1));
  CHECK(t.passed({1}, not_end) == nothing);
  CHECK(t.tick(10) == commit(2));
  CHECK(t.passed({2}, not_end) == nothing);
  CHECK(t.exhausted() == commit(3));
  CHECK(t.passed({3}, is_end) == nothing);
  CHECK(t.finished());
}

TEST_CASE("a sink that has ended holds no later epoch up", "[epoch_tracker][X10]") {
  epoch_tracker t{{.interval_ms = 10, .sources = 2, .sinks = 2}};
  REQUIRE(t.tick(0) == nothing);
  CHECK(t.exhausted() == commit(1));
  CHECK(t.tick(10) == commit(2));  // open when the first sink ends
  CHECK(t.passed({1}, is_end) == nothing);
  CHECK(t.passed({1}, not_end) == nothing);
  CHECK(t.passed({2}, not_end) == nothing);
  CHECK(t.last_done() == epoch_id{2});
  CHECK(t.tick(20) == commit(3));  // opened afterwards
  CHECK(t.passed({3}, not_end) == nothing);
  CHECK(t.last_done() == epoch_id{3});
  CHECK(t.exhausted() == commit(4));
  CHECK(t.passed({4}, is_end) == nothing);
  CHECK(t.finished());
  CHECK(t.last_done() == epoch_id{4});
}

TEST_CASE("a source that ends with a marker already under way ends the run",
          "[epoch_tracker][X9]") {
  epoch_tracker t{{.interval_ms = 10}};
  REQUIRE(t.tick(0) == nothing);
  CHECK(t.tick(10) == commit(1));     // the source is exhausted when this reaches it: END
  CHECK(t.exhausted() == commit(2));  // and this one never leaves it
  CHECK(t.passed({1}, is_end) == nothing);
  CHECK(t.finished());
}

TEST_CASE("a kept run gets one more commit, and nothing behind it", "[epoch_tracker][X11]") {
  epoch_tracker t{{.interval_ms = 10, .commit_every = 5}};
  REQUIRE(t.tick(0) == nothing);
  CHECK(t.tick(10) == flush(1));
  CHECK(t.keep() == last(2));
  CHECK(t.tick(20) == nothing);
  CHECK(t.keep() == nothing);
  CHECK(t.exhausted() == nothing);
  CHECK(t.passed({1}, not_end) == nothing);
  CHECK_FALSE(t.kept());
  CHECK(t.passed({2}, not_end) == nothing);
  CHECK(t.kept());
  CHECK_FALSE(t.finished());
  CHECK(t.tick(30) == nothing);
}

TEST_CASE("the last commit of a kept run waits like any other", "[epoch_tracker][X11]") {
  epoch_tracker t{{.interval_ms = 10, .reserved_to = {3}}};
  for (std::uint64_t ms = 0; ms <= 20; ms += 10) static_cast<void>(t.tick(ms));
  CHECK(t.keep() == nothing);
  CHECK(t.passed({1}, not_end) == last(3));
  epoch_tracker no_number{{.interval_ms = 10, .reserved_to = {1}}};
  REQUIRE(no_number.tick(0) == nothing);
  CHECK(no_number.tick(10) == commit(1));
  CHECK(no_number.passed({1}, not_end) == nothing);
  CHECK(no_number.keep() == nothing);
  CHECK(no_number.reserve({5}) == last(2));
}

TEST_CASE("a source that has read all gets no END with the last commit of a kept run",
          "[epoch_tracker][X11]") {
  epoch_tracker t{{.interval_ms = 10}};
  for (std::uint64_t ms = 0; ms <= 20; ms += 10) static_cast<void>(t.tick(ms));
  CHECK(t.exhausted() == nothing);  // its END waits
  CHECK(t.keep() == nothing);
  CHECK(t.passed({1}, not_end) == last(3));
  CHECK(t.passed({2}, not_end) == nothing);
  CHECK(t.passed({3}, not_end) == nothing);
  CHECK(t.kept());
  CHECK_FALSE(t.finished());
}

TEST_CASE("a run whose sources have all ended is not kept any more", "[epoch_tracker][X11]") {
  epoch_tracker t{{.interval_ms = 10}};
  REQUIRE(t.tick(0) == nothing);
  CHECK(t.exhausted() == commit(1));
  CHECK(t.keep() == nothing);
  CHECK(t.passed({1}, is_end) == nothing);
  CHECK(t.finished());
  CHECK_FALSE(t.kept());
}

// The request comes anywhere among the ticks, the end of a source and what two sinks pass.
TEST_CASE("whenever a run is asked to be kept it stops behind exactly one last commit, or ends",
          "[epoch_tracker][X11]") {
  enum what { tick, exhausted, first, second, keep };
  std::vector<what> order{tick, tick, tick, exhausted, first, first, second, second, keep};
  std::sort(order.begin(), order.end());
  int kept = 0, ended = 0;
  do {
    epoch_tracker t{{.interval_ms = 10, .sinks = 2}};
    std::uint64_t now = 0;
    std::vector<opening> opened;
    std::uint64_t end = 0;  // the epoch that carries it
    std::uint64_t passed[2] = {0, 0};
    const auto take = [&](const std::optional<opening>& o) {
      if (!o) return;
      CHECK((opened.empty() || !opened.back().last));  // nothing behind the last
      opened.push_back(*o);
    };
    const auto pass = [&](std::size_t sink) {
      if (passed[sink] == opened.size() || (end != 0 && passed[sink] == end)) return;
      ++passed[sink];
      take(t.passed({passed[sink]}, passed[sink] == end));
    };
    bool all_read = false;
    static_cast<void>(t.tick(0));
    for (const what next : order) {
      if (next == tick) take(t.tick(now += 10));
      if (next == first) pass(0);
      if (next == second) pass(1);
      if (next == keep) take(t.keep());
      if (next == exhausted) {
        take(t.exhausted());
        all_read = true;
      }
      // What is opened after all was read leaves the source as END, but for the last.
      if (all_read && end == 0 && !opened.empty() && !opened.back().last &&
          passed[0] < opened.size() && passed[1] < opened.size())
        end = opened.size();
    }
    for (int i = 0; i < 20 && !t.finished() && !t.kept(); ++i) {
      pass(0);
      pass(1);
      take(t.tick(now += 10));
    }
    REQUIRE((t.finished() || t.kept()));
    CHECK(std::count_if(opened.begin(), opened.end(), [](const opening& o) { return o.last; }) ==
          (t.kept() && !t.finished() ? 1
           : opened.back().last      ? 1
                                     : 0));
    t.finished() ? ++ended : ++kept;
  } while (std::next_permutation(order.begin(), order.end()));
  CHECK(kept > 0);
  CHECK(ended > 0);
}

// Three sinks acknowledge two epochs, each sink in order, in every order among them.
TEST_CASE("every order of acknowledgements has one outcome", "[epoch_tracker][X4]") {
  std::vector<std::size_t> sinks{0, 0, 1, 1, 2, 2};
  using outcome = std::tuple<epoch_id, std::uint64_t, std::size_t, bool>;
  std::set<outcome> outcomes;
  int orders = 0;
  do {
    epoch_tracker t{{.interval_ms = 10, .sinks = 3}};
    for (std::uint64_t ms = 0; ms <= 10; ms += 10) static_cast<void>(t.tick(ms));
    REQUIRE(t.exhausted() == commit(2));
    std::map<std::size_t, std::uint64_t> reached;
    for (const std::size_t sink : sinks) {
      const std::uint64_t epoch = ++reached[sink];
      const epoch_id before = t.last_done();
      CHECK(t.passed({epoch}, epoch == 2) == nothing);
      CHECK(t.last_done() >= before);
      const auto slowest = std::min({reached[0], reached[1], reached[2]});
      CHECK(t.last_done() == epoch_id{slowest});
    }
    outcomes.insert({t.last_done(), t.commits(), t.undecided(), t.finished()});
    ++orders;
  } while (std::next_permutation(sinks.begin(), sinks.end()));
  CHECK(orders == 90);
  CHECK(outcomes == std::set<outcome>{{epoch_id{2}, 2, 0, true}});
}

}  // namespace sluice

#include "sluice/operators/alignment.hpp"

#include <array>
#include <vector>

#include "sluice/tests/operators/script.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice::script {

namespace {

// An alignment whose channels deliver markers in the order of the test.
struct aligned {
  alignment of;
  events passed;

  explicit aligned(std::size_t channels) : of(channels) {}

  template <class... E>
  void on(std::size_t channel, const E&... markers) {
    const auto one = [&](const event& e) {
      if (const auto m = of.arrive(channel, *e.mark)) passed.add(event{{}, *m});
    };
    (one(markers), ...);
  }
};

constexpr instant at(std::int64_t us) { return {us}; }

}  // namespace

TEST_CASE("a marker passes once it has arrived on every channel", "[alignment][S33]") {
  aligned a{3};
  a.on(0, mark(1));
  a.on(2, mark(1));
  CHECK(a.passed == events{});
  a.on(1, mark(1));
  CHECK(a.passed == mark(1));
}

TEST_CASE("a marker that only flushes blocks nothing", "[alignment][S33][F302]") {
  aligned a{2};
  a.on(0, mark(1), mark(2), mark(3));
  CHECK_FALSE(a.of.blocked(0));
  a.on(1, mark(1), mark(2));
  CHECK(a.passed == sequence(mark(1), mark(2)));
}

TEST_CASE("a channel that has delivered a commit is blocked until all have", "[alignment][S33]") {
  aligned a{3};
  a.on(1, commit(1));
  CHECK(a.of.blocked(1));
  CHECK_FALSE(a.of.blocked(0));
  a.on(0, commit(1));
  CHECK(a.of.blocked(0));
  a.on(2, commit(1));
  CHECK(a.passed == commit(1));
  CHECK_FALSE((a.of.blocked(0) || a.of.blocked(1) || a.of.blocked(2)));
}

TEST_CASE("a channel blocked by a commit stays so while an older marker passes",
          "[alignment][X13]") {
  aligned a{2};
  a.on(0, mark(1), commit(2));
  a.on(1, mark(1));
  CHECK(a.passed == mark(1));
  CHECK(a.of.blocked(0));
  a.on(1, commit(2));
  CHECK(a.passed == sequence(mark(1), commit(2)));
  CHECK_FALSE(a.of.blocked(0));
}

TEST_CASE("two open epochs on unequal channels pass in order", "[alignment][X13]") {
  aligned a{2};
  a.on(0, commit(4));
  a.on(1, mark(2), mark(3), commit(4), mark(5));
  CHECK(a.passed == sequence(mark(2), mark(3), commit(4)));
  a.on(0, mark(5), commit(6));
  a.on(1, commit(6));
  CHECK(a.passed == sequence(mark(2), mark(3), commit(4), mark(5), commit(6)));
}

TEST_CASE("an abandoned number between two markers holds nothing up", "[alignment][X13]") {
  aligned a{2};
  a.on(0, mark(1), mark(3));
  a.on(1, mark(2), mark(3));  // 1 was merged into 2 on this channel
  CHECK(a.passed.all().back() == mark(3));
}

TEST_CASE("a channel that has ended counts as aligned for every later epoch", "[alignment][X12]") {
  aligned a{2};
  a.on(0, end(1));
  CHECK(a.passed == events{});
  a.on(1, commit(1));
  CHECK(a.passed == commit(1));
  a.on(1, mark(2), commit(3));
  CHECK(a.passed == sequence(commit(1), mark(2), commit(3)));
  CHECK_FALSE(a.of.ended());
}

TEST_CASE("a channel that ends lets one go that waits for it", "[alignment][X12]") {
  aligned a{2};
  a.on(0, commit(1));
  CHECK(a.of.blocked(0));
  a.on(1, end(1));
  CHECK(a.passed == commit(1));
  CHECK_FALSE(a.of.blocked(0));
}

TEST_CASE("the marker that passes is END only if every channel has ended", "[alignment][X10]") {
  aligned a{2};
  a.on(0, end(1));
  a.on(1, commit(1), end(2));
  CHECK(a.passed == sequence(commit(1), end(2)));
  CHECK(a.of.ended());
}

TEST_CASE("the watermark is the smallest of the channels", "[alignment][F401]") {
  aligned a{2};
  a.on(0, mark(1, at(50)));
  CHECK(a.of.watermark() == instant::lowest());
  a.on(1, mark(1, at(30)));
  CHECK(a.passed == mark(1, at(30)));
  a.of.promise(1, at(40));
  CHECK(a.of.watermark() == at(40));
}

TEST_CASE("the watermark never falls", "[alignment][F401]") {
  aligned a{2};
  a.on(0, idle(1, at(10)));
  a.on(1, mark(1, at(70)));
  CHECK(a.of.watermark() == at(70));
  a.of.wake(0);  // back in the minimum with 10
  CHECK(a.of.watermark() == at(70));
  a.of.promise(1, at(60));
  CHECK(a.of.watermark() == at(70));
}

TEST_CASE("an idle channel steps out of the minimum and comes back with its first row",
          "[alignment][X20][F401]") {
  aligned a{2};
  a.on(0, idle(1));
  a.on(1, mark(1, at(20)));
  CHECK(a.of.watermark() == at(20));
  a.of.wake(0);
  a.of.promise(1, at(90));
  CHECK(a.of.watermark() == at(20));
  a.of.promise(0, at(80));
  CHECK(a.of.watermark() == at(80));
}

TEST_CASE("with every channel idle the watermark stays where it is", "[alignment][X20]") {
  aligned a{2};
  a.on(0, mark(1, at(20)));
  a.on(1, mark(1, at(30)));
  a.on(0, idle(2, at(25)));
  a.on(1, idle(2, at(35)));
  CHECK(a.passed.all().back() == idle(2, at(20)));
  a.of.wake(1);
  a.of.promise(1, at(40));
  CHECK(a.of.watermark() == at(40));
}

TEST_CASE("an ended channel leaves the watermark to the others", "[alignment][X20]") {
  aligned a{2};
  a.on(0, end(1));
  a.on(1, commit(1, at(5)));
  CHECK(a.of.watermark() == at(5));
  a.on(1, end(2));
  CHECK(a.of.watermark() == instant::highest());
}

TEST_CASE("one channel passes every marker at once", "[alignment]") {
  aligned a{1};
  a.on(0, mark(1), commit(2), idle(3), end(4));
  CHECK(a.passed == sequence(mark(1), commit(2), idle(3), end(4)));
}

// Every interleaving of two channels with the same markers passes the same markers; a blocked
// channel cannot deliver.
TEST_CASE("every interleaving of two channels passes the same markers", "[alignment][X13]") {
  const std::vector<event> each{mark(1), commit(2), mark(3), commit(4), end(5)};
  int complete = 0;
  for (unsigned bits = 0; bits < 1u << 10; ++bits) {
    aligned a{2};
    std::array<std::size_t, 2> next{};
    bool possible = true;
    for (unsigned step = 0; step < 10 && possible; ++step) {
      const std::size_t c = bits >> step & 1u;
      possible = next[c] < each.size() && !a.of.blocked(c);
      if (possible) a.on(c, each[next[c]++]);
    }
    if (!possible) continue;
    ++complete;
    CHECK(a.passed == sequence(mark(1), commit(2), mark(3), commit(4), end(5)));
    CHECK(a.of.ended());
  }
  CHECK(complete == 6 * 6 * 2);  // between two commits: (2 + 2)! ÷ (2! · 2!) orders
}

}  // namespace sluice::script

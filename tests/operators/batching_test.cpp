#include "sluice/operators/batching.hpp"

#include <limits>

#include "sluice/tests/support/catch.hpp"

namespace sluice {

namespace {

constexpr std::size_t no_bound = std::numeric_limits<std::size_t>::max();
constexpr marker flush_only{.epoch = {1}};
constexpr marker a_commit{.epoch = {1}, .commit = true};
constexpr marker the_end{.epoch = {1}, .commit = true, .end = true};

// Takes `rows` rows and flushes into `out` if that is due; true if it was.
bool take(batching& b, std::size_t rows, std::size_t out) {
  if (!b.took(rows)) return false;
  b.flushed(out);
  return true;
}

}  // namespace

TEST_CASE("policy off flushes after every batch, whatever its size", "[batching][S11][P2]") {
  batching b{batch_policy::off, 20'000, false};
  CHECK(b.room() == no_bound);
  CHECK(b.took(1));
  CHECK(b.cause() == flush_cause::batch);
  b.flushed(1);
  CHECK(b.took(8192));
  CHECK_FALSE(b.timed());
}

TEST_CASE("policy micro flushes at every marker and at no size", "[batching][S2][P2]") {
  batching b{batch_policy::micro, 10, false};
  CHECK(b.room() == no_bound);
  CHECK_FALSE(b.took(1'000'000));
  CHECK(b.flushes_at(flush_only));
  CHECK(b.flushes_at(a_commit));
  CHECK(b.flushes_at(the_end));
  CHECK_FALSE(b.timed());
}

TEST_CASE("policy mini flushes at its size, its timer, COMMIT and END", "[batching][S1][P2]") {
  batching b{batch_policy::mini, 10, false};
  CHECK(b.room() == 10);
  CHECK_FALSE(b.took(9));
  CHECK(b.room() == 1);
  CHECK(b.took(1));
  CHECK(b.cause() == flush_cause::size);
  CHECK(b.timed());
  CHECK_FALSE(b.flushes_at(flush_only));
  CHECK(b.flushes_at(a_commit));
  CHECK(b.flushes_at(the_end));
}

TEST_CASE("policies both and auto flush at every marker and at their size",
          "[batching][P2][P6][P7]") {
  const auto policy = GENERATE(batch_policy::both, batch_policy::automatic);
  batching b{policy, 20'000, false};
  CHECK(b.room() == 20'000);
  CHECK_FALSE(b.took(19'999));
  CHECK(b.room() == 1);
  CHECK(b.took(1));
  CHECK(b.cause() == flush_cause::size);
  CHECK(b.flushes_at(flush_only));
  CHECK_FALSE(b.timed());
}

TEST_CASE("rows are counted since the last flush, whatever caused it", "[batching][P7][S6]") {
  batching b{batch_policy::both, 100, false};
  CHECK_FALSE(b.took(60));
  CHECK(b.gathered_rows() == 60);
  b.flushed(60);  // a marker
  CHECK(b.gathered_rows() == 0);
  CHECK_FALSE(b.took(99));
  CHECK(b.took(1));
  CHECK(b.most_gathered() == 100);
}

TEST_CASE("the ratio is output rows of a flush to its input rows", "[batching][S12][P10]") {
  batching b{batch_policy::both, 1000, false};
  CHECK(take(b, 1000, 250));
  CHECK(b.output_ratio() == 0.25);
  b.flushed(0);  // a marker without rows since then
  CHECK(b.output_ratio() == 0.25);
}

TEST_CASE("a stage whose rows have few keys in common is bypassed", "[batching][S12][P10][F203]") {
  batching b{batch_policy::both, 1000, true};
  CHECK(take(b, 1000, 800));
  CHECK_FALSE(b.bypassing());  // above 0.8, not at it
  CHECK(b.switch_ratio() == 0);
  CHECK(take(b, 1000, 801));
  CHECK(b.bypassing());
  CHECK(b.switch_ratio() == Approx(0.801));
  CHECK(b.took(300));  // every batch
  CHECK(b.cause() == flush_cause::batch);
}

TEST_CASE("one bypassed batch in 16 decides whether keys repeat again", "[batching][S12][P10]") {
  batching b{batch_policy::both, 1000, true};
  REQUIRE(take(b, 1000, 1000));
  REQUIRE(b.bypassing());
  for (int batch = 1; batch < 16; ++batch) {
    CHECK(take(b, 300, 30));  // they do, but nobody looks
    CHECK(b.bypassing());
  }
  CHECK(take(b, 300, 209));
  CHECK_FALSE(b.bypassing());
  CHECK(b.switch_ratio() == Approx(0.697).epsilon(0.001));
}

TEST_CASE("at 0.7 the bypass stays", "[batching][S12][P10]") {
  batching b{batch_policy::both, 1000, true};
  REQUIRE(take(b, 1000, 1000));
  for (int batch = 1; batch < 16; ++batch) REQUIRE(take(b, 300, 300));
  CHECK(take(b, 300, 210));
  CHECK(b.bypassing());
}

TEST_CASE("small flushes decide nothing", "[batching][S12]") {
  batching b{batch_policy::both, 255, true};
  CHECK(take(b, 255, 255));
  CHECK_FALSE(b.bypassing());
}

namespace {

// A bypassed stage that has passed by as many rows as lie between two samples, in batches of ten.
batching about_to_sample(batch_policy policy) {
  batching b{policy, 1000, true};
  REQUIRE_FALSE(b.took(256));
  b.flushed(256);
  REQUIRE(b.bypassing());
  for (int batch = 0; batch < 15 * 256 / 10; ++batch) CHECK(take(b, 10, 10));
  return b;
}

}  // namespace

TEST_CASE("small batches are gathered until they make a sample", "[batching][S12][P10]") {
  const auto policy = GENERATE(batch_policy::micro, batch_policy::both);
  batching b = about_to_sample(policy);
  for (int batch = 1; batch < 26; ++batch) CHECK_FALSE(b.took(10));
  CHECK(b.took(10));
  CHECK(b.cause() == flush_cause::batch);
  SECTION("of repeating keys: rows are gathered again") {
    b.flushed(100);
    CHECK_FALSE(b.bypassing());
    CHECK_FALSE(b.took(10));
  }
  SECTION("of keys of their own: batches pass by as before") {
    b.flushed(250);
    CHECK(b.bypassing());
    CHECK(take(b, 10, 10));
  }
}

TEST_CASE("a marker within a sample does not end it", "[batching][S12][P10]") {
  batching b = about_to_sample(batch_policy::both);
  CHECK_FALSE(b.took(200));
  b.flushed(150);
  CHECK(b.bypassing());
  CHECK_FALSE(b.took(55));
  CHECK(b.took(1));
  SECTION("179 of 256 rows are few enough") {
    b.flushed(29);
    CHECK_FALSE(b.bypassing());
  }
  SECTION("180 are not") {
    b.flushed(30);
    CHECK(b.bypassing());
  }
}

TEST_CASE("switches to the bypass and back are counted", "[batching][S12][P10]") {
  using switches = batching::switches;
  batching b{batch_policy::both, 1000, true};
  CHECK(b.switched() == switches{});
  REQUIRE(take(b, 1000, 1000));
  CHECK(b.switched() == switches{1, 0});
  for (int batch = 1; batch <= 16; ++batch) REQUIRE(take(b, 300, 300));  // a sample: all as it was
  CHECK(b.switched() == switches{1, 0});
  for (int batch = 1; batch <= 16; ++batch) REQUIRE(take(b, 300, 1));
  CHECK(b.switched() == switches{1, 1});
}

TEST_CASE("no stage is bypassed that must not give on early", "[batching][S12]") {
  batching per_epoch{batch_policy::both, 1000, false};
  CHECK(take(per_epoch, 1000, 1000));
  CHECK_FALSE(per_epoch.bypassing());
  batching inlined{batch_policy::off, 1000, true};
  CHECK(take(inlined, 1000, 1000));
  CHECK_FALSE(inlined.bypassing());
}

TEST_CASE("a bypassed stage keeps to its size", "[batching][S10]") {
  batching b{batch_policy::both, 1000, true};
  REQUIRE(take(b, 1000, 1000));
  CHECK(b.room() == 1000);
}

}  // namespace sluice

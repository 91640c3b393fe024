#include "sluice/operators/aggregate.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "sluice/tests/operators/operation_fixture.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice {

namespace {

struct sale {
  std::uint32_t shop;
  std::int64_t cents;
};
SLUICE_RECORD(sale, shop, cents);
struct totals {
  std::uint32_t shop;
  std::uint64_t count;
  std::int64_t cents;
  auto operator<=>(const totals&) const = default;
};
SLUICE_RECORD(totals, shop, count, cents);

using totals_of_shops = aggregate_operation<sale, totals, std::tuple<std::uint32_t>,
                                            count_accumulator, sum_accumulator<sale, std::int64_t>>;

totals_of_shops aggregate(emit when) { return {{0}, when, nullptr, count(), sum(&sale::cents)}; }

// What a call of `f` made the operation give on, sorted.
template <class F>
std::vector<totals> given_by(operation& of, F f, batch_bounds bounds = {}) {
  kept_outputs out{bounds};
  f(out);
  out.resume(of);
  auto rows = out.rows<totals>();
  std::sort(rows.begin(), rows.end());
  return rows;
}

constexpr marker first{.epoch = {1}};

}  // namespace

TEST_CASE("an aggregate tells how much memory its keys take", "[aggregate][F1401]") {
  auto a = aggregate(emit::updates);
  kept_outputs out;
  const auto before = a.counters().state_bytes;
  CHECK(before > 0);
  std::vector<sale> many;
  for (std::uint32_t shop = 0; shop < 10'000; ++shop) many.push_back({shop, 1});
  a.process(0, batch_with<sale>(many), out);
  CHECK(a.counters().state_bytes > before + 10'000 * sizeof(std::int64_t));
}

TEST_CASE("updates give every changed key once at a flush and keep the state", "[aggregate][S4]") {
  auto a = aggregate(emit::updates);
  CHECK(a.caches());
  kept_outputs out;
  a.process(0, batch_with<sale>({{1, 10}, {2, 20}, {1, 30}}), out);
  CHECK(out.rows<totals>().empty());
  CHECK(a.gathered() == 2);
  CHECK(given_by(a, [&](outputs& o) { a.flush(o); }) ==
        std::vector<totals>{{1, 2, 40}, {2, 1, 20}});
  CHECK(a.gathered() == 0);
  a.process(0, batch_with<sale>({{2, 5}}), out);
  CHECK(given_by(a, [&](outputs& o) { a.flush(o); }) == std::vector<totals>{{2, 2, 25}});
  CHECK(given_by(a, [&](outputs& o) { a.end_epoch(first, o); }).empty());
  CHECK(given_by(a, [&](outputs& o) { a.finish(o); }).empty());
}

TEST_CASE("per epoch gives the epoch's own result and starts empty", "[aggregate][P15]") {
  auto a = aggregate(emit::per_epoch);
  CHECK_FALSE(a.caches());
  kept_outputs out;
  a.process(0, batch_with<sale>({{1, 10}, {2, 20}, {1, 30}}), out);
  CHECK(given_by(a, [&](outputs& o) { a.flush(o); }).empty());
  CHECK(given_by(a, [&](outputs& o) { a.end_epoch(first, o); }) ==
        std::vector<totals>{{1, 2, 40}, {2, 1, 20}});
  a.process(0, batch_with<sale>({{1, 1}}), out);
  CHECK(given_by(a, [&](outputs& o) { a.end_epoch(first, o); }) == std::vector<totals>{{1, 1, 1}});
  CHECK(given_by(a, [&](outputs& o) { a.end_epoch(first, o); }).empty());
}

TEST_CASE("final gives every key once at the end", "[aggregate]") {
  auto a = aggregate(emit::final);
  kept_outputs out;
  a.process(0, batch_with<sale>({{1, 10}, {2, 20}}), out);
  CHECK(given_by(a, [&](outputs& o) { a.end_epoch(first, o); }).empty());
  a.process(0, batch_with<sale>({{1, 30}}), out);
  CHECK(given_by(a, [&](outputs& o) { a.finish(o); }) ==
        std::vector<totals>{{1, 2, 40}, {2, 1, 20}});
}

TEST_CASE("a flush of many keys is given on a batch at a time", "[aggregate][F1001]") {
  const auto when = GENERATE(emit::updates, emit::per_epoch, emit::final);
  auto a = aggregate(when);
  kept_outputs out{{.rows = 10}};
  std::vector<sale> sales;
  std::vector<totals> want;
  for (std::uint32_t shop = 0; shop < 95; ++shop) {
    sales.push_back({shop, shop});
    want.push_back({shop, 1, shop});
  }
  a.process(0, batch_with(sales), out);
  a.flush(out);
  a.end_epoch(first, out);
  a.finish(out);
  CHECK(out.batches().empty());  // nothing before it is resumed
  REQUIRE(a.resume(out));
  CHECK(out.rows<totals>().size() <= 20);
  out.resume(a);
  auto rows = out.rows<totals>();
  std::sort(rows.begin(), rows.end());
  CHECK(rows == want);
  for (const auto& b : out.batches()) CHECK(b->size() <= 10);
}

TEST_CASE("state is read and written once per key and flush", "[aggregate][S4]") {
  auto a = aggregate(emit::updates);
  kept_outputs out;
  for (int i = 0; i < 100; ++i) a.process(0, batch_with<sale>({{1, 1}, {2, 1}, {3, 1}}), out);
  a.flush(out);
  out.resume(a);
  CHECK(a.counters().state_accesses == 6);
  CHECK(a.counters().keys == 3);
}

TEST_CASE("results can be named differently from their record", "[aggregate]") {
  const schema named{"totals",
                     {{"branch", column_type::uint32},
                      {"sales", column_type::uint64},
                      {"sum_cents", column_type::int64}}};
  totals_of_shops a{{0}, emit::final, &named, count(), sum(&sale::cents)};
  kept_outputs out;
  a.process(0, batch_with<sale>({{7, 3}}), out);
  a.finish(out);
  out.resume(a);
  REQUIRE(out.batches().size() == 1);
  CHECK(out.batches()[0]->fields().fields[0].name == "branch");
  CHECK(out.rows<totals>() == std::vector<totals>{{7, 1, 3}});
}

TEST_CASE("reduce joins the rows of a key two by two", "[aggregate]") {
  const auto longest = [](sale& so_far, const sale& next) {
    so_far.cents = std::max(so_far.cents, next.cents);
  };
  reduce_operation<sale, decltype(longest), std::uint32_t> r{{0}, emit::final, longest};
  kept_outputs out;
  r.process(0, batch_with<sale>({{1, -5}, {2, 7}, {1, -3}, {2, 2}}), out);
  r.finish(out);
  out.resume(r);
  std::map<std::uint32_t, std::int64_t> got;
  for (const sale& s : out.rows<sale>()) got[s.shop] = s.cents;
  CHECK(got == std::map<std::uint32_t, std::int64_t>{{1, -3}, {2, 7}});
}

}  // namespace sluice

#include "sluice/operators/held_rows.hpp"

#include <algorithm>
#include <random>
#include <tuple>
#include <vector>

#include "sluice/records/batch.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice {

namespace {

struct happening {
  instant at;
  std::uint64_t id;
};
SLUICE_RECORD(happening, at, id);

constexpr order_columns by_time_and_id{.at = 0, .tie = 1, .has_tie = true};
constexpr order_columns by_time{.at = 0};
constexpr std::size_t all = 1'000'000;

// Held rows with a way to say what goes in and what comes out: (time, id).
struct holding {
  held_rows of;
  std::vector<std::uint64_t> late;  // ids

  explicit holding(std::vector<order_columns> inputs) : of(std::move(inputs)) {}

  void keep(std::size_t input, const std::vector<std::pair<std::int64_t, std::uint64_t>>& rows) {
    batch_builder<happening> made{buffer_pool{}};
    for (const auto& [at, id] : rows) made.push({{at}, id});
    std::vector<std::uint32_t> numbers;
    of.keep(input, made.take(), numbers);
    for (const auto n : numbers) late.push_back(rows[n].second);
  }
  // The ids of the released rows, in order.
  std::vector<std::uint64_t> take(std::size_t most = all) {
    std::vector<std::uint64_t> ids;
    for (const auto& h : of.take(most)) ids.push_back(batch<happening>{of.batch_of(h)}[h.row].id);
    return ids;
  }
  std::vector<std::uint64_t> release(std::int64_t watermark) {
    of.release({watermark});
    return take();
  }
};

using ids = std::vector<std::uint64_t>;

}  // namespace

TEST_CASE("rows wait for the watermark and come in the order of their time", "[held_rows][F401]") {
  holding h{{by_time_and_id}};
  h.keep(0, {{30, 3}, {10, 1}, {20, 2}});
  CHECK(h.take() == ids{});
  CHECK(h.of.size() == 3);
  CHECK(h.release(20) == ids{1, 2});
  CHECK(h.of.size() == 1);
  CHECK(h.release(29) == ids{});
  CHECK(h.release(30) == ids{3});
  CHECK_FALSE(h.of.has_released());
}

TEST_CASE("at one instant the inputs come in their order, then rows by their tie field",
          "[held_rows][F602]") {
  holding h{{by_time_and_id, by_time_and_id}};
  h.keep(1, {{10, 5}, {10, 4}});
  h.keep(0, {{10, 9}, {10, 8}});
  CHECK(h.release(10) == ids{8, 9, 4, 5});
}

TEST_CASE("without a tie field rows of one instant keep the order of their arrival",
          "[held_rows]") {
  holding h{{by_time}};
  h.keep(0, {{10, 7}, {10, 3}});
  h.keep(0, {{10, 5}});
  CHECK(h.release(10) == ids{7, 3, 5});
}

TEST_CASE("rows at or before the watermark that was used are late", "[held_rows][F404]") {
  holding h{{by_time_and_id}};
  h.keep(0, {{10, 1}, {40, 4}});
  CHECK(h.release(20) == ids{1});
  h.keep(0, {{20, 2}, {21, 3}, {5, 0}});
  CHECK(h.late == ids{2, 0});
  CHECK(h.release(40) == ids{3, 4});
}

TEST_CASE("a watermark that falls or stays releases nothing and makes nothing late",
          "[held_rows][F401]") {
  holding h{{by_time_and_id}};
  h.keep(0, {{10, 1}});
  CHECK(h.release(20) == ids{1});
  h.keep(0, {{21, 2}});
  CHECK(h.release(15) == ids{});
  CHECK(h.release(20) == ids{});
  CHECK(h.late == ids{});
  CHECK(h.release(21) == ids{2});
}

TEST_CASE("released rows can be taken in parts while more is released", "[held_rows]") {
  holding h{{by_time_and_id}};
  h.keep(0, {{1, 1}, {2, 2}, {3, 3}, {4, 4}, {5, 5}});
  h.of.release({4});
  CHECK(h.take(3) == ids{1, 2, 3});
  CHECK(h.of.has_released());
  h.of.release({5});
  CHECK(h.take(1) == ids{4});
  CHECK(h.take() == ids{5});
}

TEST_CASE("everything is released at the end", "[held_rows][P14]") {
  holding h{{by_time_and_id}};
  h.keep(0, {{instant::highest().us, 2}, {0, 1}});
  CHECK(h.release(instant::highest().us) == ids{1, 2});
}

// Whatever the batches, their order between the inputs and the watermarks in between, the rows that
// are not late come in one order.
TEST_CASE("the order is the same for every interleaving of the inputs", "[held_rows][F602]") {
  const auto seed = GENERATE(range(1u, 201u));
  CAPTURE(seed);
  std::mt19937 random{seed};
  using row = std::tuple<std::int64_t, std::size_t, std::uint64_t>;  // time, input, id
  std::vector<row> rows;
  for (std::uint64_t id = 0; id < 300; ++id)
    rows.emplace_back(static_cast<std::int64_t>(random() % 100), random() % 3, id);
  std::vector<row> sorted = rows;
  std::sort(sorted.begin(), sorted.end());
  ids want;
  for (const auto& r : sorted) want.push_back(std::get<2>(r));

  holding h{{by_time_and_id, by_time_and_id, by_time_and_id}};
  std::vector<std::vector<row>> left(3);
  for (const auto& r : rows) left[std::get<1>(r)].push_back(r);
  ids got;
  const auto take_some = [&] {
    const ids some = h.take(1 + random() % 7);
    got.insert(got.end(), some.begin(), some.end());
  };
  while (!left[0].empty() || !left[1].empty() || !left[2].empty()) {
    const std::size_t input = random() % 3;
    std::vector<std::pair<std::int64_t, std::uint64_t>> batch;
    for (std::size_t n = random() % 6; n > 0 && !left[input].empty(); --n) {
      batch.emplace_back(std::get<0>(left[input].front()), std::get<2>(left[input].front()));
      left[input].erase(left[input].begin());
    }
    if (!batch.empty()) h.keep(input, batch);
    std::int64_t earliest = 100;  // what may be promised: nothing to come is at or before it
    for (const auto& in : left)
      for (const auto& r : in) earliest = std::min(earliest, std::get<0>(r));
    if (random() % 2 == 0) h.of.release({earliest - 1});
    if (random() % 2 == 0) take_some();
  }
  h.of.release(instant::highest());
  while (h.of.has_released()) take_some();
  CHECK(h.late == ids{});
  CHECK(got == want);
  CHECK(h.of.size() == 0);
}

TEST_CASE("what was late before a restart is late after it", "[held_rows][F901]") {
  holding before{{by_time_and_id}};
  before.keep(0, {{30, 3}, {10, 1}});
  CHECK(before.release(20) == ids{1});
  snapshot_writer saved;
  before.of.save(saved);

  holding after{{by_time_and_id}};
  snapshot_reader from{saved.bytes()};
  after.of.load(
      from, {&schema_of<happening>()},
      [](std::size_t, const column_batch&, std::span<std::uint64_t> hashes) {
        std::fill(hashes.begin(), hashes.end(), 0);
      },
      groups_of(0, 1));
  CHECK(from.finish());
  after.keep(0, {{20, 2}, {25, 4}});
  CHECK(after.late == ids{2});
  CHECK(after.release(40) == ids{4, 3});
}

}  // namespace sluice

#include <set>

#include "sluice/bench/bounds/column_copy.hpp"
#include "sluice/bench/bounds/count_sum.hpp"
#include "sluice/bench/bounds/tight.hpp"
#include "sluice/bench/bounds/tight_sum.hpp"
#include "sluice/bench/inputs/keyed_answers.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice::bench {
namespace {

constexpr std::uint64_t million = 1'000'000;

}  // namespace

TEST_CASE("the tight loop gives the answer at every run, whatever it emits", "[bench]") {
  const auto emission = GENERATE(emission_class::final, emission_class::updates);
  const keyed_input input = GENERATE(keyed_input{distribution::uniform, 100'000, key_kind::opaque},
                                     keyed_input{distribution::zipf, 1'000, key_kind::opaque},
                                     keyed_input{distribution::uniform, 1'000, key_kind::dense});
  tight loop{input, {.rows = million, .marker_rows = 100'000, .emission = emission}};
  for (int time = 0; time < 2; ++time) {
    const outcome run = loop.run();
    CHECK(run.rows == million);
    CHECK(run.result == keyed_answer(input, million));
    CHECK(run.wall_s > 0);
  }
}

TEST_CASE("the loop around the aggregate gives the answer at every run, warm or not", "[bench]") {
  const bool warm = GENERATE(false, true);
  const keyed_input input = GENERATE(keyed_input{distribution::uniform, 100'000, key_kind::opaque},
                                     keyed_input{distribution::zipf, 1'000, key_kind::opaque},
                                     keyed_input{distribution::uniform, 1'000, key_kind::dense});
  tight_sum loop{input, million, 8192, warm};
  for (int time = 0; time < 2; ++time) {
    const outcome run = loop.run();
    CHECK(run.rows == million);
    CHECK(run.result == keyed_answer(input, million));
  }
}

TEST_CASE("rows that warm up come first and once for each key", "[bench]") {
  const keyed_input input{distribution::uniform, 10, key_kind::opaque};
  keyed_batches rows{input, 20, /*warm=*/true};
  column_batch into{schema_of<keyed_row>(), buffer_pool{}, 8};
  std::vector<std::size_t> sizes;
  std::set<std::uint64_t> keys;
  while (!rows.warmed_up()) {
    rows.fill(into);
    sizes.push_back(into.size());
    for (std::size_t i = 0; i < into.size(); ++i) {
      keys.insert(into.values<std::uint64_t>(0)[i]);
      CHECK(into.values<std::int64_t>(1)[i] == 0);
    }
  }
  CHECK(sizes == std::vector<std::size_t>{8, 2});
  CHECK(keys.size() == 10);
  sizes.clear();
  for (; !rows.ended(); sizes.push_back(into.size())) rows.fill(into);
  CHECK(sizes == std::vector<std::size_t>{8, 8, 4});
}

TEST_CASE("the tight loop allocates nothing once it is warm", "[bench]") {
  tight loop{{}, {.rows = million, .marker_rows = 100'000, .emission = emission_class::updates}};
  loop.run();
  CHECK(loop.run().allocations == 0);
}

TEST_CASE("the array gives the answer on dense keys", "[bench]") {
  const keyed_input input{distribution::uniform, 100'000, key_kind::dense};
  const keyed_rows rows{input};
  std::vector<std::uint64_t> keys(million);
  std::vector<std::int64_t> values(million);
  rows.fill(0, keys, values);
  count_sum_array array{input.keys};
  for (int time = 0; time < 2; ++time) {
    array.add_rows(keys, values);
    CHECK(array.take_answer() == keyed_answer(input, million));
  }
}

TEST_CASE("the column copy copies", "[bench]") {
  for (const std::size_t batch : {1024, 8192}) {
    column_copy copy{batch};
    const outcome run = copy.run(100'000);
    CHECK(run.rows >= 100'000);
    CHECK(run.rows < 100'000 + batch);
    CHECK(run.result == copy.expected());
  }
}

}  // namespace sluice::bench

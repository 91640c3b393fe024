// TB: the keyed table alone. Steady state, count and sum, batches of 8192 rows
// from a small buffer; only the time inside the table is counted.

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#ifdef SLUICE_BENCH_BOOST
#include <boost/unordered/unordered_flat_map.hpp>
#endif

#include "sluice/bench/bounds/count_sum.hpp"
#include "sluice/bench/harness/program.hpp"
#include "sluice/bench/harness/stopwatch.hpp"
#include "sluice/bench/inputs/keyed_answers.hpp"
#include "sluice/records/assert.hpp"

namespace sluice::bench {
namespace {

constexpr std::size_t batch_rows = 8192;
constexpr std::size_t marker_rows = std::size_t{1} << 20;

// All rows of one input, made once.
struct rows_in_memory {
  explicit rows_in_memory(const keyed_input& input, std::size_t count)
      : source{input}, keys(count), values(count) {
    source.fill(0, keys, values);
  }

  keyed_rows source;
  std::vector<std::uint64_t> keys;
  std::vector<std::int64_t> values;
};

// Feeds all rows to `add(keys, values)` through a buffer that stays in the cache, as a batch fresh
// from a source does.
template <class Add, class Take>
outcome run_batches(const rows_in_memory& rows, Add&& add, Take&& take) {
  std::vector<std::uint64_t> keys(batch_rows);
  std::vector<std::int64_t> values(batch_rows);
  stopwatch watch;
  for (std::size_t row = 0; row < rows.keys.size(); row += batch_rows) {
    const std::size_t count = std::min(batch_rows, rows.keys.size() - row);
    std::copy_n(rows.keys.begin() + row, count, keys.begin());
    std::copy_n(rows.values.begin() + row, count, values.begin());
    watch.start();
    add(std::span{keys}.first(count), std::span{values}.first(count));
    watch.stop();
  }
  outcome out{.rows = rows.keys.size(),
              .result = {},
              .wall_s = watch.wall_s(),
              .cpu_s = watch.cpu_s(),
              .allocations = watch.allocated()};
  out.result = take();
  return out;
}

using shared_rows = std::shared_ptr<const rows_in_memory>;

contender array_contender(const shared_rows& rows) {
  auto array = std::make_shared<count_sum_array>(rows->source.input().keys);
  return {"array", [=] {
            return run_batches(
                *rows, [&](auto keys, auto values) { array->add_rows(keys, values); },
                [&] { return array->take_answer(); });
          }};
}

contender table_contender(const shared_rows& rows, changes mode, bool warm) {
  auto table = std::make_shared<keyed_table<count_sum>>(mode);
  if (warm) prefill(*table, rows->source);
  return {mode == changes::recorded ? "changes" : "table", [=] {
            std::size_t since_marker = 0;
            return run_batches(
                *rows,
                [&](auto keys, auto values) {
                  add_rows(*table, keys, values);
                  since_marker += keys.size();
                  if (since_marker < marker_rows) return;
                  table->clear_changes();
                  since_marker = 0;
                },
                [&] { return take_answer(*table); });
          }};
}

#ifdef SLUICE_BENCH_BOOST

constexpr const char* boost_missing = "";

// One multiplication of 128 bits, folded: what boost's flat map needs of a hash, and no more.
struct folded_product {
  using is_avalanching = void;
  std::size_t operator()(std::uint64_t key) const {
    const auto product =
        static_cast<unsigned __int128>(key ^ 0x2d358dccaa6c78a5) * 0x8bb84b93962eacc9;
    return static_cast<std::size_t>(product) ^ static_cast<std::size_t>(product >> 64);
  }
};
using boost_map = boost::unordered_flat_map<std::uint64_t, count_sum, folded_product>;

contender boost_contender(const shared_rows& rows, bool warm) {
  auto map = std::make_shared<boost_map>();
  const std::uint64_t keys = warm ? rows->source.input().keys : 0;
  map->reserve(keys);
  for (std::uint64_t id = 0; id < keys; ++id) (*map)[rows->source.key_of(id)];
  const auto add = [=](std::span<const std::uint64_t> batch, std::span<const std::int64_t> values) {
    const add_row change{values.data()};
    for (std::size_t row = 0; row < batch.size(); ++row) change((*map)[batch[row]], row);
  };
  const auto take = [=] {
    keyed_sums sums;
    for (auto& [key, state] : *map) {
      sums.add(key, state.count, state.sum);
      state = {};
    }
    return sums.result();
  };
  return {"boost", [=] { return run_batches(*rows, add, take); }};
}

#else

constexpr const char* boost_missing = "boost 1.81 (libboost-dev)";

contender boost_contender(const shared_rows&, bool) {
  return {"boost", [] { return outcome{}; }};
}

#endif

// A limit on time ratios is one on ratios of speed, the other way up.
double times(double limit) { return 1 / limit; }

// The gates and goals (docs/benchmarks.md).
std::vector<comparison> lines_of(const keyed_input& input) {
  const std::string name = to_string(input);
  std::vector<comparison> lines;
  const auto add = [&](const char* contender, const char* bound, double gate, double goal,
                       const char* missing = "") {
    lines.push_back({.variant = name + '/' + contender + '/' + bound,
                     .contender = contender,
                     .bound = bound,
                     .gate = gate,
                     .goal = goal,
                     .settings = json_object{}
                                     .add("batch.rows", batch_rows)
                                     .add("window", std::optional<int>{})
                                     .add("threads", 1)
                                     .add("marker.rows", marker_rows),
                     .missing = missing});
  };
  if (input.kind == key_kind::dense) {
    const bool small = input.keys <= 1'000, medium = input.keys <= 100'000;
    add("table", "array",
        times(small    ? 3.5
              : medium ? 4
                       : 2),
        times(small    ? 2
              : medium ? 2.5
                       : 1.3));
    add("table", "boost", 1.2, 2.0, boost_missing);
  } else if (input.spread == distribution::hot) {
    add("table", "boost", 0.8, 1.0, boost_missing);
  } else {
    add("table", "boost", 1.1, 1.5, boost_missing);
  }
  add("changes", "table", times(1.4), times(1.2));
  return lines;
}

contest table_contest(const keyed_input& input, std::uint64_t rows, bool warm) {
  const auto expected = keyed_answer(input, rows);
  SLUICE_ASSERT(expected, "the answer of every size is listed");
  return {
      .name = to_string(input), .expected = *expected, .lines = lines_of(input), .prepare = [=] {
        const auto made = std::make_shared<const rows_in_memory>(input, rows);
        std::vector<contender> all{table_contender(made, changes::ignored, warm),
                                   table_contender(made, changes::recorded, warm),
                                   boost_contender(made, warm)};
        if (input.kind == key_kind::dense) all.push_back(array_contender(made));
        return all;
      }};
}

std::vector<contest> tables(size s) {
  const std::uint64_t rows = s == size::smoke  ? 1'000'000
                             : s == size::gate ? std::uint64_t{1} << 23
                                               : std::uint64_t{1} << 25;
  std::vector<contest> out;
  for (const std::uint64_t keys : {1'000, 100'000, 10'000'000}) {
    for (const keyed_input& input : {keyed_input{distribution::uniform, keys, key_kind::dense},
                                     keyed_input{distribution::uniform, keys, key_kind::opaque},
                                     keyed_input{distribution::zipf, keys, key_kind::opaque},
                                     keyed_input{distribution::hot, keys, key_kind::opaque}}) {
      out.push_back(table_contest(input, rows, /*warm=*/s != size::smoke));
    }
  }
  return out;
}

}  // namespace
}  // namespace sluice::bench

int main(int argc, char** argv) {
  return sluice::bench::run_program({.bench = "TB", .contests = sluice::bench::tables}, argc, argv);
}

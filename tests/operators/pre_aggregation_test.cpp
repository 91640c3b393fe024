#include "sluice/operators/pre_aggregation.hpp"

#include <algorithm>
#include <limits>
#include <random>
#include <string>

#include "sluice/operators/aggregate.hpp"
#include "sluice/tests/operators/operation_fixture.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice {

namespace {

enum class kind : std::int8_t { small = -1, large = 1 };

struct measured {
  std::string_view place;
  kind size;
  instant day;
  bool odd;
  std::int64_t cents;
  std::uint64_t big;
  std::int32_t level;
  instant at;
};
SLUICE_RECORD(measured, place, size, day, odd, cents, big, level, at);

// A record of the keys K and all results.
template <class... K>
struct result_of;
template <class K>
struct result_of<K> {
  K key;
  std::uint64_t rows;
  std::int64_t cents;
  std::uint64_t big;
  std::int64_t least;
  instant last;
  double mean;
  double spread;
  bool any_odd;
  auto operator<=>(const result_of&) const = default;
};
template <class K>
constexpr auto sluice_describe(const result_of<K>*) {
  using r = result_of<K>;
  return describe_record("result", describe_field(&r::key, "key"), describe_field(&r::rows, "rows"),
                         describe_field(&r::cents, "cents"), describe_field(&r::big, "big"),
                         describe_field(&r::least, "least"), describe_field(&r::last, "last"),
                         describe_field(&r::mean, "mean"), describe_field(&r::spread, "spread"),
                         describe_field(&r::any_odd, "any_odd"));
}
template <class K, class L>
struct result_of<K, L> {
  K key;
  L other;
  std::uint64_t rows;
  std::int64_t cents;
  std::uint64_t big;
  std::int64_t least;
  instant last;
  double mean;
  double spread;
  bool any_odd;
  auto operator<=>(const result_of&) const = default;
};
template <class K, class L>
constexpr auto sluice_describe(const result_of<K, L>*) {
  using r = result_of<K, L>;
  return describe_record("result", describe_field(&r::key, "key"),
                         describe_field(&r::other, "other"), describe_field(&r::rows, "rows"),
                         describe_field(&r::cents, "cents"), describe_field(&r::big, "big"),
                         describe_field(&r::least, "least"), describe_field(&r::last, "last"),
                         describe_field(&r::mean, "mean"), describe_field(&r::spread, "spread"),
                         describe_field(&r::any_odd, "any_odd"));
}

// Calls `f` with all exact accumulators.
template <class F>
auto with_all(F&& f) {
  return f(count(), sum(&measured::cents), sum(&measured::big), min(&measured::cents),
           max(&measured::at), avg(&measured::big), variance(&measured::level),
           max(&measured::odd));
}

template <class... K, class... A>
const schema& combined_of(const std::tuple<K...>*, const A&...) {
  static const schema made = [] {
    schema fields = detail::combined_fields<std::tuple<K...>, A...>();
    fields.combined = true;
    return fields;
  }();
  return made;
}

template <class... K>
std::unique_ptr<row_combiner> combiner(std::vector<std::size_t> keys) {
  return with_all([&](auto... a) -> std::unique_ptr<row_combiner> {
    const schema& fields = combined_of(static_cast<std::tuple<K...>*>(nullptr), a...);
    return std::make_unique<key_combiner<measured, std::tuple<K...>, decltype(a)...>>(
        std::move(keys), &fields, a...);
  });
}

template <class... K>
std::unique_ptr<operation> aggregate_of_all(std::vector<std::size_t> keys, emit when) {
  return with_all([&](auto... a) -> std::unique_ptr<operation> {
    using made = aggregate_operation<measured, result_of<K...>, std::tuple<K...>, decltype(a)...>;
    return std::make_unique<made>(std::move(keys), when, nullptr, a...);
  });
}

class random_rows {
 public:
  explicit random_rows(std::uint64_t seed) : random_(seed) {}
  std::uint64_t below(std::uint64_t n) { return random_() % n; }
  std::vector<measured> make(std::size_t n, std::uint64_t keys) {
    static const std::vector<std::string> places = [] {
      std::vector<std::string> all{""};
      for (int i = 1; i < 2000; ++i) all.push_back(std::string(i % 7, 'x') + std::to_string(i));
      return all;
    }();
    std::vector<measured> rows;
    for (std::size_t i = 0; i < n; ++i) {
      const std::uint64_t key = below(keys);
      const std::uint64_t bits = random_();
      rows.push_back({places[key],
                      key % 3 == 0 ? kind::small : kind::large,
                      {static_cast<std::int64_t>(key) * 86'400'000'000 - 1'000},
                      bits % 5 == 0,
                      // Some sums leave the range of 64 bits.
                      below(4) == 0 ? std::numeric_limits<std::int64_t>::max() -
                                          static_cast<std::int64_t>(bits % 9)
                                    : static_cast<std::int64_t>(bits) >> 20,
                      bits,
                      static_cast<std::int32_t>(bits >> 32),
                      {static_cast<std::int64_t>(below(1000)) - 500}});
    }
    return rows;
  }

 private:
  std::mt19937_64 random_;
};

// What the aggregate has given at each epoch of three batches, and at the end; the rows go through
// `by` if there is one. Text lies in the batches of `out`.
template <class... K>
std::vector<std::vector<result_of<K...>>> epochs_of(const std::vector<std::vector<measured>>& rows,
                                                    std::vector<std::size_t> keys, emit when,
                                                    pre_aggregation* by, kept_outputs& out) {
  const auto work = aggregate_of_all<K...>(std::move(keys), when);
  std::vector<std::vector<result_of<K...>>> epochs;
  const auto take = [&] {
    out.resume(*work);
    auto made = out.rows<result_of<K...>>();
    std::sort(made.begin(), made.end());
    return made;
  };
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const batch_ptr whole = batch_with(rows[i]);
    work->process(0, by ? by->take(0, whole) : whole, out);
    if (i % 3 != 2) continue;
    const marker m{.epoch = {i + 1}};
    work->flush(out);
    out.resume(*work);
    work->end_epoch(m, out);
    epochs.push_back(take());
  }
  work->finish(out);
  epochs.push_back(take());
  return epochs;
}

template <class... K>
void check_same(std::vector<std::size_t> keys, std::uint64_t seed) {
  random_rows random{seed};
  std::vector<std::vector<measured>> rows;
  for (int i = 0; i < 12; ++i)
    rows.push_back(
        random.make(1 + random.below(700), 1 + random.below(random.below(3) == 0 ? 1000 : 60)));
  for (const emit when : {emit::updates, emit::per_epoch, emit::final})
    for (const pre_aggregate how : {pre_aggregate::on, pre_aggregate::automatic}) {
      CAPTURE(to_string(when), to_string(how));
      pre_aggregation by{combiner<K...>(keys), how, {true}, buffer_pool{}};
      kept_outputs of_whole, of_combined;
      const auto whole = epochs_of<K...>(rows, keys, when, nullptr, of_whole);
      const auto combined = epochs_of<K...>(rows, keys, when, &by, of_combined);
      if (how == pre_aggregate::on) CHECK(by.counters().rows_out < by.counters().rows_in);
      REQUIRE(whole.size() == combined.size());
      for (std::size_t e = 0; e < whole.size(); ++e) REQUIRE((whole[e] == combined[e]));
    }
}

struct hit {
  std::uint64_t page;
  std::uint64_t bytes;
};
SLUICE_RECORD(hit, page, bytes);

using hits_combiner = key_combiner<hit, std::tuple<std::uint64_t>, count_accumulator>;

const schema& counted_hits() {
  static const schema made = [] {
    schema fields = detail::combined_fields<std::tuple<std::uint64_t>, count_accumulator>();
    fields.combined = true;
    return fields;
  }();
  return made;
}

struct hits {
  explicit hits(pre_aggregate how, std::vector<bool> away = {true})
      : by(std::make_unique<hits_combiner>(std::vector<std::size_t>{0}, &counted_hits(), count()),
           how, std::move(away), buffer_pool{}) {}

  // Sends `n` rows of `keys` different keys; how many rows were sent.
  std::size_t rows(std::size_t n, std::size_t keys, std::size_t target = 0) {
    std::vector<hit> all;
    for (std::size_t i = 0; i < n; ++i) all.push_back({i % keys, i});
    last = by.take(target, batch_with(all));
    return last->size();
  }
  bool whole() const { return !last->fields().combined; }

  pre_aggregation by;
  batch_ptr last;
};

}  // namespace

TEST_CASE("an aggregate makes the same of combined rows as of all of them, to the last bit",
          "[pre_aggregation][F701][F203][S12][I10]") {
  const auto seed = GENERATE(range(1u, 9u));
  CAPTURE(seed);
  check_same<kind>({1}, seed);
  check_same<instant>({2}, seed);
  check_same<bool>({3}, seed);
  check_same<std::string_view>({0}, seed);
  check_same<std::string_view, kind>({0, 1}, seed);
  check_same<bool, std::string_view>({3, 0}, seed);
}

TEST_CASE("combined rows have the key and what was gathered of it, in the order of first rows",
          "[pre_aggregation][F701]") {
  hits_combiner by{{0}, &counted_hits(), count()};
  const auto fewer =
      by.combine(*batch_with<hit>({{7, 0}, {3, 0}, {7, 0}, {0, 0}, {7, 0}}), buffer_pool{});
  REQUIRE(fewer->size() == 3);
  CHECK(fewer->fields().combined);
  const std::vector<std::uint64_t> keys(fewer->values<std::uint64_t>(0),
                                        fewer->values<std::uint64_t>(0) + 3);
  const std::vector<std::uint64_t> counts(fewer->values<std::uint64_t>(1),
                                          fewer->values<std::uint64_t>(1) + 3);
  CHECK(keys == std::vector<std::uint64_t>{7, 3, 0});
  CHECK(counts == std::vector<std::uint64_t>{3, 1, 1});
  // Nothing is kept for the next batch.
  CHECK(by.combine(*batch_with<hit>({{7, 0}}), buffer_pool{})->values<std::uint64_t>(1)[0] == 1);
}

TEST_CASE("more keys than are remembered are combined like few", "[pre_aggregation][F701]") {
  hits_combiner by{{0}, &counted_hits(), count()};
  std::vector<hit> many;
  for (std::uint64_t i = 0; i < 40'000; ++i) many.push_back({i % 20'000, 0});
  for (int round = 0; round < 3; ++round) {
    const auto fewer = by.combine(*batch_with(many), buffer_pool{});
    REQUIRE(fewer->size() == 20'000);
    for (std::size_t i = 0; i < 20'000; ++i) {
      REQUIRE(fewer->values<std::uint64_t>(0)[i] == i);
      REQUIRE(fewer->values<std::uint64_t>(1)[i] == 2);
    }
  }
}

TEST_CASE("rows for this node are not combined", "[pre_aggregation][F701]") {
  hits of{pre_aggregate::on, {false, true}};
  CHECK(of.rows(1000, 10, 0) == 1000);
  CHECK(of.whole());
  CHECK(of.rows(1000, 10, 1) == 10);
  CHECK_FALSE(of.whole());
  CHECK(of.by.counters().rows_in == 1000);
  CHECK(of.by.counters().rows_out == 10);
}

TEST_CASE("rows whose keys do not repeat are sent as they are, until keys repeat",
          "[pre_aggregation][F701][F203][S12][P10]") {
  hits of{pre_aggregate::automatic};
  CHECK(of.rows(1000, 1000) == 1000);
  CHECK(of.by.counters().switched == batching::switches{1, 0});
  CHECK(of.by.counters().switch_ratio == 1.0);
  // 15 batches are not looked at, however well their keys repeat; the next one is.
  for (int i = 0; i < 15; ++i) CHECK(of.rows(1000, 10) == 1000);
  CHECK(of.rows(1000, 10) == 10);
  CHECK(of.by.counters().switched == batching::switches{1, 1});
  CHECK(of.by.counters().switch_ratio == 0.01);
  CHECK(of.rows(1000, 10) == 10);
}

TEST_CASE("what is combined in any case is so also where it does not pay",
          "[pre_aggregation][F701]") {
  hits of{pre_aggregate::on};
  for (int i = 0; i < 40; ++i) CHECK(of.rows(1000, 900) == 900);
  CHECK(of.by.counters().switched == batching::switches{});
}

TEST_CASE("small batches decide together", "[pre_aggregation][F701][S12]") {
  hits of{pre_aggregate::automatic};
  for (int i = 0; i < 25; ++i) of.rows(10, 10);
  CHECK(of.by.counters().switched == batching::switches{});  // 250 rows
  of.rows(10, 10);
  CHECK(of.by.counters().switched == batching::switches{1, 0});
}

TEST_CASE("a batch that combining would make larger is sent as it was", "[pre_aggregation][F701]") {
  // A mean takes three fields: four with the key, against two of a row.
  const schema fields = [] {
    schema made =
        detail::combined_fields<std::tuple<std::uint64_t>, avg_accumulator<hit, std::uint64_t>>();
    made.combined = true;
    return made;
  }();
  using means = key_combiner<hit, std::tuple<std::uint64_t>, avg_accumulator<hit, std::uint64_t>>;
  const auto make = [&](pre_aggregate how) {
    return pre_aggregation{
        std::make_unique<means>(std::vector<std::size_t>{0}, &fields, avg(&hit::bytes)),
        how,
        {true},
        buffer_pool{}};
  };
  std::vector<hit> half;
  for (std::uint64_t i = 0; i < 600; ++i) half.push_back({i / 2, i});
  auto always = make(pre_aggregate::on);
  const batch_ptr rows = batch_with(half);
  CHECK(always.take(0, rows) == rows);
  // Nothing was gained, so nothing more is tried.
  auto sometimes = make(pre_aggregate::automatic);
  CHECK(sometimes.take(0, rows) == rows);
  CHECK(sometimes.counters().switched.to_bypass == 1);
  half.resize(598);
  CHECK(always.take(0, batch_with(half))->size() == 598);
  half.resize(3);
  half[2].page = half[0].page;
  CHECK(always.take(0, batch_with(half))->size() == 1);
}

TEST_CASE("settings name what is done before a wire", "[pre_aggregation]") {
  for (const auto how : {pre_aggregate::off, pre_aggregate::on, pre_aggregate::automatic})
    CHECK(parse_pre_aggregate(to_string(how)) == how);
  CHECK_FALSE(parse_pre_aggregate("automatic"));
}

}  // namespace sluice

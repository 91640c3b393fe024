// One graph of every shape there is, against a plain loop over the same rows.
#include <algorithm>
#include <array>
#include <random>
#include <set>

#include "sluice/graph/settings.hpp"
#include "sluice/operators/run_status.hpp"
#include "sluice/tests/graph/whole_graph.hpp"
#include "sluice/tests/support/catch.hpp"
#include "sluice/tests/support/child_process.hpp"

namespace sluice::whole_graph {
namespace {

constexpr std::array<std::string_view, 5> shops{"bakery", "", "kiosk", "Müller",
                                                "a shop of long name"};

void check_same(const answers& got, const answers& expected) {
  CHECK(got.sums == expected.sums);
  CHECK(got.counts == expected.counts);
  CHECK(got.joined == expected.joined);
  CHECK(got.fifths == expected.fifths);
  CHECK(got.numbers == expected.numbers);
  CHECK(got.balances == expected.balances);
}

// Rows about a millisecond apart, many of one instant, ids in no order; one in `strays` is later
// than may be, unless that is 0.
payments random_rows(std::mt19937_64& random, std::uint64_t first_id, std::size_t strays) {
  payments rows;
  const std::size_t size = 500 + random() % 1500;
  for (std::size_t i = 0; i < size; ++i) {
    const bool stray = strays != 0 && random() % strays == 0;
    const auto ms = static_cast<std::int64_t>(i) - static_cast<std::int64_t>(random() % 5);
    rows.push_back({first_id + i * 7919 % 10'007, static_cast<std::uint32_t>(random() % 40),
                    shops[random() % shops.size()],
                    static_cast<std::int64_t>(random() % 2000) - 300,
                    instant::from_milliseconds(ms - (stray ? 300 : 0))});
  }
  return rows;
}

// Gives the rows of `from::rows`, and between any two batches nothing three times.
class from_dawdler {
 public:
  using record_type = payment;
  explicit from_dawdler(const payments& rows) : rows_(rows) {}
  result<std::unique_ptr<source_reader>> open(const source_context& at) const {
    auto opened = rows_.open(at);
    if (!opened) return opened.failure();
    return std::unique_ptr<source_reader>{std::make_unique<reader>(std::move(opened).value())};
  }
  std::string describe() const { return "now and then " + rows_.describe(); }

 private:
  class reader final : public source_reader {
   public:
    explicit reader(std::unique_ptr<source_reader> rows) : rows_(std::move(rows)) {}
    result<read_batch> read() override {
      if (++calls_ % 4 != 0) return read_batch{nullptr, read_state::idle};
      return rows_->read();
    }

   private:
    std::unique_ptr<source_reader> rows_;
    std::size_t calls_ = 0;
  };
  from::rows<payment> rows_;
};

// Settings and rows of one run; what it prints is what it takes to run it again.
struct trial {
  std::uint64_t seed = 0;
  batch_policy policy = batch_policy::both;
  std::size_t parallelism = 1;
};

std::vector<trial> trials() {
  std::vector<trial> all;
  for (const std::uint64_t seed : {1, 2, 3})
    for (const batch_policy policy :
         {batch_policy::off, batch_policy::micro, batch_policy::mini, batch_policy::both})
      for (const std::size_t parallelism : {1, 2}) all.push_back({seed, policy, parallelism});
  return all;
}

std::string to_string(const trial& t) {
  return "seed " + std::to_string(t.seed) + ", policy " + std::string{to_string(t.policy)} +
         ", parallelism " + std::to_string(t.parallelism);
}

graph graph_for(const trial& t, std::mt19937_64& random) {
  graph g{"whole"};
  const std::size_t batch = std::array<std::size_t, 4>{1, 7, 64, 1000}[random() % 4];
  g.policy(t.policy)
      .batch({.rows = batch, .every = std::chrono::milliseconds(2), .size = 1 + random() % 500})
      .set("credit.rows", static_cast<std::int64_t>(batch * (1 + random() % 3)));
  return g;
}

void run_to_the_end(const graph& g) {
  const auto ran = run_graph(g, settings_in_code(g));
  REQUIRE(ran);
  CHECK(ran.value().failure == "");
  CHECK(ran.value().finished);
}

}  // namespace

TEST_CASE("a graph of every shape computes what a plain loop computes",
          "[graph][actors][F101][S15][P1]") {
  for (const trial& t : trials()) {
    INFO(to_string(t));
    std::mt19937_64 random{t.seed};
    const payments left = random_rows(random, 0, 0);
    const payments right = random_rows(random, 1'000'000, 0);
    graph g = graph_for(t, random);
    const outputs_of_graph out;
    compose(g, g.source("left", from::rows<payment>{left}),
            g.source("right", from::rows<payment>{right}), t.parallelism, out);
    run_to_the_end(g);
    check_same(read_off(out), plain_loop(left, right));
    CHECK(out.late_left->size() == 0);
    CHECK(out.late_right->size() == 0);
  }
}

TEST_CASE("with late rows and a source that is idle no row is lost and none comes twice",
          "[graph][actors][F404][F401]") {
  std::size_t late_rows_there_were = 0;
  for (const trial& t : trials()) {
    INFO(to_string(t));
    std::mt19937_64 random{100 + t.seed};
    payments left = random_rows(random, 0, 20);
    payments right = random_rows(random, 1'000'000, 20);
    graph g = graph_for(t, random);
    const outputs_of_graph out;
    compose(g, g.source("left", from::rows<payment>{left}), g.source("right", from_dawdler{right}),
            t.parallelism, out);
    run_to_the_end(g);
    answers expected = plain_loop(left, right);
    // Which rows were late depends on who was faster; the others are in order.
    const auto without = [](payments& rows, const kept<payment>& late) {
      std::set<std::uint64_t> ids;
      for (const auto& row : late->rows()) CHECK(ids.insert(row.id).second);
      const auto removed =
          std::erase_if(rows, [&](const payment& p) { return ids.contains(p.id); });
      CHECK(removed == ids.size());
    };
    late_rows_there_were += out.late_left->size() + out.late_right->size();
    without(left, out.late_left);
    without(right, out.late_right);
    expected.balances.clear();
    add_balances(expected, left, right);
    check_same(read_off(out), expected);
  }
  CHECK(late_rows_there_were > 0);
}

TEST_CASE("rows written as JSON lines are read as they were", "[graph][actors][F101]") {
  scratch_folder folder;
  std::mt19937_64 random{7};
  const payments rows = random_rows(random, 0, 0);
  graph writing{"writing"};
  writing.source("payments", from::rows<payment>{rows})
      .sink("file", to::json_lines{folder.path() + "/rows.jsonl"});
  run_to_the_end(writing);

  const auto seen = std::make_shared<collected<payment>>();
  graph reading{"reading"};
  reading.source("file", from::json_lines<payment>{folder.path() + "/rows.jsonl"})
      .filter(paid)
      .sink("payments", to::collect{seen});
  run_to_the_end(reading);
  payments expected;
  std::copy_if(rows.begin(), rows.end(), std::back_inserter(expected), paid);
  const payments got = seen->rows();
  CHECK(std::equal(got.begin(), got.end(), expected.begin(), expected.end(), same_fields<payment>));
}

}  // namespace sluice::whole_graph

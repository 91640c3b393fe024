// When markers come and rows leave, in virtual time.
#include <array>
#include <memory>
#include <utility>
#include <vector>

#include "sluice/connectors/collect.hpp"
#include "sluice/connectors/each.hpp"
#include "sluice/connectors/generator.hpp"
#include "sluice/connectors/nothing.hpp"
#include "sluice/graph/graph.hpp"
#include "sluice/graph/settings_reader.hpp"
#include "sluice/sim/world.hpp"
#include "sluice/tests/sim/timed_rows.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice::sim {

namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

simulation_options undisturbed() {
  simulation_options options;
  options.shrink = nothing_shrunk;
  options.step_time = std::chrono::nanoseconds{0};
  return options;
}

settings settings_of(const std::string& toml) {
  const std::vector<std::string> stages{"items", "count", "out"};
  settings_reader reader{stages};
  reader.text("test.toml", toml);
  return reader.read().checked();
}

// When each marker left the sources, in ms.
using marker_times = std::vector<double>;

// A stream of some rows a second through an aggregate, and when its markers left the source.
marker_times markers_of(milliseconds interval, milliseconds duration) {
  marker_times times;
  graph g{"paced"};
  const double rate = 200;
  const auto rows = static_cast<std::uint64_t>(rate * static_cast<double>(duration.count()) / 1000);
  g.source("items", from::generate<item>{[](std::uint64_t row, item& made) { made.id = row; },
                                         {.count = rows, .rate = rate, .now = virtual_now}})
      .key_by(&item::key)
      .aggregate("count", count())
      .sink("out", to::nothing{});
  g.batch({.every = interval});
  auto options = undisturbed();
  options.chosen = settings_in_code(g);
  options.on_event = [&](std::uint64_t us, const std::string& stage, traced kind, std::uint64_t) {
    if (stage == "items" && kind == traced::marker_out)
      times.push_back(static_cast<double>(us) / 1000);
  };
  const auto run = run_simulated(g, 1, options);
  CHECK(run.problem == "");
  CHECK(run.status.finished);
  return times;
}

}  // namespace

TEST_CASE("epochs keep to their schedule over ten minutes", "[sim][S13]") {
  const auto interval = GENERATE(1000ms, 2000ms, 5000ms);
  const auto times = markers_of(interval, 10min);
  const auto due = static_cast<std::size_t>(10min / interval);
  CHECK(times.size() >= due - 1);
  CHECK(times.size() <= due + 1);
  for (std::size_t i = 0; i + 1 < times.size(); ++i) {  // the last is END
    const double wanted = static_cast<double>((i + 1) * static_cast<std::size_t>(interval.count()));
    CHECK(times[i] >= wanted);
    CHECK(times[i] <= wanted + 1);
  }
}

TEST_CASE("a minute between markers works as a second does", "[sim][S23]") {
  const auto times = markers_of(60s, 5min);
  REQUIRE(times.size() >= 4);
  for (std::size_t i = 0; i < 4; ++i)
    CHECK(times[i] == Approx(60'000.0 * static_cast<double>(i + 1)).margin(1));
}

TEST_CASE("the line of the documents alone sets markers every five seconds", "[sim][S5][S7]") {
  const auto line =
      GENERATE("blink.microBatch.allowLatencyMs=5000\n", "blink.miniBatch.allowLatencyMs=5000\n");
  double oldest = 0;  // ms
  graph g{"documents"};
  g.source("items", timed_rows{steady(10, 100ms, 62s)})
      .sink("out", to::each<item>{[&](const batch<item>& rows) {
              for (std::size_t i = 0; i < rows.size(); ++i)
                oldest = std::max(
                    oldest, static_cast<double>(virtual_instant().us - rows[i].born.us) / 1000);
            }});
  auto options = undisturbed();
  options.chosen = settings_of(line);
  CHECK(options.chosen.latency() == 5000ms);
  marker_times times;
  options.on_event = [&](std::uint64_t us, const std::string& stage, traced kind, std::uint64_t) {
    if (stage == "items" && kind == traced::marker_out)
      times.push_back(static_cast<double>(us) / 1000);
  };
  const auto run = run_simulated(g, 1, options);
  CHECK(run.problem == "");
  REQUIRE(times.size() == 13);  // 12 and END
  for (std::size_t i = 0; i < 12; ++i)
    CHECK(times[i] == Approx(5000.0 * static_cast<double>(i + 1)).margin(50));
  CHECK(oldest > 4000);
  CHECK(oldest <= 5000 + 50);
}

TEST_CASE("either key of the documents gives the same output", "[sim][S7]") {
  std::vector<std::vector<std::uint64_t>> outputs;
  for (const char* key : {"microBatch", "miniBatch"}) {
    auto out = std::make_shared<collected<item>>();
    graph g{"documents"};
    g.source("items", timed_rows{steady(7, 300ms, 10s)}).sink("out", to::collect{out});
    auto options = undisturbed();
    options.chosen = settings_of(std::string{key} + ".allowLatencyMs = 700\n");
    CHECK(run_simulated(g, 1, options).problem == "");
    outputs.emplace_back();
    for (const epoch_id e : out->epochs()) outputs.back().push_back(out->rows_of(e).size());
  }
  CHECK(outputs[0] == outputs[1]);
  CHECK(outputs[0].size() > 10);
}

namespace {

// Counts of one key with the time in ms at which they came to the sink, in order.
using over_time = std::vector<std::pair<double, std::uint64_t>>;

// Of an aggregate of size 20,000.
over_time counts_over_time(std::vector<burst> bursts) {
  over_time seen;
  graph g{"size"};
  using counted = tally<std::uint32_t, std::uint64_t>;
  g.source("items", timed_rows{std::move(bursts)})
      .key_by(&item::key)
      .aggregate("count", count())
      .map([&seen](const counted& in) {
        seen.emplace_back(static_cast<double>(virtual_instant().us) / 1000, in.value);
        return in;
      })
      .sink("out", to::nothing{});
  auto options = undisturbed();
  options.chosen = settings_of("blink.miniBatch.size=20000\n");
  CHECK(options.chosen.latency() == 1000ms);  // P5
  CHECK(run_simulated(g, 1, options).problem == "");
  return seen;
}

}  // namespace

TEST_CASE("the row that fills the size flushes at once with nothing behind it", "[sim][S6][P5]") {
  CHECK(counts_over_time({{100ms, 20'000}, {400ms, 0}}) == over_time{{100, 20'000}});
}

TEST_CASE("one row less leaves at the time bound, without any row behind it",
          "[sim][S6][C16][F202]") {
  CHECK(counts_over_time({{100ms, 19'999}, {5000ms, 0}}) == over_time{{1000, 19'999}});
}

TEST_CASE("the remainder leaves at the end of the input", "[sim][S6][P14]") {
  CHECK(counts_over_time({{100ms, 19'999}, {300ms, 7}}) == over_time{{300, 20'000}, {300, 20'006}});
}

}  // namespace sluice::sim

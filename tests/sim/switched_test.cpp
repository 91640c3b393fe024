// One graph, from answers at once to a batch every ten seconds, by nothing but a file of settings.
#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "sluice/connectors/each.hpp"
#include "sluice/graph/graph.hpp"
#include "sluice/graph/settings_reader.hpp"
#include "sluice/sim/world.hpp"
#include "sluice/tests/sim/timed_rows.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice::sim {

namespace {

using namespace std::chrono_literals;

using counted = tally<std::uint32_t, std::uint64_t>;

struct switched_run {
  simulated_run run;
  std::map<std::uint32_t, std::uint64_t> last;  // count of every key
  std::uint64_t results = 0;
  double longest_ms = 0;  // from the birth of a row to the first result it is in
};

// A hundred rows a second of seven keys for half a minute, counted; `toml` is a whole file.
switched_run run_with(const std::string& toml, std::uint64_t seed) {
  switched_run made;
  constexpr std::uint32_t keys = 7;
  constexpr std::uint64_t rows_a_burst = 10;
  graph g{"switched"};
  g.source("items",
           timed_rows{steady(rows_a_burst, 100ms, 30s),
                      [](std::uint64_t id) { return static_cast<std::uint32_t>(id % keys); }})
      .key_by(&item::key)
      .aggregate("count", count())
      .sink("out", to::each<counted>{[&](const batch<counted>& rows) {
              const auto now = static_cast<double>(virtual_instant().us) / 1000;
              for (std::size_t i = 0; i < rows.size(); ++i) {
                const counted row = rows[i];
                ++made.results;
                std::uint64_t& before = made.last[row.key];
                if (row.value <= before) continue;
                const std::uint64_t oldest = row.key + before * keys;  // its id
                const auto born = static_cast<double>(oldest / rows_a_burst * 100);
                made.longest_ms = std::max(made.longest_ms, now - born);
                before = row.value;
              }
            }});
  const std::vector<std::string> stages{"items", "count", "out"};
  settings_reader reader{stages};
  reader.text("switched.toml", toml);
  simulation_options options;
  options.chosen = reader.read().checked();
  options.shrink = nothing_shrunk;
  options.step_time = std::chrono::nanoseconds{0};
  made.run = run_simulated(g, seed, options);
  CHECK(made.run.problem == "");
  CHECK(made.run.status.finished);
  return made;
}

}  // namespace

TEST_CASE("a file of settings takes one graph from answers at once to a batch every ten seconds",
          "[sim][S20]") {
  const std::uint64_t seed = GENERATE(range(1, 6));
  const auto at_once = run_with("[batch]\npolicy = \"off\"\n", seed);
  const auto soon = run_with("microBatch.allowLatencyMs = 50\n", seed);
  const auto second = run_with("microBatch.allowLatencyMs = 1000\n", seed);
  const auto ten = run_with("microBatch.allowLatencyMs = 10000\n", seed);

  CHECK(at_once.last.size() == 7);
  CHECK(soon.last == at_once.last);
  CHECK(second.last == at_once.last);
  CHECK(ten.last == at_once.last);

  CHECK(at_once.longest_ms == 0);
  CHECK(soon.longest_ms <= 50);
  CHECK(second.longest_ms <= 1000);
  CHECK(second.longest_ms >= 900);
  CHECK(ten.longest_ms <= 10'000);
  CHECK(ten.longest_ms >= 9'000);

  // The longer the interval, the fewer results: each is the sum of more.
  CHECK(at_once.results == soon.results);  // bursts are farther apart than its markers
  CHECK(soon.results > second.results);
  CHECK(second.results > ten.results);
  CHECK(ten.results <= 4 * 7);
}

}  // namespace sluice::sim

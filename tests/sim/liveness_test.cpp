// What must not keep a run from going on, on whole graphs in virtual time.
#include <algorithm>
#include <memory>

#include "sluice/connectors/each.hpp"
#include "sluice/connectors/nothing.hpp"
#include "sluice/graph/graph.hpp"
#include "sluice/sim/world.hpp"
#include "sluice/tests/sim/timed_rows.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice::sim {

namespace {

using namespace std::chrono_literals;

// An input that has nothing to read for a while, and then ends.
class silent {
 public:
  using record_type = item;
  explicit silent(std::chrono::milliseconds time) : time_(time) {}
  result<std::unique_ptr<source_reader>> open(const source_context&) const {
    return std::unique_ptr<source_reader>{std::make_unique<reader>(time_)};
  }
  std::string describe() const { return "nothing"; }

 private:
  struct reader final : source_reader {
    explicit reader(std::chrono::milliseconds time) : ends(time) {}
    result<read_batch> read() override {
      const bool over = virtual_now().time_since_epoch() >= ends;
      return read_batch{nullptr, over ? read_state::end : read_state::idle};
    }
    std::chrono::milliseconds ends;
  };
  std::chrono::milliseconds time_;
};

}  // namespace

TEST_CASE("a window of one batch and reports under way stop no channel", "[sim][C8][X18]") {
  std::vector<burst> bursts;  // a batch that fills the window comes after a single row
  for (int i = 1; i <= 50; ++i) bursts.push_back({1ms * i, i % 2 == 0 ? 64u : 1u});
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    graph g{"reported"};
    g.source("items", timed_rows{bursts}).sink("out", to::nothing{});
    g.policy(batch_policy::off).batch({.rows = 64}).set("credit.rows", 64);
    simulation_options options;
    options.scenario = "reported";
    options.chosen = settings_in_code(g);
    options.shrink = nothing_shrunk;
    options.report_every = 1ms;
    options.work_time = [](const std::string&, std::uint64_t) { return 1500us; };
    const auto run = run_simulated(g, seed, options);
    REQUIRE(run.problem == "");
    CHECK(run.status.instances[0].source.rows == 25 * 65);
  }
}

TEST_CASE("a paced source does not wait for one that has nothing to read and steps aside",
          "[sim][X20]") {
  std::vector<double> waited;  // ms from the moment a row was due to the sink
  graph g{"paced"};
  g.source("items", timed_rows{steady(1, 100ms, 8s)})
      .event_time(&item::born)
      .most_ahead(500ms)
      .sink("out", to::each<item>{[&](const batch<item>& rows) {
              for (std::size_t i = 0; i < rows.size(); ++i)
                waited.push_back(static_cast<double>(virtual_instant().us) / 1000 -
                                 100 * static_cast<double>(rows[i].id));
            }});
  g.source("quiet", silent{5s})
      .event_time(&item::born)
      .idle_steps_aside()
      .sink("nowhere", to::nothing{});
  g.policy(batch_policy::off);
  simulation_options options;
  options.scenario = "paced";
  options.chosen = settings_in_code(g);
  options.shrink = nothing_shrunk;
  const auto run = run_simulated(g, 1, options);
  REQUIRE(run.problem == "");
  CHECK(waited.size() == 81);
  CHECK(*std::max_element(waited.begin(), waited.end()) < 100);
}

}  // namespace sluice::sim

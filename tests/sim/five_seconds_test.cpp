// Ten thousand rows a second and a marker every five seconds, in virtual time: what an epoch holds,
// and how many messages carry it.
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "sluice/connectors/generator.hpp"
#include "sluice/connectors/nothing.hpp"
#include "sluice/graph/graph.hpp"
#include "sluice/sim/world.hpp"
#include "sluice/tests/sim/timed_rows.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice::sim {

namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t rows_a_second = 10'000, seconds = 50, rows_an_epoch = 50'000, epochs = 10;
constexpr std::uint64_t rows_of_a_tick = rows_a_second / 1000;  // a source looks every millisecond

constexpr std::uint64_t most_messages = 50;  // an epoch and channel

// Where a stage's only channel leads.
const std::map<std::string, std::string> receiver_of{{"items/batcher", "copy"}, {"copy", "out"}};

// What came on one channel, epoch by epoch.
struct channel_traffic {
  std::vector<std::uint64_t> rows{0};
  std::vector<std::uint64_t> batches{0};
  std::vector<std::uint64_t> grants{0};  // that went back meanwhile

  void begin_epoch() {
    for (auto* counts : {&rows, &batches, &grants}) counts->push_back(0);
  }
};

struct traffic {
  simulated_run run;
  std::map<std::pair<std::string, std::uint32_t>, channel_traffic> channels;  // by stage that takes
};

// Rows by key group over `instances` of an aggregate, and what it makes of them to one sink.
traffic five_second_epochs(std::size_t instances) {
  traffic seen;
  graph g{"epochs"};
  g.source("items",
           from::generate<item>{
               [](std::uint64_t row, item& made) {
                 made.id = row;
                 made.key = static_cast<std::uint32_t>(row);
               },
               {.count = rows_a_second * seconds, .rate = rows_a_second, .now = virtual_now}})
      .map([](const item& in) { return in; })
      .key_by(&item::key)
      .scan<std::uint64_t>("copy",
                           [](std::uint64_t&, const item& in, rows<item> out) {
                             out.push(in);  // as many rows out as in
                           })
      .parallelism(instances)
      .sink("out", to::nothing{});
  g.batch({.every = 5000ms});
  simulation_options options;
  options.chosen = settings_in_code(g);
  options.shrink = nothing_shrunk;
  options.step_time = std::chrono::nanoseconds{0};
  options.on_event = [&](std::uint64_t, const std::string& stage, traced kind,
                         std::uint64_t detail) {
    if (kind == traced::rows_in) {
      const auto got = traced_rows::of(detail);
      auto& channel = seen.channels[{stage, got.channel}];
      channel.rows.back() += got.rows;
      ++channel.batches.back();
    } else if (kind == traced::marker_in) {
      seen.channels[{stage, traced_marker::of(detail).channel}].begin_epoch();
    } else if (kind == traced::credit_in && receiver_of.contains(stage)) {
      ++seen.channels[{receiver_of.at(stage), 0}].grants.back();
    }
  };
  seen.run = run_simulated(g, 1, options);
  CHECK(seen.run.problem == "");
  CHECK(seen.run.status.finished);
  return seen;
}

}  // namespace

TEST_CASE("an epoch of five seconds is fifty thousand rows in few messages", "[sim][S25]") {
  const traffic seen = five_second_epochs(1);
  // A batcher lies with its source: what it is handed at every tick goes no farther than a pointer.
  for (const std::string stage : {"copy", "out"}) {
    const channel_traffic& channel = seen.channels.at({stage, 0});
    REQUIRE(channel.rows.size() > epochs);
    for (std::size_t e = 0; e < epochs; ++e) {
      CAPTURE(stage, e, channel.batches[e]);
      CHECK(channel.rows[e] >= rows_an_epoch - rows_of_a_tick);
      CHECK(channel.rows[e] <= rows_an_epoch + rows_of_a_tick);
      CHECK(channel.batches[e] >= 7);
      CHECK(channel.batches[e] + 1 + channel.grants[e] <= most_messages);
    }
  }
}

TEST_CASE("messages of an epoch are few on each of several channels too", "[sim][S25]") {
  const std::size_t instances = GENERATE(1u, 2u, 4u);
  CAPTURE(instances);
  const traffic seen = five_second_epochs(instances);
  std::uint64_t rows = 0;
  for (const auto& one : seen.run.status.instances) {
    if (one.stage != "copy" && one.stage != "out") continue;
    CAPTURE(one.stage, one.instance, one.work.batches_in, one.work.markers);
    const std::uint64_t channels = one.stage == "out" ? instances : 1;
    CHECK(one.work.markers <= epochs + 1);
    CHECK(one.work.batches_in + channels * one.work.markers <=
          channels * most_messages * (epochs + 1));
    if (one.stage == "out") rows += one.work.rows_in;
  }
  CHECK(rows == rows_an_epoch * epochs);
}

}  // namespace sluice::sim

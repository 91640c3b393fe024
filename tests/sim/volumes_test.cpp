// How much is kept, sent and looked up, on whole graphs in virtual time.
#include <algorithm>
#include <map>
#include <memory>

#include "sluice/connectors/each.hpp"
#include "sluice/connectors/generator.hpp"
#include "sluice/connectors/nothing.hpp"
#include "sluice/graph/graph.hpp"
#include "sluice/sim/world.hpp"
#include "sluice/tests/sim/timed_rows.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice::sim {

namespace {

using namespace std::chrono_literals;
using counts = std::map<std::uint32_t, std::uint64_t>;
using counted = tally<std::uint32_t, std::uint64_t>;

struct counting_run {
  simulated_run run;
  counts last;             // the last count of every key
  std::uint64_t rows = 0;  // results that reached the sink

  const instance_status& stage(const std::string& name) const {
    return *std::find_if(run.status.instances.begin(), run.status.instances.end(),
                         [&](const auto& i) { return i.stage == name; });
  }
  std::uint64_t flushes(flush_cause why) const {
    return stage("count").work.flushes[static_cast<std::size_t>(why)];
  }
};

// Counts `rows` rows whose key is `key_of(row)`, with no time to spare.
template <class Tune>
counting_run count_rows(std::uint64_t rows, std::uint32_t (*key_of)(std::uint64_t), Tune tune) {
  counting_run made;
  graph g{"counting"};
  g.source("items",
           from::generate<item>{[key_of](std::uint64_t row, item& in) { in.key = key_of(row); },
                                {.count = rows}})
      .key_by(&item::key)
      .aggregate("count", count())
      .map([&made](const counted& in) {
        made.last[in.key] = std::max(made.last[in.key], in.value);
        ++made.rows;
        return in;
      })
      .sink("out", to::nothing{});
  tune(g);
  simulation_options options;
  options.chosen = settings_in_code(g);
  options.shrink = nothing_shrunk;
  options.step_time = std::chrono::nanoseconds{0};
  options.most_steps = 50'000'000;
  made.run = run_simulated(g, 1, options);
  CHECK(made.run.problem == "");
  return made;
}

std::uint32_t one_of_1000(std::uint64_t row) {
  return static_cast<std::uint32_t>(row * 2654435761u % 1000);
}

}  // namespace

TEST_CASE("a million rows of a thousand keys touch state once per key and flush", "[sim][S4][C1]") {
  const auto batched =
      count_rows(1'000'000, one_of_1000, [](graph& g) { g.batch({.size = 20'000}); });
  CHECK(batched.stage("count").work.operation.state_accesses <= 102'000);
  CHECK(batched.stage("count").work.operation.state_accesses >= 98'000);
  CHECK(batched.rows <= 50'000);
  CHECK(batched.last.size() == 1000);

  const auto row_by_row = count_rows(
      1'000'000, one_of_1000, [](graph& g) { g.policy(batch_policy::off).batch({.rows = 1}); });
  CHECK(row_by_row.stage("count").work.operation.state_accesses == 2'000'000);
  CHECK(row_by_row.rows == 1'000'000);
  CHECK(row_by_row.last == batched.last);
}

namespace {

constexpr std::uint64_t half = 400'000;

// Keys of their own, then few, then keys of their own again.
std::uint32_t now_and_then_unique(std::uint64_t row) {
  return row >= half && row < 2 * half ? static_cast<std::uint32_t>(row % 100)
                                       : static_cast<std::uint32_t>(row + 1000);
}

}  // namespace

TEST_CASE("grouping that does not pay is bypassed and comes back when keys repeat",
          "[sim][S12][F203]") {
  const auto adaptive = count_rows(3 * half, now_and_then_unique, [](graph&) {});
  const auto inlined =
      count_rows(3 * half, now_and_then_unique, [](graph& g) { g.policy(batch_policy::off); });
  CHECK(adaptive.last == inlined.last);
  CHECK(adaptive.flushes(flush_cause::batch) >
        2 * half / 8192 / 2);                                      // two stretches of unique keys
  CHECK(adaptive.flushes(flush_cause::size) > half / 20'000 / 2);  // one of few
  CHECK(adaptive.stage("count").output_ratio == 1.0);
  CHECK(inlined.flushes(flush_cause::size) == 0);
}

TEST_CASE("a bypassed stage comes back when keys repeat, however small its batches",
          "[sim][S12][P10]") {
  const auto got = count_rows(3 * half, now_and_then_unique,
                              [](graph& g) { g.batch({.rows = 64, .size = 2000}); });
  CHECK(got.last.size() == 2 * half + 100);
  CHECK(got.stage("count").work.bypass.to_bypass >= 2);  // one for each stretch of unique keys
  CHECK(got.stage("count").work.bypass.to_gathering >= 1);
  CHECK(got.flushes(flush_cause::size) > half / 2000 / 2);
}

namespace {

constexpr std::uint64_t cached_at_most = 500;

// An input ten times faster than its sink, for a minute.
counting_run overload(batch_policy policy) {
  counting_run made;
  graph g{"overload"};
  g.source("items", timed_rows{steady(200, 100ms, 60s),
                               [](std::uint64_t id) { return static_cast<std::uint32_t>(id); }})
      .key_by(&item::key)
      .aggregate("count", count())
      .sink("out", to::each<counted>{[](const batch<counted>&) {}});
  g.policy(policy).batch({.rows = 64, .size = cached_at_most}).set("credit.rows", 256);
  simulation_options options;
  options.chosen = settings_in_code(g);
  options.shrink = nothing_shrunk;
  options.work_time = [](const std::string& stage, std::uint64_t rows) {
    return stage == "out" ? 5ms * static_cast<int>(rows) : 0ms;  // 200 rows a second
  };
  made.run = run_simulated(g, 5, options);
  return made;
}

}  // namespace

TEST_CASE("a slow sink slows the source and nothing is kept beyond the bounds",
          "[sim][S10][C8][F1001]") {
  const auto policy =
      GENERATE(batch_policy::off, batch_policy::both, batch_policy::micro, batch_policy::mini);
  CAPTURE(policy);
  const auto got = overload(policy);
  CHECK(got.run.problem == "");  // queues were compared with their windows after every step
  for (const auto& one : got.run.status.instances) {
    for (const credit& most : one.most_queued) CHECK(most.rows <= 256);
    // By micro rows are gathered up to the marker: what a second brings.
    CHECK(one.work.most_gathered <= (policy == batch_policy::micro ? 2000 + 256 : cached_at_most));
  }
  CHECK(got.stage("count").work.most_gathered > 0);
  CHECK(got.stage("items").source.rows == 200 * 601);
  CHECK(got.stage("items").source.blocked_times > 0);
  CHECK(got.run.virtual_time > 10min);  // as slow as the sink
}

namespace {

struct page {
  std::uint32_t key;
  std::string_view text;
};
SLUICE_RECORD(page, key, text);

}  // namespace

TEST_CASE("rows of a megabyte wait in no more bytes than the windows have",
          "[sim][S10][C8][F1001]") {
  const auto policy =
      GENERATE(batch_policy::off, batch_policy::both, batch_policy::micro, batch_policy::mini);
  CAPTURE(policy);
  constexpr std::uint64_t count = 30, window = 2 << 20;
  const std::string text(1'000'000, 'x');
  std::uint64_t arrived = 0;
  graph g{"pages"};
  g.source("pages", from::generate<page>{[&](std::uint64_t row, page& made) {
                                           made.key = static_cast<std::uint32_t>(row % 7);
                                           made.text = text;
                                         },
                                         {.count = count}})
      .key_by(&page::key)
      .scan<std::uint64_t>("numbered",
                           [](std::uint64_t&, const page& in, rows<page> out) { out.push(in); })
      .sink("out", to::each<page>{[&](const batch<page>& rows) {
              for (std::size_t i = 0; i < rows.size(); ++i) arrived += rows[i].text.size();
            }});
  g.policy(policy).set("credit.max_bytes", window);
  simulation_options options;
  options.chosen = settings_in_code(g);
  options.shrink = nothing_shrunk;
  options.work_time = [](const std::string& stage, std::uint64_t) {
    return stage == "out" ? 100ms : 0ms;
  };
  const auto run = run_simulated(g, 5, options);
  CHECK(run.problem == "");  // bytes queued were compared with their windows after every step
  CHECK(arrived == count * text.size());
  std::uint64_t most = 0;
  for (const auto& one : run.status.instances)
    for (const credit& queued : one.most_queued) most = std::max(most, queued.bytes);
  CHECK(most > text.size());  // rows did wait
  CHECK(most <= window);
  CHECK(run.status.instances[0].source.blocked_times > 0);
}

}  // namespace sluice::sim

#include "sluice/graph/explain_plan.hpp"

#include "sluice/graph/settings_of_graph.hpp"
#include "sluice/sluice.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice {
namespace {

struct word {
  std::uint64_t id;
  std::uint64_t length;
};
SLUICE_RECORD(word, id, length);

void compose(graph& g, bool apart) {
  auto words = g.source("lines", from::text_file{"words.txt"})
                   .flat_map([](const line& in, rows<word> out) {
                     out.push({7, in.text.size()});
                   })
                   .name("split")
                   .filter([](const word& w) { return w.length > 0; })
                   .name("long");
  if (apart) words.own_actor();
  words.key_by(&word::id, &word::length)
      .reduce("join", [](word&, const word&) {})
      .parallelism(2)
      .sink("out", to::nothing{});
}

std::string explained(const graph& g, std::initializer_list<const char*> assignments) {
  settings_reader reader = reader_for(g.description());
  reader.set("scheduler.threads=1");
  for (const char* assignment : assignments) reader.set(assignment);
  const settings chosen = reader.read().checked();
  return explain_plan(g.description(), make_plan(g.description(), chosen), chosen);
}

TEST_CASE("explain shows actors, fused stages, channels, key groups and the memory bound",
          "[explain_plan][F103][U13]") {
  graph g{"words"};
  compose(g, false);
  CHECK(
      explained(g, {}) ==
      "words: 5 stages in 6 actors (one of them the coordinator), 5 channels, 1 scheduler thread\n"
      "marker every 1000 ms (default), commit with every marker (default), policy both (default)\n"
      "\n"
      "lines  source  1 actor\n"
      "  text file, words.txt\n"
      "  ──▶ lines/batcher  straight, 1 channel, credit 65,536 rows and 2.00 MiB; batches of 8,192 "
      "rows\n"
      "\n"
      "lines/batcher  batcher  1 actor\n"
      "  fused(gather, split, long)\n"
      "  ──▶ join  by key id, length over 2 instances, 2 channels, credit 65,536 rows and 2.00 "
      "MiB; batches of 8,192 rows, filled until the marker, cut at 20,000 rows\n"
      "\n"
      "join  aggregator  2 actors\n"
      "  reduce, updates\n"
      "  key groups 0–127, 128–255; flushes at the marker or after 20,000 rows\n"
      "  ──▶ out  straight, 2 channels, credit 65,536 rows and 2.00 MiB; batches of 8,192 rows\n"
      "\n"
      "out  sink  1 actor\n"
      "  nothing\n"
      "\n"
      "memory bound: 10.0 MiB in channels (the sum of their credit); state and the batches being "
      "filled come on top\n");
}

TEST_CASE("a stage that wants an actor of its own is not fused", "[explain_plan][F103]") {
  graph g{"words"};
  compose(g, true);
  const std::string text = explained(g, {});
  CHECK(text.find("fused(gather, split)\n") != text.npos);
  CHECK(text.find("\nlong  batcher  1 actor\n") != text.npos);
}

TEST_CASE("a stateless stage about whose channels something is said is not fused",
          "[explain_plan][F103][P7]") {
  graph g{"words"};
  compose(g, false);
  const auto apart = [&](const char* assignment, const char* way_in) {
    const std::string text = explained(g, {assignment});
    CHECK(text.find("fused(gather, split)\n") != text.npos);
    CHECK(text.find("\nlong  batcher  1 actor\n") != text.npos);
    return text.find(std::string{"  ──▶ long  straight, 1 channel, "} + way_in + "\n") != text.npos;
  };
  CHECK(apart("stage.long.policy=off", "credit 65,536 rows and 2.00 MiB; batches of 8,192 rows"));
  CHECK(apart("stage.long.batch.rows=64",
              "credit 65,536 rows and 2.00 MiB; batches of 64 rows, filled until the marker"));
  CHECK(apart("stage.long.credit.rows=9000",
              "credit 9,000 rows and 2.00 MiB; batches of 8,192 rows, filled until the marker"));
  CHECK(apart("stage.long.credit.max_bytes=1MiB",
              "credit 65,536 rows and 1.00 MiB; batches of 8,192 rows, filled until the marker"));

  graph coded{"words"};
  coded.source("lines", from::text_file{"words.txt"})
      .filter([](const line&) { return true; })
      .name("long")
      .credit_rows(9000)
      .sink("out", to::nothing{});
  CHECK(explained(coded, {}).find("\nlong  batcher  1 actor\n") != std::string::npos);
  // What holds for every stage is no reason to part them.
  graph whole{"words"};
  compose(whole.policy(batch_policy::off), false);
  CHECK(explained(whole, {"batch.rows=64"}).find("fused(gather, split, long)") !=
        std::string::npos);
}

TEST_CASE("a setting that can have no effect on its stage is refused with its place",
          "[explain_plan][F21][U36]") {
  graph g{"words"};
  compose(g, false);
  const auto refused = [&](std::initializer_list<const char*> assignments) {
    settings_reader reader = reader_for(g.description());
    for (const char* assignment : assignments) reader.set(assignment);
    std::vector<std::string> said;
    for (const auto& problem : reader.read().errors) said.push_back(one_line(problem));
    return said;
  };
  using lines = std::vector<std::string>;
  const std::string keeps_nothing = " (only emit::updates keeps rows until a size or a timer)";
  CHECK(refused({"stage.lines.policy=off"}) ==
        lines{"--set stage.lines.policy=off: setting without effect: stage.lines.policy = off (a "
              "source hands on what it reads; set it for a stage behind it)"});
  CHECK(refused({"stage.long.miniBatch.size=5"}) ==
        lines{"--set stage.long.miniBatch.size=5: setting without effect: "
              "stage.long.miniBatch.size = 5 rows" +
              keeps_nothing});
  CHECK(refused({"stage.out.policy=mini", "stage.out.miniBatch.allowLatencyMs=5"}) ==
        lines{"--set stage.out.miniBatch.allowLatencyMs=5: setting without effect: "
              "stage.out.miniBatch.allowLatencyMs = 5 ms" +
              keeps_nothing});
  CHECK(refused({"stage.out.miniBatch.allowLatencyMs=5"}).size() == 1);
  CHECK(refused({"stage.join.miniBatch.size=5", "stage.join.policy=mini",
                 "stage.join.miniBatch.allowLatencyMs=5", "stage.lines.batch.rows=5"}) == lines{});
}

struct bill {
  std::uint32_t shop;
  std::int64_t cents;
  double rate;
};
SLUICE_RECORD(bill, shop, cents, rate);
struct bills {
  std::uint32_t shop;
  std::uint64_t count;
  double mean;
};
SLUICE_RECORD(bills, shop, count, mean);

// Knows nothing of how its state could be sent.
struct own_accumulator {
  using state = std::uint64_t;
  void add(state& s, const bill&) const { ++s; }
  void combine(state& s, const state& other) const { s += other; }
  std::uint64_t result(const state& s) const { return s; }
  std::string name() const { return "own"; }
};

TEST_CASE("explain says what is combined before it goes to another node, and why the rest is not",
          "[explain_plan][F701][S12][U13]") {
  graph g{"bills"};
  const auto all = g.source("bills", from::generate<bill>{[](std::uint64_t, bill&) {}, {}});
  const auto by_shop = all.key_by(&bill::shop);
  by_shop.aggregate<bills>("means", count(), avg(&bill::cents)).sink("a", to::nothing{});
  by_shop.aggregate("rates", sum(&bill::rate)).sink("b", to::nothing{});
  by_shop.aggregate("owned", own_accumulator{}).sink("c", to::nothing{});
  by_shop.reduce("joined", [](bill&, const bill&) {}).sink("d", to::nothing{});
  by_shop
      .scan<std::uint64_t>("scanned",
                           [](std::uint64_t&, const bill& b, rows<bill> out) { out.push(b); })
      .sink("e", to::nothing{});
  const auto wires = [&](std::vector<std::string> nodes,
                         std::initializer_list<const char*> assignments) {
    settings_reader reader = reader_for(g.description());
    reader.set("stage.bills.parallelism=2");
    for (const char* assignment : assignments) reader.set(assignment);
    const settings chosen = reader.read().checked();
    const plan planned = make_plan(g.description(), chosen);
    return explain_wires(g.description(), planned, chosen,
                         place_evenly(g.description(), planned, nodes));
  };
  const std::string rest =
      "bills/batcher ──▶ rates  as they are: the last bits of sum_rate depend on the order of the "
      "rows\n"
      "bills/batcher ──▶ owned  as they are: own does not say how its state is sent "
      "(sendable_accumulator)\n"
      "bills/batcher ──▶ joined  as they are: a function of the program joins them one by one\n"
      "bills/batcher ──▶ scanned  as they are: it takes them one by one, in order\n";
  const std::string head = "rows by key to other nodes\nbills/batcher ──▶ means  ";
  CHECK(wires({"a", "b"}, {}) ==
        head + "combined by key, batch.pre_aggregate auto (default)\n" + rest);
  CHECK(wires({"a", "b"}, {"batch.pre_aggregate=on", "stage.means.pre_aggregate=off"}) ==
        head + "as they are, batch.pre_aggregate off (--set stage.means.pre_aggregate=off)\n" +
            rest);
  CHECK(wires({"a"}, {}).empty());
}

TEST_CASE("combining is not asked of a stage that cannot", "[explain_plan][F701][F21][U36]") {
  graph g{"bills"};
  g.source("bills", from::generate<bill>{[](std::uint64_t, bill&) {}, {}})
      .key_by(&bill::shop)
      .aggregate("rates", sum(&bill::rate))
      .sink("out", to::nothing{});
  settings_reader reader = reader_for(g.description());
  reader.set("stage.rates.pre_aggregate=on");
  reader.set("stage.out.pre_aggregate=on");
  reader.set("batch.pre_aggregate=often");
  std::vector<std::string> said;
  for (const auto& problem : reader.read().errors) said.push_back(one_line(problem));
  CHECK(said == std::vector<std::string>{
                    "--set stage.rates.pre_aggregate=on: setting without effect: "
                    "stage.rates.pre_aggregate = on (its rows are sent as they are: the last bits "
                    "of sum_rate depend on the order of the rows)",
                    "--set stage.out.pre_aggregate=on: setting without effect: "
                    "stage.out.pre_aggregate = on (only rows for an aggregate are combined before "
                    "they are sent)",
                    "--set batch.pre_aggregate=often: unknown name: batch.pre_aggregate = often "
                    "(allowed: \"off\", \"on\", \"auto\")"});
}

TEST_CASE("explain says when results leave under each policy", "[explain_plan]") {
  graph g{"words"};
  compose(g, false);
  const auto has = [&](const char* policy, const char* words) {
    return explained(g, {policy, "stage.join.miniBatch.size=500"}).find(words) != std::string::npos;
  };
  CHECK(has("batch.policy=off", "flushes after every batch"));
  CHECK(has("batch.policy=micro", "flushes at the marker\n"));
  CHECK(has("batch.policy=both", "flushes at the marker or after 500 rows"));
  CHECK(has("batch.policy=mini", "flushes every 1000 ms or 500 rows"));
}

TEST_CASE("the start line marks what nobody chose as default", "[explain_plan][P5]") {
  graph g{"words"};
  compose(g, false);
  settings_reader reader = reader_for(g.description());
  reader.set("miniBatch.size=500");
  reader.set("scheduler.threads=1");
  const settings chosen = reader.read().checked();
  CHECK(start_line(g.description(), make_plan(g.description(), chosen), chosen) ==
        "words: 5 stages, 6 actors, 1 thread; marker every 1000 ms (default), policy both "
        "(default), size 500 rows "
        "(--set miniBatch.size=500)");
}

}  // namespace
}  // namespace sluice

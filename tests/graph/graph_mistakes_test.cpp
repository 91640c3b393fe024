#include <algorithm>
#include <string>
#include <vector>

#include "sluice/connectors/each.hpp"
#include "sluice/graph/settings.hpp"
#include "sluice/operators/run_status.hpp"
#include "sluice/sluice.hpp"
#include "sluice/tests/support/catch.hpp"

namespace {

using namespace sluice;

struct payment {
  std::uint64_t card;
  std::int64_t cents;
  instant at;
};
SLUICE_RECORD(payment, card, cents, at);

struct hidden {  // `secret` is not described
  std::uint64_t card;
  std::uint64_t secret;
};
SLUICE_RECORD(hidden, card);

struct seen {
  std::uint64_t rows = 0;
};

from::rows<payment> no_payments() { return from::rows<payment>{std::vector<payment>{}}; }

const auto observe = [](seen& s, const payment& p, rows<payment> out) {
  ++s.rows;
  out.push(p);
};

// The mistakes of `g`, each without the line number of this file.
std::vector<std::string> mistakes(const graph& g) {
  std::vector<std::string> found = check_graph(g.description());
  for (auto& line : found) {
    const std::string here = "graph_mistakes_test.cpp:";
    for (auto at = line.find(here); at != std::string::npos; at = line.find(here, at)) {
      auto end = at + here.size();
      while (end < line.size() && line[end] >= '0' && line[end] <= '9') ++end;
      line.replace(at, end - at, "HERE");
    }
  }
  return found;
}

using lines = std::vector<std::string>;

}  // namespace

TEST_CASE("a graph that can run has no mistakes", "[graph][F101]") {
  graph g{"payments"};
  g.source("payments", no_payments()).sink("out", to::nothing{});
  CHECK(mistakes(g) == lines{});
}

TEST_CASE("a graph needs a source and a sink", "[graph][F101][C2]") {
  graph g{"empty"};
  CHECK(mistakes(g) ==
        lines{"HERE: graph \"empty\": it has no source", "HERE: graph \"empty\": it has no sink"});
}

TEST_CASE("two stages of one name are refused with both places", "[graph][F101][C23]") {
  graph g{"payments"};
  auto payments = g.source("payments", no_payments());
  payments.sink("out", to::nothing{});
  payments.sink("out", to::nothing{});
  CHECK(mistakes(g) == lines{"HERE: stage \"out\": another stage has this name (HERE)"});
}

TEST_CASE("a stage without a name is refused", "[graph][F101][C23]") {
  graph g{"payments"};
  g.source("", no_payments()).sink("out", to::nothing{});
  CHECK(mistakes(g) == lines{"HERE: stage \"\": its name is empty; it is the stage's identity in "
                             "settings, metrics and checkpoints"});
}

TEST_CASE("rows that go nowhere are refused", "[graph][F101]") {
  graph g{"payments"};
  auto payments = g.source("payments", no_payments());
  payments.sink("out", to::nothing{});
  payments.key_by(&payment::card).scan<seen>("observed", observe);
  CHECK(mistakes(g) ==
        lines{"HERE: stage \"observed\": its rows (payment) go nowhere; end it with .sink(...)"});
}

TEST_CASE("event-time order needs event time at every source above", "[graph][F101][C2]") {
  graph g{"payments"};
  auto timed = g.source("timed", no_payments()).event_time(&payment::at);
  auto untimed = g.source("untimed", no_payments());
  timed.merge(untimed)
      .key_by(&payment::card)
      .in_event_time_order(&payment::at)
      .scan<seen>("observed", observe)
      .sink("out", to::nothing{});
  CHECK(mistakes(g) == lines{"HERE: stage \"observed\": it works in event-time order, but source "
                             "\"untimed\" (HERE) has no .event_time(...)"});
}

TEST_CASE("event time belongs to a source", "[graph][F101]") {
  graph g{"payments"};
  g.source("payments", no_payments())
      .filter([](const payment&) { return true; })
      .name("kept")
      .event_time(&payment::at)
      .sink("out", to::nothing{});
  CHECK(mistakes(g) == lines{"HERE: stage \"kept\": event_time belongs to a source"});
}

TEST_CASE("a key must be a field the record lists", "[graph][F101]") {
  graph g{"hidden"};
  g.source("hidden", from::rows<hidden>{std::vector<hidden>{}})
      .key_by(&hidden::secret)
      .aggregate("count", count())
      .sink("out", to::nothing{});
  CHECK(mistakes(g).front() ==
        "HERE: stage \"hidden\": key_by names a field that SLUICE_RECORD does not list");
}

TEST_CASE("streams of two graphs cannot be merged", "[graph][F101]") {
  graph g{"one"};
  graph other{"other"};
  auto theirs = other.source("theirs", no_payments());
  g.source("ours", no_payments()).merge(theirs).sink("out", to::nothing{});
  CHECK(mistakes(g) == lines{"HERE: stage \"ours\": merged with a stream of another graph"});
}

TEST_CASE("late rows are asked of a stage that has them", "[graph][F101]") {
  graph g{"payments"};
  auto payments = g.source("payments", no_payments());
  payments.sink("out", to::nothing{});
  const auto late = late_rows<payment>(const_cast<graph_description&>(g.description()), payments);
  late.sink("late", to::nothing{});  // composing goes on
  CHECK(mistakes(g) ==
        lines{"HERE: stage \"payments\": late_rows: only a scan in event-time order has them"});
}

TEST_CASE("a cycle is refused, naming its stages", "[graph][F101][X19]") {
  graph g{"payments"};
  g.source("payments", no_payments())
      .key_by(&payment::card)
      .scan<seen>("first", observe)
      .key_by(&payment::card)
      .scan<seen>("second", observe)
      .sink("out", to::nothing{});
  // The fluent surface cannot say this; a description can.
  graph_description& description = const_cast<graph_description&>(g.description());
  description.stages[1].inputs[0].from.push_back({2, 0});
  CHECK(mistakes(g) ==
        lines{"HERE: stage \"first\": it is part of a cycle; markers could not be aligned",
              "HERE: stage \"second\": it is part of a cycle; markers could not be aligned"});
}

TEST_CASE("a stage no source leads to is refused", "[graph][F101][C2]") {
  graph g{"payments"};
  g.source("payments", no_payments())
      .key_by(&payment::card)
      .scan<seen>("observed", observe)
      .sink("out", to::nothing{});
  const_cast<graph_description&>(g.description()).stages[1].inputs.clear();
  CHECK(mistakes(g)[1] ==
        "HERE: stage \"observed\": no source leads to it, so no marker would ever reach it");
}

TEST_CASE("a wrong graph starts nothing and reports every mistake", "[graph][F101][C2]") {
  bool opened = false;
  graph g{"payments"};
  auto payments = g.source("payments", no_payments());
  payments.sink("out", to::each<payment>{[&](const batch<payment>&) { opened = true; }});
  payments.sink("out", to::nothing{});
  payments.key_by(&payment::card).scan<seen>("observed", observe);
  try {
    static_cast<void>(run_graph(g, settings_in_code(g)));
    FAIL("a wrong graph was run");
  } catch (const graph_error& e) {
    CHECK(e.mistakes().size() == 2);
  }
  CHECK_FALSE(opened);
}

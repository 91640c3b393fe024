#include "sluice/graph/graph_text.hpp"

#include <algorithm>
#include <map>
#include <regex>
#include <set>

#include "sluice/sluice.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice {
namespace {

struct payment {
  std::uint64_t id;
  std::uint64_t card;
  instant at;
};
SLUICE_RECORD(payment, id, card, at);

struct label {
  std::uint64_t card;
  instant at;
};
SLUICE_RECORD(label, card, at);

struct scored {
  std::uint64_t card;
};
SLUICE_RECORD(scored, card);

struct word {
  std::string_view text;
};
SLUICE_RECORD(word, text);

void compose_words(graph& g) {
  g.source("lines", from::text_socket{"localhost", 9999})
      .flat_map([](const line& in, rows<word> out) { out.push({in.text}); })
      .name("split")
      .key_by(&word::text)
      .aggregate("count", count(), emit::per_epoch)
      .sink("tallies", to::console{});
}

// Two sources that are joined, and one output of a stage that goes three ways.
void compose_fraud(graph& g) {
  auto payments = g.source("payments", from::csv<payment>{"payments.csv"}).event_time(&payment::at);
  auto labels = g.source("labels", from::csv<label>{"labels.csv"}).event_time(&label::at);
  auto scores =
      payments.key_by(&payment::card)
          .in_event_time_order(&payment::at, &payment::id)
          .with(labels.key_by(&label::card).in_event_time_order(&label::at))
          .scan<int>(
              "profiles", [](int&, const payment& p, rows<scored> out) { out.push({p.card}); },
              [](int&, const label&, rows<scored>) {});
  auto [high, low] = scores.split([](const scored& s) { return s.card > 7; });
  high.name("high");
  scores.sink("scores", to::csv{"scores.csv"});
  high.merge(low).sink("both", to::nothing{});
  high.sink("alerts", to::json_lines{"alerts"});
}

TEST_CASE("word count is drawn with its four roles and the key of the edge",
          "[graph_text][S22][P16]") {
  graph g{"wordcount"};
  compose_words(g);
  CHECK(graph_text(g.description()) ==
        "wordcount\n"
        "\n"
        "  ●  lines    source      text socket, localhost:9999, at most once\n"
        "  │           line\n"
        "  ●  split    batcher     flat_map\n"
        "  │           word, key text\n"
        "  ●  count    aggregator  aggregate count, per epoch\n"
        "  │           tally\n"
        "  ●  tallies  sink        console\n"
        "\n"
        "guarantees\n"
        "  lines: at most once; what was read cannot be read again\n"
        "  tallies: at least once: with --checkpoints rows are shown again after a failure\n"
        "  without --checkpoints a run that fails leaves in its sinks what it has written\n");
}

TEST_CASE("branches and joins run on rails", "[graph_text]") {
  graph g{"fraud"};
  compose_fraud(g);
  CHECK(graph_text(g.description()) ==
        "fraud\n"
        "\n"
        "  ●        payments  source      csv file, payments.csv\n"
        "  │ ●      labels    source      csv file, labels.csv\n"
        "  ├─╯                payment, key card; label, key card\n"
        "  ●        profiles  aggregator  scan in event-time order\n"
        "  ├─╮\n"
        "  │ │                scored\n"
        "  ● │      high      batcher     split\n"
        "  ├─┼─┬─╮\n"
        "  │ │ │ │            scored\n"
        "  │ ● │ │  scores    sink        csv file, scores.csv\n"
        "  ├───╯ │            scored\n"
        "  ●     │  both      sink        nothing\n"
        "        │            scored\n"
        "        ●  alerts    sink        json lines files, alerts/part-*.jsonl\n"
        "\n"
        "guarantees\n"
        "  alerts: exactly once with --checkpoints, shown by epoch\n"
        "  scores, both: at least once: with --checkpoints rows are shown again after a failure\n"
        "  without --checkpoints a run that fails leaves in its sinks what it has written\n");
}

// Enough of Graphviz's grammar for what we write: nodes and edges with attributes, every edge
// between known nodes.
struct read_dot {
  std::map<std::string, std::string> nodes;
  std::vector<std::array<std::string, 3>> edges;
  std::vector<std::string> wrong;
};

read_dot read_dot_text(const std::string& text) {
  static const std::string quoted = R"re("((?:[^"\\]|\\.)*)")re";
  static const std::regex head(R"(digraph )" + quoted + R"( \{)");
  static const std::regex node(R"(  (s\d+) \[shape=\w+, label=)" + quoted + R"(\];)");
  static const std::regex edge(R"(  (s\d+) -> (s\d+) \[label=)" + quoted + R"(\];)");
  static const std::regex setting(R"(  (rankdir=LR;|node \[fontname="sans-serif"\];)|\})");
  read_dot read;
  std::istringstream lines(text);
  std::smatch match;
  bool first = true;
  for (std::string line; std::getline(lines, line); first = false) {
    if (std::regex_match(line, match, node))
      read.nodes[match[1]] = match[2];
    else if (std::regex_match(line, match, edge))
      read.edges.push_back({match[1], match[2], match[3]});
    else if (!std::regex_match(line, first ? head : setting))
      read.wrong.push_back(line);
  }
  return read;
}

TEST_CASE("the dot form is a Graphviz program of all stages and edges", "[graph_text]") {
  graph g{"fraud \"one\""};
  compose_fraud(g);
  const read_dot read = read_dot_text(graph_dot(g.description()));
  CHECK(read.wrong == std::vector<std::string>{});
  REQUIRE(read.nodes.size() == g.description().stages.size());
  CHECK(read.nodes.at("s2") == "profiles\\naggregator\\nscan in event-time order");
  REQUIRE(read.edges.size() == edges_of(g.description()).size());
  CHECK(read.edges[1] == std::array<std::string, 3>{"s1", "s2", "label, key card"});
  for (const auto& edge : read.edges) {
    CHECK(read.nodes.count(edge[0]) == 1);
    CHECK(read.nodes.count(edge[1]) == 1);
  }
}

TEST_CASE("the mermaid form is a flowchart whose labels are quoted", "[graph_text]") {
  graph g{"words"};
  g.source("a \"b\" <c> #d", from::text_file{"x.txt"}).sink("out", to::nothing{});
  CHECK(graph_mermaid(g.description()) ==
        "flowchart LR\n"
        "  s0([\"a #quot;b#quot; #lt;c#gt; #35;d<br/>source<br/>text file, x.txt\"])\n"
        "  s1[/\"out<br/>sink<br/>nothing\"/]\n"
        "  s0 -->|\"line\"| s1\n");
}

TEST_CASE("quotes and backslashes do not break the dot form", "[graph_text]") {
  graph g{"words"};
  g.source("a \"b\" \\c\\", from::text_file{"x.txt"}).sink("out", to::nothing{});
  const read_dot read = read_dot_text(graph_dot(g.description()));
  CHECK(read.wrong == std::vector<std::string>{});
  CHECK(read.nodes.at("s0") == R"(a \"b\" \\c\\\nsource\ntext file, x.txt)");
}

}  // namespace
}  // namespace sluice

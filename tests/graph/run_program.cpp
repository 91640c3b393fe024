// A program for tests of the command line: it runs the graph that --graph names.
#include <chrono>
#include <stdexcept>

#include "sluice/sluice.hpp"
#include "sluice/tests/graph/wrong_graphs.hpp"

namespace sluice {
namespace {

struct payment {
  std::uint64_t card;
  std::int64_t amount;
};
SLUICE_RECORD(payment, card, amount);

struct number {
  std::uint64_t value;
};
SLUICE_RECORD(number, value);

struct chosen_flags {
  std::string graph = "sums";
  std::string input = "payments.csv";
  std::string output = "alerts.csv";
  std::uint64_t count = 0;
  std::uint32_t rate = 0;
};

auto numbers(graph& g, const chosen_flags& flags) {
  return g.source("numbers",
                  from::generate<number>{[](std::uint64_t row, number& n) { n.value = row; },
                                         {.count = flags.count, .rate = double(flags.rate)}});
}

void compose_sums(graph& g, const chosen_flags& flags) {
  g.source("payments", from::csv<payment>{flags.input})
      .filter([](const payment& p) { return p.amount != 0; })
      .name("spent")
      .key_by(&payment::card)
      .aggregate("decide", sum(&payment::amount), emit::final)
      .sink("alerts", to::csv{flags.output});
}

// Every number is a key of its own: grouping does not pay.
void compose_unique(graph& g, const chosen_flags& flags) {
  numbers(g, flags)
      .key_by(&number::value)
      .aggregate("seen", count(), emit::updates)
      .sink("alerts", to::csv{flags.output});
}

struct visit {
  std::uint64_t page;
  std::int64_t bytes;
  std::string_view country;
  double seconds;
};
SLUICE_RECORD(visit, page, bytes, country, seconds);
struct page_total {
  std::uint64_t page;
  std::uint64_t visits;
  std::int64_t bytes;
  std::int64_t least;
  double mean;
};
SLUICE_RECORD(page_total, page, visits, bytes, least, mean);

// Keys repeat: what aggregates on another node get is combined, but for the sum of seconds.
void compose_visits(graph& g, const chosen_flags& flags) {
  const auto visits = numbers(g, flags).map([](const number& n) {
    static constexpr std::string_view countries[] = {"de", "fr", "", "at"};
    return visit{n.value * n.value % 101, static_cast<std::int64_t>(n.value % 1009) - 500,
                 countries[n.value % 4], 0.1 * static_cast<double>(n.value % 7)};
  });
  visits.key_by(&visit::page)
      .aggregate<page_total>("pages", count(), sum(&visit::bytes), min(&visit::bytes),
                             avg(&visit::bytes), emit::final)
      .parallelism(2)
      .sink("page totals", to::csv{flags.output + ".pages"});
  visits.key_by(&visit::country)
      .aggregate("countries", count(), emit::final)
      .sink("country totals", to::csv{flags.output + ".countries"});
  visits.key_by(&visit::country)
      .aggregate("seconds", sum(&visit::seconds), emit::final)
      .sink("second totals", to::csv{flags.output + ".seconds"});
}

// Every row as it comes.
void compose_copy(graph& g, const chosen_flags& flags) {
  numbers(g, flags).sink("alerts", to::csv{flags.output});
}

// Every row on stdout.
void compose_printed(graph& g, const chosen_flags& flags) {
  numbers(g, flags).sink("alerts", to::console{});
}

// A millisecond of work for every row.
void compose_slow(graph& g, const chosen_flags& flags) {
  numbers(g, flags)
      .map([](const number& n) {
        const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(1);
        while (std::chrono::steady_clock::now() < end) {
        }
        return n;
      })
      .sink("alerts", to::csv{flags.output});
}

void compose_failing(graph& g, const chosen_flags& flags) {
  numbers(g, flags)
      .map([](const number& n) {
        if (n.value == 100) throw std::runtime_error("no hundred");
        return n;
      })
      .name("refuse")
      .sink("alerts", to::csv{flags.output});
}

// Two stages of one name, and rows that go nowhere.
void compose_wrong(graph& g, const chosen_flags& flags) {
  auto all = numbers(g, flags);
  all.sink("alerts", to::console{});
  all.sink("alerts", to::csv{flags.output});
  all.filter([](const number& n) { return n.value > 0; }).name("positive");
}

// Two outputs, and a source that comes after the first of them.
void compose_two_outputs(graph& g, const chosen_flags& flags) {
  numbers(g, flags).sink("alerts", to::csv{"alerts.csv"});
  g.source("payments", from::csv<payment>{flags.input}).sink("copies", to::csv{flags.output});
}

// Two files of payments, each with an instance of its own.
void compose_two_inputs(graph& g, const chosen_flags& flags) {
  g.source("payments", from::csv<payment>{std::vector<std::string>{"a.csv", "b.csv"}})
      .parallelism(2)
      .sink("copies", to::csv{flags.output});
}

void compose_unwritable(graph& g, const chosen_flags& flags) {
  numbers(g, flags).sink("alerts", to::csv{flags.output + "/none/alerts.csv"});
}

}  // namespace
}  // namespace sluice

int main(int argc, char** argv) {
  using namespace sluice;
  chosen_flags chosen;
  bool loudly = false;
  command_line line{"Runs a graph of the tests."};
  line.add_verb("again", "runs the graph too")
      .add_verb("greet", "says hello", verb_use::other)
      .option("graph NAME", chosen.graph, "which one")
      .option("input FILE", chosen.input, "payments")
      .option("output FILE", chosen.output, "what comes of them")
      .option("count N", chosen.count, "numbers to count; 0: without end")
      .option("rate N", chosen.rate, "numbers a second")
      .option("loudly", loudly, "says it loudly", {"greet"})
      .setting("rows N", "batch.rows", "rows of a column batch", {"run", "explain"});
  if (const auto done = line.read(argc, argv)) return *done;
  if (line.verb() == "greet") {
    std::puts(loudly ? "HELLO" : "hello");
    return 0;
  }
  graph g{"tested"};
  if (chosen.graph == "sums") compose_sums(g, chosen);
  if (chosen.graph == "unique") compose_unique(g, chosen);
  if (chosen.graph == "visits") compose_visits(g, chosen);
  if (chosen.graph == "copy") compose_copy(g, chosen);
  if (chosen.graph == "printed") compose_printed(g, chosen);
  if (chosen.graph == "slow") compose_slow(g, chosen);
  if (chosen.graph == "failing") compose_failing(g, chosen);
  if (chosen.graph == "wrong") compose_wrong(g, chosen);
  for (const auto& wrong : wrong_graphs())
    if (chosen.graph == wrong.name) wrong.compose(g);
  if (chosen.graph == "two outputs") compose_two_outputs(g, chosen);
  if (chosen.graph == "two inputs") compose_two_inputs(g, chosen);
  if (chosen.graph == "unwritable") compose_unwritable(g, chosen);
  return run(g, line);
}

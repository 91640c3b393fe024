// A program for tests of `simulate`: it runs the graph that --graph names. Most of them are wrong.
#include <chrono>
#include <cstdlib>

#include "sluice/sluice.hpp"

namespace sluice {
namespace {

struct payment {
  std::uint64_t id;
  std::uint64_t card;
  std::int64_t cents;
  instant at;
};
SLUICE_RECORD(payment, id, card, cents, at);

struct card_total {
  std::uint64_t card;
  std::uint64_t payments;
  std::int64_t cents;
};
SLUICE_RECORD(card_total, card, payments, cents);

struct numbered {
  std::uint64_t id;
  std::uint64_t number;
};
SLUICE_RECORD(numbered, id, number);

auto payments(graph& g, const char* name = "payments") {
  return g
      .source(name, from::generate<payment>{[](std::uint64_t row, payment& p) {
                p = {row, hash_key(row) % 7, static_cast<std::int64_t>(row * 13 % 101),
                     instant{static_cast<std::int64_t>(row) * 1'000}};
              }})
      .event_time(&payment::at);
}

// Whatever a graph can promise, and nothing else: without end, and with more than one way to a
// sink.
void compose_sound(graph& g) {
  auto made = payments(g);
  made.sink("copies", to::nothing{});
  auto by_card = made.key_by(&payment::card);
  by_card.aggregate<card_total>("totals", count(), sum(&payment::cents), emit::updates)
      .sink("updates", to::console{});
  by_card.aggregate<card_total>("finals", count(), sum(&payment::cents), emit::final)
      .sink("ends", to::csv{"/nowhere/at/all.csv"});
  by_card.aggregate("epochs", count(), emit::per_epoch).sink("tallies", to::console{});
}

// A count that no checkpoint has: it begins anew when a node does.
void compose_hidden(graph& g) {
  payments(g)
      .map([seen = std::uint64_t{0}](const payment& p) mutable {
        return numbered{p.id, seen++};
      })
      .sink("numbered", to::nothing{});
}

// The same, but it never begins anew.
void compose_global(graph& g) {
  payments(g)
      .map([](const payment& p) {
        static std::uint64_t seen = 0;
        return numbered{p.id, seen++};
      })
      .sink("numbered", to::nothing{});
}

// Which of two sources is first is chance.
void compose_arrival(graph& g) {
  payments(g)
      .merge(payments(g, "others"))
      .key_by(&payment::card)
      .scan<std::uint64_t>("places",
                           [](std::uint64_t& seen, const payment& p, rows<numbered> out) {
                             out.push({p.id + (p.at.us % 2 == 0 ? 0u : 1u), seen++ * 1000 + p.id});
                           })
      .sink("numbered", to::nothing{});
}

// Works only while it is looked at once.
void compose_clock(graph& g) {
  payments(g)
      .map([](const payment& p) {
        const auto now = std::chrono::steady_clock::now().time_since_epoch().count();
        return numbered{p.id, static_cast<std::uint64_t>(now)};
      })
      .sink("numbered", to::nothing{});
}

void compose_throwing(graph& g) {
  payments(g)
      .map([](const payment& p) {
        if (p.id == 70) throw std::runtime_error("no payment has the number 70");
        return numbered{p.id, 0};
      })
      .sink("numbered", to::nothing{});
}

void compose_dying(graph& g) {
  payments(g)
      .map([](const payment& p) {
        if (p.id == 70) std::abort();
        return numbered{p.id, 0};
      })
      .sink("numbered", to::nothing{});
}

void compose_socket(graph& g) {
  g.source("lines", from::text_socket{"localhost", 1}).sink("out", to::nothing{});
}

void compose_missing(graph& g) {
  g.source("lines", from::text_file{"there-is-no-such-file.txt"}).sink("out", to::nothing{});
}

}  // namespace
}  // namespace sluice

int main(int argc, char** argv) {
  using namespace sluice;
  std::string name = "sound";
  command_line line{"runs a graph in the simulator"};
  line.option("graph NAME", name, "which graph");
  if (const auto done = line.read(argc, argv)) return *done;
  graph g{name};
  if (name == "sound") compose_sound(g);
  if (name == "hidden") compose_hidden(g);
  if (name == "global") compose_global(g);
  if (name == "arrival") compose_arrival(g);
  if (name == "clock") compose_clock(g);
  if (name == "throwing") compose_throwing(g);
  if (name == "dying") compose_dying(g);
  if (name == "socket") compose_socket(g);
  if (name == "missing") compose_missing(g);
  return run(g, line);
}

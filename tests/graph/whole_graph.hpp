#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "sluice/sluice.hpp"

/// A graph of every shape there is, and what it computes as a plain loop.
namespace sluice::whole_graph {

struct payment {
  std::uint64_t id;
  std::uint32_t card;
  std::string_view shop;
  std::int64_t cents;
  instant at;
};
SLUICE_RECORD(payment, id, card, shop, cents, at);

struct item {
  std::uint64_t id;
  std::uint32_t card;
  std::string_view shop;
  std::int64_t cents;
};
SLUICE_RECORD(item, id, card, shop, cents);

struct totals {
  std::uint32_t card;
  std::string_view shop;
  std::uint64_t count;
  std::int64_t cents;
  std::int64_t most;
};
SLUICE_RECORD(totals, card, shop, count, cents, most);

struct numbered {
  std::uint64_t id;
  std::uint64_t number;
};
SLUICE_RECORD(numbered, id, number);

struct balance {
  std::uint32_t card;
  std::uint64_t id;
  std::int64_t cents;
};
SLUICE_RECORD(balance, card, id, cents);

using payments = std::vector<payment>;
using tally_of = tally<std::uint32_t, std::uint64_t>;

/// How late rows may be.
inline constexpr std::chrono::microseconds lateness{5000};

bool paid(const payment& p);

/// Answers in a form that does not tell in which order keys came.
struct answers {
  std::map<std::pair<std::uint32_t, std::string>,
           std::tuple<std::uint64_t, std::int64_t, std::int64_t>>
      sums;                                                                // card and shop
  std::map<std::uint32_t, std::uint64_t> counts;                           // items by card
  std::map<std::uint32_t, std::pair<std::int64_t, std::uint64_t>> joined;  // cents, largest id
  std::multiset<std::uint64_t> fifths;                                     // ids
  std::map<std::uint64_t, std::uint64_t> numbers;  // id → which of its card and shop
  std::map<std::uint32_t, std::vector<std::pair<std::uint64_t, std::int64_t>>> balances;
};

answers plain_loop(const payments& left, const payments& right);
/// Adds the balances alone.
void add_balances(answers& to, const payments& left, const payments& right);

template <record T>
using kept = std::shared_ptr<collected<T>>;

struct outputs_of_graph {
  kept<totals> sums = std::make_shared<collected<totals>>();
  kept<tally_of> counts = std::make_shared<collected<tally_of>>();
  kept<item> joined = std::make_shared<collected<item>>();
  kept<numbered> fifths = std::make_shared<collected<numbered>>();
  kept<numbered> numbers = std::make_shared<collected<numbered>>();
  kept<balance> balances = std::make_shared<collected<balance>>();
  kept<payment> late_left = std::make_shared<collected<payment>>();
  kept<payment> late_right = std::make_shared<collected<payment>>();
};

/// What came out, CHECKed to hold no key twice where none may come twice.
answers read_off(const outputs_of_graph& out);

void compose(graph& g, stream<payment> left, stream<payment> right, std::size_t parallelism,
             const outputs_of_graph& out);

}  // namespace sluice::whole_graph

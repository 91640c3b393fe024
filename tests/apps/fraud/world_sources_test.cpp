#include "sluice/apps/fraud/world_sources.hpp"

#include <algorithm>

#include "sluice/apps/fraud/calendar.hpp"
#include "sluice/apps/fraud/feature_text.hpp"
#include "sluice/connectors/reject_logs.hpp"
#include "sluice/tests/support/catch.hpp"
#include "sluice/tests/support/child_process.hpp"

using namespace sluice;
using namespace sluice::fraud;

namespace {

const std::shared_ptr<const handbook_world>& tiny_world() {
  static const auto world = std::make_shared<const handbook_world>(
      generate_world({.customers = 20, .terminals = 40, .days = 10, .radius = 30}));
  return world;
}

source_context instance(std::size_t number, std::size_t of, std::size_t rows = 100,
                        std::shared_ptr<reject_log> rejects = nullptr) {
  source_context at;
  at.stage = "transactions";
  at.instance = number;
  at.instances = of;
  at.bounds.rows = rows;
  at.rejects = std::move(rejects);
  return at;
}

// Reads until the reader has ended, or has nothing for now.
template <class T>
std::vector<T> read_all(source_reader& reader) {
  std::vector<T> all;
  for (;;) {
    auto got = reader.read();
    REQUIRE(got);
    if (const auto& rows = got.value().rows) {
      const batch<T> view{*rows};
      for (std::size_t i = 0; i < view.size(); ++i) all.push_back(view[i]);
    }
    if (got.value().state != read_state::more) return all;
  }
}

template <class Source>
std::unique_ptr<source_reader> opened(const Source& source, const source_context& at) {
  auto reader = source.open(at);
  REQUIRE(reader);
  return std::move(reader).value();
}

}  // namespace

TEST_CASE("transactions are the rows of the world, whatever the batch", "[world_sources]") {
  const std::size_t rows = GENERATE(1, 7, 100'000);
  const world_feed feed{payments_of(tiny_world())};
  auto read = read_all<transaction>(*opened(transaction_source{feed}, instance(0, 1, rows)));
  for (auto& row : read) row.arrived = {};
  std::vector<transaction> expected;
  for (std::uint64_t i = 0; i < tiny_world()->rows.size(); ++i)
    expected.push_back(transaction_of(*tiny_world(), i));
  CHECK(read == expected);
}

TEST_CASE("instances share the rows by customer and keep their order", "[world_sources]") {
  const world_feed feed{payments_of(tiny_world())};
  std::size_t rows = 0;
  for (std::size_t i = 0; i < 3; ++i) {
    const auto read = read_all<label>(*opened(label_source{feed}, instance(i, 3)));
    CHECK(std::all_of(read.begin(), read.end(), [&](auto& l) { return l.customer % 3 == i; }));
    CHECK(std::is_sorted(read.begin(), read.end(),
                         [](auto& a, auto& b) { return a.tx_id < b.tx_id; }));
    rows += read.size();
  }
  CHECK(rows == tiny_world()->rows.size());
}

TEST_CASE("the clock follows the payments and ends with their last day", "[world_sources]") {
  const world_feed feed{payments_of(tiny_world())};
  auto payments = opened(transaction_source{feed}, instance(0, 1));
  auto clock = opened(clock_source{feed}, instance(0, 1, 10'000));
  CHECK(read_all<tick>(*clock).empty());  // nothing has happened yet

  read_all<transaction>(*payments);
  const auto ticks = read_all<tick>(*clock);
  const std::int64_t days = tiny_world()->rows.back().day() + 1;
  REQUIRE(ticks.size() == static_cast<std::size_t>(days) * 24);
  CHECK(ticks.front() ==
        tick{instant{first_day.us + 3'600'000'000}, day_of(first_day) * 24, day_of(first_day)});
  CHECK(ticks.back() == tick{instant{first_day.us + days * 86'400'000'000},
                             (day_of(first_day) + days) * 24 - 1, day_of(first_day) + days - 1});
}

TEST_CASE("a paced stream gives a payment when it is due, and says when that was",
          "[world_sources][V8]") {
  const world_feed feed{payments_of(tiny_world()), 0.001};  // the second one after 1000 s
  auto reader = opened(transaction_source{feed}, instance(0, 1));
  const instant before = arrivals::now();
  const auto read = read_all<transaction>(*reader);
  REQUIRE(read.size() == 1);
  CHECK(read.front().arrived >= before);
  CHECK(reader->wake_descriptor() >= 0);
  CHECK(feed.arriving->due(1, arrivals::now()).us == read.front().arrived.us + 1'000'000'000);
}

TEST_CASE("a file gives the rows of the world it was written from", "[payment_file]") {
  const scratch_folder folder;
  const std::string path = folder.write("world.csv", world_text(*tiny_world()));
  const world_feed feed{payments_in_file(path)};
  const auto read = read_all<label>(*opened(label_source{feed}, instance(0, 2)));
  std::vector<label> expected;
  for (std::uint64_t i = 0; i < tiny_world()->rows.size(); ++i)
    expected.push_back(label_of(*tiny_world(), i));
  CHECK(read == expected);
  CHECK(read_all<label>(*opened(label_source{feed}, instance(1, 2))).empty());
}

TEST_CASE("rows of a file that are none are rejected once, with place and reason",
          "[payment_file][F22]") {
  const scratch_folder folder;
  const std::string text = std::string(world_text_head) +
                           "0,10,1,2,300,0,0\n"
                           "1,11,1,2,300,0,2\r\n"  // honest, scenario 2
                           "\n"
                           "2,12,1,2,300,2,2\n"     // fraud 2
                           "3,\"9\",1,2,300,0,0\n"  // before row 0
                           "4,13,1,2,x,0,0\n"       // no amount
                           "5,14,1,2,300,1,3\n"
                           "6,13,1,2,300,0,0";  // before row 5
  const std::string path = folder.write("bad.csv", text);
  const world_feed feed{payments_in_file(path)};
  const auto log = std::make_shared<memory_reject_log>();
  const auto payments = opened(transaction_source{feed}, instance(0, 1, 100, log));
  const auto labels = opened(label_source{feed}, instance(0, 1, 100, log));

  CHECK(read_all<transaction>(*payments).size() == 2);
  CHECK(read_all<label>(*labels).size() == 2);
  CHECK(payments->rejected() == 5);
  CHECK(labels->rejected() == 0);
  const std::string fraud = "fraud is not 1 with a scenario and 0 without";
  const std::string older = "time_s is before that of the row before";
  const auto at = [&](const std::string& row) { return std::uint64_t{text.find(row)}; };
  CHECK(log->rows() ==
        std::vector<rejected_row>{
            {path, at("1,11"), 3, fraud, "1,11,1,2,300,0,2"},
            {path, at("2,12"), 5, fraud, "2,12,1,2,300,2,2"},
            {path, at("3,\"9"), 6, older, "3,\"9\",1,2,300,0,0"},
            {path, at("4,13"), 7, "amount_cents (int64): not a whole number", "4,13,1,2,x,0,0"},
            {path, at("6,13"), 9, older, "6,13,1,2,300,0,0"}});
}

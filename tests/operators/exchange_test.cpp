#include "sluice/operators/exchange.hpp"

#include <map>
#include <numeric>
#include <random>
#include <string>
#include <vector>

#include "sluice/records/hash.hpp"
#include "sluice/state/key_groups.hpp"
#include "sluice/tests/operators/script.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice::script {

namespace {

struct note {
  std::string_view text;
};
SLUICE_RECORD(note, text);

// The batches an exchange put, by target.
struct spread_out {
  exchange of;
  std::map<std::size_t, std::vector<event>> batches;

  spread_out(spread how, std::size_t targets, gathering gather)
      : of(how, targets, key_columns{{0}}, gather, buffer_pool{}) {}

  void put(std::size_t target, const batch_ptr& rows) {
    batches[target].push_back(event_of(*rows));
  }
  void add(const event& rows) {
    of.add(batch_of(rows.rows), [&](std::size_t t, batch_ptr b) { put(t, b); });
  }
  void cut() {
    of.cut([&](std::size_t t, batch_ptr b) { put(t, b); });
  }
  events on(std::size_t target) {
    events all;
    for (const event& e : batches[target]) all.add(e);
    return all;
  }
};

gathering until_marker(std::size_t rows, std::size_t multiple = 0) {
  return {.bounds = {.rows = rows}, .until_marker = true, .multiple = multiple};
}

std::vector<std::string> texts(const batch_ptr& rows) {
  std::vector<std::string> made;
  for (std::size_t i = 0; i < rows->size(); ++i) made.emplace_back(rows->text_at(0, i));
  return made;
}

}  // namespace

TEST_CASE("small batches are gathered until one is full", "[exchange]") {
  spread_out to{spread::same, 1, until_marker(8)};
  to.add(rows(1, 2, 3));
  to.add(rows(4, 5, 6));
  CHECK(to.batches[0].empty());
  CHECK(to.of.gathered() == 6);
  to.add(rows(7, 8, 9));
  CHECK(to.batches[0] == std::vector{rows(1, 2, 3, 4, 5, 6, 7, 8)});
  to.cut();
  CHECK(to.batches[0] == std::vector{rows(1, 2, 3, 4, 5, 6, 7, 8), rows(9)});
  CHECK(to.of.gathered() == 0);
}

TEST_CASE("nothing is kept where nobody gathers", "[exchange]") {
  spread_out to{spread::same, 1, {.bounds = {.rows = 4}}};
  to.add(rows(1));
  to.add(rows(2, 3));
  CHECK(to.batches[0] == std::vector{rows(1), rows(2, 3)});
}

TEST_CASE("a batch that is half full passes as it is, behind what was gathered", "[exchange]") {
  spread_out to{spread::same, 1, until_marker(4)};
  to.add(rows(1));
  const batch_ptr given = batch_of({2, 3});
  std::vector<batch_ptr> got;
  to.of.add(given, [&](std::size_t, const batch_ptr& b) { got.push_back(b); });
  REQUIRE(got.size() == 2);
  CHECK(event_of(*got[0]) == rows(1));
  CHECK(got[1] == given);  // not a copy
  CHECK(to.of.gathered() == 0);
}

TEST_CASE("a batch above the bound is cut", "[exchange]") {
  spread_out to{spread::same, 1, {.bounds = {.rows = 2}}};
  to.add(rows(1, 2, 3, 4, 5));
  CHECK(to.batches[0] == std::vector{rows(1, 2), rows(3, 4), rows(5)});
}

TEST_CASE("no row is kept back that makes a multiple of the size full", "[exchange][P7]") {
  spread_out to{spread::same, 1, until_marker(8, 5)};
  to.add(rows(1, 2, 3));
  CHECK(to.of.gathered() == 3);
  to.add(rows(4, 5, 6));  // the fifth is in it
  CHECK(to.batches[0] == std::vector{rows(1, 2, 3, 4, 5, 6)});
  to.add(rows(7, 8, 9));
  CHECK(to.of.gathered() == 3);
  to.add(rows(10));
  CHECK(to.of.gathered() == 0);
  CHECK(to.batches[0].back() == rows(7, 8, 9, 10));
}

TEST_CASE("rows that pass as they are count for the multiple", "[exchange][P7]") {
  spread_out to{spread::same, 1, until_marker(4, 5)};
  to.add(rows(1, 2, 3));  // half full
  to.add(rows(4));
  CHECK(to.of.gathered() == 1);
  to.add(rows(5));
  CHECK(to.batches[0] == std::vector{rows(1, 2, 3), rows(4, 5)});
}

TEST_CASE("the multiple is counted anew after a marker", "[exchange][P7]") {
  spread_out to{spread::same, 1, until_marker(100, 5)};
  to.add(rows(1, 2, 3));
  to.cut();
  to.add(rows(4, 5));
  CHECK(to.of.gathered() == 2);
  to.add(rows(6, 7, 8));
  CHECK(to.batches[0] == std::vector{rows(1, 2, 3), rows(4, 5, 6, 7, 8)});
}

TEST_CASE("batches of fixed size are cut at the byte bound", "[exchange][F202]") {
  spread_out to{spread::same, 1, {.bounds = {.rows = 100, .bytes = 24}, .until_marker = true}};
  to.add(rows(1, 2));
  to.add(rows(3, 4));
  CHECK(to.batches[0] == std::vector{rows(1, 2, 3)});
  to.add(rows(5, 6));  // no room is left
  CHECK(to.of.gathered() == 0);
  CHECK(to.batches[0].back() == rows(4, 5, 6));
}

TEST_CASE("a batch above the byte bound is cut, however few its rows", "[exchange][F202]") {
  spread_out to{spread::same, 1, {.bounds = {.rows = 8, .bytes = 24}, .until_marker = true}};
  to.add(rows(1, 2, 3, 4));  // half full
  CHECK(to.batches[0] == std::vector{rows(1, 2, 3)});
  CHECK(to.of.gathered() == 1);
  spread_out at_once{spread::same, 1, {.bounds = {.rows = 8, .bytes = 24}}};
  at_once.add(rows(1, 2, 3, 4));
  CHECK(at_once.batches[0] == std::vector{rows(1, 2, 3), rows(4)});
}

TEST_CASE("batches with text are cut at the byte bound and a larger row travels alone",
          "[exchange][F202][P6]") {
  exchange to{spread::same,
              1,
              {},
              {.bounds = {.rows = 100, .bytes = 20}, .until_marker = true},
              buffer_pool{}};
  std::vector<std::vector<std::string>> got;
  const auto put = [&](std::size_t, batch_ptr b) { got.push_back(texts(b)); };
  batch_builder<note> in{buffer_pool{}};
  for (const char* text : {"abcd", "efgh", "a text of more than 20 bytes", "i", "j"})
    in.push({text});
  to.add(in.take(), put);
  to.cut(put);
  CHECK(got == std::vector<std::vector<std::string>>{
                   {"abcd", "efgh"}, {"a text of more than 20 bytes"}, {"i", "j"}});
}

TEST_CASE("every row goes to the owner of its key group", "[exchange][F702]") {
  const auto targets = GENERATE(std::size_t{2}, std::size_t{3}, std::size_t{7}, std::size_t{256});
  spread_out to{spread::by_key, targets, until_marker(16)};
  for (std::uint64_t i = 0; i < 1000; i += 50) to.add(rows_from_to(i, i + 49));
  to.cut();
  std::size_t all = 0;
  for (const auto& [target, batches] : to.batches)
    for (const event& b : batches)
      for (const std::uint64_t row : b.rows) {
        CHECK(owner(group_of(hash_key(row)), targets) == target);
        ++all;
      }
  CHECK(all == 1000);
}

TEST_CASE("keys of several fields and of text are spread by their combined hash",
          "[exchange][F702]") {
  struct local {
    static std::size_t target_of(const batch_ptr& rows, const key_columns& keys) {
      exchange to{spread::by_key, 5, keys, {.bounds = {.rows = 1}}, buffer_pool{}};
      std::size_t at = 0;
      to.add(rows, [&](std::size_t t, batch_ptr) { at = t; });
      return at;
    }
  };
  batch_builder<note> text{buffer_pool{}};
  text.push({"a key"});
  CHECK(local::target_of(text.take(), key_columns{{0}}) == owner(group_of(hash_key("a key")), 5));
}

TEST_CASE("whole batches take turns", "[exchange]") {
  spread_out to{spread::in_turn, 3, {.bounds = {.rows = 4}}};
  for (std::uint64_t i = 0; i < 7; ++i) to.add(rows(i));
  CHECK(to.on(0) == rows(0, 3, 6));
  CHECK(to.on(1) == rows(1, 4));
  CHECK(to.on(2) == rows(2, 5));
}

TEST_CASE("a broadcast reaches every target", "[exchange]") {
  spread_out to{spread::broadcast, 2, until_marker(10)};
  to.add(rows(1));
  to.add(rows(2));
  to.cut();
  CHECK(to.on(0) == rows(1, 2));
  CHECK(to.on(1) == rows(1, 2));
}

TEST_CASE("the end of a marker leaves nothing behind in any order of sizes", "[exchange][C6]") {
  const auto seed = GENERATE(range(1u, 101u));
  CAPTURE(seed);
  std::mt19937 random{seed};
  const std::size_t targets = 1 + random() % 4;
  const auto how = targets == 1 ? spread::same : spread::by_key;
  const gathering gather{.bounds = {.rows = 1 + random() % 9, .bytes = 8 + random() % 100},
                         .until_marker = random() % 2 == 0,
                         .multiple = random() % 3 == 0 ? 1 + random() % 12 : 0};
  spread_out to{how, targets, gather};
  std::map<std::size_t, events> want;
  std::uint64_t next = 0;
  for (int step = 0; step < 50; ++step) {
    event batch;
    for (std::uint64_t n = 1 + random() % 12; n > 0; --n) {
      const std::uint64_t value = next++;
      batch.rows.push_back(value);
      want[targets == 1 ? 0 : owner(group_of(hash_key(value)), targets)].add(rows(value));
    }
    to.add(batch);
    if (random() % 5 != 0) continue;
    to.cut();
    CHECK(to.of.gathered() == 0);
  }
  to.cut();
  for (auto& [target, all] : want) CHECK(to.on(target) == all);  // each channel in order
  for (const auto& [target, batches] : to.batches)
    for (const event& b : batches) {
      CHECK(b.rows.size() <= gather.bounds.rows);
      CHECK(b.rows.size() * 8 <= std::max<std::size_t>(8, gather.bounds.bytes));
    }
}

}  // namespace sluice::script

#include "sluice/state/keyed_table.hpp"

#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "sluice/tests/support/catch.hpp"

namespace sluice {
namespace {

using key = std::uint64_t;
using keys = std::vector<key>;
using tallies = std::vector<std::pair<key, int>>;

constexpr key largest = std::numeric_limits<key>::max();

void count(keyed_table<int>& table, const keys& rows) {
  table.update(rows, [](int& n, std::size_t) { ++n; });
}

tallies changed(keyed_table<int>& table) {
  tallies out;
  table.for_each_changed(0, table.changed(), [&](key k, int& n) { out.push_back({k, n}); });
  return out;
}

keys consecutive(key from, std::size_t count, key step = 1) {
  keys out(count);
  for (std::size_t i = 0; i < count; ++i) out[i] = from + i * step;
  return out;
}

// Most live slots in a row without a gap.
std::size_t longest_cluster(keyed_table<int>& table) {
  std::size_t longest = 0, here = 0;
  std::size_t slot = table.for_some(0, 0, [](key, int) {});
  while (slot < table.slots()) {
    const std::size_t next = table.for_some(slot, 1, [](key, int) {});
    longest = std::max(longest, ++here);
    if (next != slot + 1) here = 0;
    slot = next;
  }
  return longest;
}

}  // namespace

TEST_CASE("a table tells its memory: slots, states beside them, changes", "[keyed_table][F1401]") {
  struct large {
    char bytes[1000];
  };
  keyed_table<int> ignoring{changes::ignored};
  const std::size_t empty = ignoring.bytes();
  CHECK(empty >= ignoring.slots() * 2 * sizeof(key));
  ignoring.reserve(100'000);
  CHECK(ignoring.bytes() >= empty + 100'000 * 2 * sizeof(key));

  keyed_table<large> beside;
  const std::size_t before = beside.bytes();
  beside.update(consecutive(1, 200), [](large&, std::size_t) {});
  CHECK(beside.bytes() >= before + 200 * sizeof(large));
}

TEST_CASE("a slot of count and sum is half a cache line", "[keyed_table]") {
  struct count_sum {
    std::uint64_t count;
    std::int64_t sum;
  };
  STATIC_REQUIRE(sizeof(slot<count_sum>) == 32);
  STATIC_REQUIRE(sizeof(slot<std::uint64_t>) == 32);
  STATIC_REQUIRE(sizeof(slot<std::uint64_t[5]>) == 64);
  STATIC_REQUIRE(sizeof(slot<std::string>) == 32);  // a pointer
}

TEST_CASE("0, 1 and the largest number are keys like any other", "[keyed_table]") {
  keyed_table<int> table;
  CHECK(table.size() == 0);
  CHECK(table.find(0) == nullptr);
  CHECK(table.find(largest) == nullptr);

  count(table, {0, largest, 0, 1, 0});
  CHECK(table.size() == 3);
  CHECK(*table.find(0) == 3);
  CHECK(*table.find(largest) == 1);
  CHECK(*table.find(1) == 1);
  CHECK(changed(table) == tallies{{0, 3}, {largest, 1}, {1, 1}});
}

TEST_CASE("rows of one key are given in order", "[keyed_table]") {
  keyed_table<std::vector<std::size_t>> rows;
  keys batch;
  for (std::size_t i = 0; i < 5000; ++i) batch.push_back(i * i % 7);
  rows.update(batch, [](std::vector<std::size_t>& seen, std::size_t row) { seen.push_back(row); });
  std::size_t total = 0;
  rows.for_each([&](key k, const std::vector<std::size_t>& seen) {
    CHECK(std::is_sorted(seen.begin(), seen.end()));
    for (const std::size_t row : seen) CHECK(batch[row] == k);
    total += seen.size();
  });
  CHECK(total == batch.size());
}

TEST_CASE("changed keys are listed once, in order of first touch", "[keyed_table]") {
  keyed_table<int> table;
  count(table, {5, 3, 5, 9, 3});
  CHECK(changed(table) == tallies{{5, 2}, {3, 2}, {9, 1}});

  table.clear_changes();
  CHECK(table.changed() == 0);
  CHECK(changed(table).empty());

  count(table, {9});
  count(table, {1, 5, 9});
  CHECK(changed(table) == tallies{{9, 3}, {1, 1}, {5, 3}});
  CHECK(table.size() == 4);
}

TEST_CASE("first touches keep the order of rows over a growing table", "[keyed_table]") {
  keyed_table<int> table;
  const std::size_t before = table.slots();
  const keys batch = consecutive(7, 100'000, 0x9e3779b97f4a7c15);
  count(table, batch);
  CHECK(table.slots() > 16 * before);

  keys touched;
  for (const auto& [k, n] : changed(table)) touched.push_back(k);
  CHECK(touched == batch);
}

TEST_CASE("listing changes can stop and go on", "[keyed_table]") {
  keyed_table<int> table;
  count(table, consecutive(0, 1000));
  keys listed;
  const auto list = [&](key k, int&) { listed.push_back(k); };
  table.for_each_changed(0, 400, list);
  CHECK(listed.size() == 400);
  table.for_each_changed(400, 10'000, list);
  CHECK(listed == consecutive(0, 1000));
  table.for_each_changed(1000, 1, list);
  table.for_each_changed(2000, 1, list);
  CHECK(listed.size() == 1000);
}

TEST_CASE("all keys can be listed a few at a time", "[keyed_table]") {
  keyed_table<int> table;
  count(table, consecutive(0, 10'000));
  std::vector<int> seen(10'000);
  std::size_t slot = 0, calls = 0;
  while (slot < table.slots()) {
    std::size_t given = 0;
    slot = table.for_some(slot, 7, [&](key k, int& n) { seen[k] += n, ++given; });
    CHECK(given <= 7);
    ++calls;
  }
  CHECK(calls == (10'000 + 6) / 7);
  CHECK(seen == std::vector<int>(10'000, 1));
}

TEST_CASE("a table that ignores changes lists none", "[keyed_table]") {
  keyed_table<int> table{changes::ignored};
  count(table, {0, 1, 0});
  CHECK(table.changed() == 0);
  CHECK(table.size() == 2);
  CHECK(*table.find(0) == 2);
  table.clear();
  CHECK(table.size() == 0);
  CHECK(table.find(1) == nullptr);
}

TEST_CASE("a cleared table is as new", "[keyed_table]") {
  keyed_table<int> table;
  count(table, consecutive(0, 5000));
  SECTION("with all keys changed") {}
  SECTION("with some keys changed") {
    table.clear_changes();
    count(table, {1, 2});
  }
  SECTION("with none changed") { table.clear_changes(); }
  table.clear();
  CHECK(table.size() == 0);
  CHECK(table.changed() == 0);
  CHECK(table.find(0) == nullptr);
  CHECK(table.find(4999) == nullptr);

  count(table, {4999, 0});
  CHECK(changed(table) == tallies{{4999, 1}, {0, 1}});
  CHECK(table.size() == 2);
}

TEST_CASE("states larger than a slot stay where they are", "[keyed_table]") {
  keyed_table<std::string> table;
  const auto append = [](std::string& s, std::size_t) { s += 'x'; };
  table.update(keys{1, 0}, append);
  const std::string* const one = table.find(1);
  const std::string* const zero = table.find(0);
  table.update(consecutive(0, 100'000), append);
  CHECK(table.find(1) == one);
  CHECK(table.find(0) == zero);
  CHECK(*one == "xx");
}

TEST_CASE("a state starts as its type says", "[keyed_table]") {
  struct least {
    int value = std::numeric_limits<int>::max();
  };
  keyed_table<least> table;
  int smallest_start = std::numeric_limits<int>::max();
  for (int round = 0; round < 2; ++round) {
    table.update(consecutive(0, 2000), [&](least& s, std::size_t) {
      smallest_start = std::min(smallest_start, s.value);
    });
    table.update(consecutive(0, 2000),
                 [](least& s, std::size_t row) { s.value = static_cast<int>(row); });
    table.clear();
  }
  CHECK(smallest_start == std::numeric_limits<int>::max());
}

TEST_CASE("reserved room is not grown out of", "[keyed_table]") {
  for (const std::size_t keys_reserved : {1000, 1025, 20'000, 32'768, 100'000, 163'840}) {
    keyed_table<int> table;
    table.reserve(keys_reserved);
    const std::size_t slots = table.slots();
    count(table, consecutive(1, keys_reserved, 977));
    CHECK(table.slots() == slots);
    table.reserve(10);
    CHECK(table.slots() == slots);
  }
}

TEST_CASE("clearing a table ends its states", "[keyed_table]") {
  const auto shared = std::make_shared<int>();
  keyed_table<std::shared_ptr<int>> table;
  const auto share = [&](std::shared_ptr<int>& state, std::size_t) { state = shared; };
  table.update(consecutive(0, 1000), share);
  CHECK(shared.use_count() == 1001);
  table.clear();
  CHECK(shared.use_count() == 1);
  table.update(consecutive(0, 10), share);
  table = keyed_table<std::shared_ptr<int>>{};
  CHECK(shared.use_count() == 1);
}

TEST_CASE("a table moves with its keys and changes", "[keyed_table]") {
  STATIC_REQUIRE_FALSE(std::is_copy_constructible_v<keyed_table<int>>);
  keyed_table<int> from;
  count(from, {3, 0, 3});
  keyed_table<int> to = std::move(from);
  CHECK(changed(to) == tallies{{3, 2}, {0, 1}});
  from = keyed_table<int>{};
  CHECK(from.size() == 0);
}

TEST_CASE("load stays low while small and below 5/8 when large", "[keyed_table]") {
  keyed_table<int> table;
  for (key from = 0; from < 2'000'000; from += 5000) {
    count(table, consecutive(from, 5000));
    const bool small = table.slots() * 32 < std::size_t{4} << 20;
    CHECK((table.size() - 256) * (small ? 4 : 1) <= table.slots() * (small ? 8 : 5) / 8);
  }
}

TEST_CASE("keys made to cluster are spread by another multiplier", "[keyed_table]") {
  const key step =
      GENERATE(key{1'346'269},           // a Fibonacci number: homes next to each other
               key{0xf1de83e19937733d},  // inverse of the multiplier: homes 0 … n / slots
               key{1});
  keyed_table<int> table;
  count(table, consecutive(1, 100'000, step));
  count(table, {});
  count(table, consecutive(1, 100'000, step));
  CHECK(table.size() == 100'000);
  CHECK(longest_cluster(table) < 1000);
  CHECK(*table.find(1 + 99'999 * step) == 2);
}

TEST_CASE("the order of keys is a function of the operations", "[keyed_table]") {
  const auto listed = [] {
    keyed_table<int> table;
    count(table, consecutive(3, 30'000, 1'346'269));
    table.clear_changes();
    count(table, consecutive(1, 10'000, 31));
    tallies out = changed(table);
    table.for_each([&](key k, int n) { out.push_back({k, n}); });
    return out;
  };
  CHECK(listed() == listed());
}

}  // namespace sluice

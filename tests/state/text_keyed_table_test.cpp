#include "sluice/state/text_keyed_table.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sluice/tests/support/catch.hpp"

namespace sluice {
namespace {

using words = std::vector<std::string_view>;
using tallies = std::vector<std::pair<std::string, int>>;

void count(text_keyed_table<int>& table, const words& rows) {
  table.update(rows, [](int& n, std::size_t) { ++n; });
}

tallies changed(text_keyed_table<int>& table) {
  tallies out;
  table.for_each_changed(0, table.changed(), [&](std::string_view word, int& n) {
    out.push_back({std::string{word}, n});
  });
  return out;
}

}  // namespace

TEST_CASE("words are counted by their bytes", "[text_keyed_table]") {
  text_keyed_table<int> table;
  count(table, {"to", "be", "or", "not", "to", "be"});
  CHECK(table.size() == 4);
  CHECK(changed(table) == tallies{{"to", 2}, {"be", 2}, {"or", 1}, {"not", 1}});
  CHECK(*table.find("be") == 2);
  CHECK(table.find("bee") == nullptr);
}

TEST_CASE("the empty text and texts with zeros are keys", "[text_keyed_table]") {
  using namespace std::string_view_literals;
  text_keyed_table<int> table;
  CHECK(table.find("") == nullptr);
  count(table, {"a\0b"sv, ""sv, "a"sv, "a\0c"sv, ""sv});
  CHECK(table.size() == 4);
  CHECK(*table.find("") == 2);
  CHECK(*table.find("a\0b"sv) == 1);
  CHECK(table.find("a\0d"sv) == nullptr);
}

TEST_CASE("a text-keyed table owns the bytes of its keys", "[text_keyed_table]") {
  text_keyed_table<int> table;
  std::string word = "transient";
  count(table, {word});
  word.assign("overwritten");
  CHECK(changed(table) == tallies{{"transient", 1}});

  text_keyed_table<int> moved = std::move(table);
  CHECK(changed(moved) == tallies{{"transient", 1}});
}

TEST_CASE("texts of one hash are told apart", "[text_keyed_table]") {
  for (const std::uint64_t hash : {std::uint64_t{0}, std::uint64_t{1}, ~std::uint64_t{0}}) {
    text_keyed_table<int> table;
    const words rows{"a", "b", "a", "c", "b", "a"};
    const std::vector<std::uint64_t> hashes(rows.size(), hash);
    for (int time = 0; time < 2; ++time) {
      table.update(
          std::span<const std::uint64_t>{hashes}, [&](std::size_t row) { return rows[row]; },
          [](int& n, std::size_t) { ++n; });
    }
    CHECK(changed(table) == tallies{{"a", 6}, {"b", 4}, {"c", 2}});
  }
}

TEST_CASE("hashes that travel with the rows find what texts alone would", "[text_keyed_table]") {
  text_keyed_table<int> table;
  const words rows{"north", "south", "north"};
  std::vector<std::uint64_t> hashes;
  for (const auto word : rows) hashes.push_back(hash_key(word));
  table.update(
      std::span<const std::uint64_t>{hashes}, [&](std::size_t row) { return rows[row]; },
      [](int& n, std::size_t) { ++n; });
  count(table, rows);
  CHECK(table.size() == 2);
  CHECK(*table.find("north") == 4);
}

TEST_CASE("a text-keyed table counts the bytes of its keys", "[text_keyed_table][F1401]") {
  text_keyed_table<int> table;
  count(table, {"a"});
  const std::size_t small = table.bytes();
  CHECK(small >= table.slots() * sizeof(int) + table.text_bytes());
  const std::string long_word(1'000'000, 'x');
  count(table, {long_word});
  CHECK(table.bytes() >= small + long_word.size());
}

TEST_CASE("a cleared text-keyed table is as new", "[text_keyed_table]") {
  text_keyed_table<int> table;
  const std::string long_word(1'000'000, 'x');
  count(table, {"a", "b", long_word});
  CHECK(table.text_bytes() > long_word.size());
  table.clear();
  CHECK(table.text_bytes() < long_word.size());
  CHECK(table.size() == 0);
  CHECK(table.find("a") == nullptr);
  count(table, {"b"});
  CHECK(changed(table) == tallies{{"b", 1}});
}

TEST_CASE("fifty thousand words come back with their states", "[text_keyed_table]") {
  std::vector<std::string> many;
  for (int i = 0; i < 50'000; ++i) many.push_back("word " + std::to_string(i * 7 % 50'000));
  text_keyed_table<int> table;
  table.update(
      many.size(), [&](std::size_t row) { return std::string_view{many[row]}; },
      [](int& n, std::size_t row) { n = static_cast<int>(row); });
  std::size_t right = 0;
  std::size_t slot = 0;
  while (slot < table.slots()) {
    slot = table.for_some(slot, 1000, [&](std::string_view word, int& n) {
      right += word == many[static_cast<std::size_t>(n)];
    });
  }
  CHECK(right == many.size());
}

}  // namespace sluice

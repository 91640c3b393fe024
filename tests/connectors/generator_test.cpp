#include "sluice/connectors/generator.hpp"

#include <string>

#include "sluice/connectors/rows.hpp"
#include "sluice/records/hash.hpp"
#include "sluice/tests/connectors/transcript.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice {

namespace {

using test::lines;
using test::transcript;

struct number {
  std::uint64_t row;
  std::uint64_t value;
};
SLUICE_RECORD(number, row, value);

struct word {
  std::string_view text;
};
SLUICE_RECORD(word, text);

void square(std::uint64_t row, number& n) { n = {row, row * row}; }

// Rows of one instance of `connector`.
template <class C>
transcript instance(const C& connector, std::size_t i, std::size_t n, batch_bounds bounds = {}) {
  return test::read_all(
      [&](source_context at) {
        at.instance = i;
        at.instances = n;
        return connector.open(at);
      },
      bounds);
}

pace::time_point present{};
pace::time_point present_time() { return present; }

}  // namespace

TEST_CASE("a generator makes the rows of its function, whatever the batches",
          "[generator][F1208]") {
  const from::generate<number> squares{square, {.count = 5}};
  const lines rows{"0|0", "1|1", "2|4", "3|9", "4|16"};
  CHECK(instance(squares, 0, 1).rows == rows);
  const transcript small = instance(squares, 0, 1, {.rows = 2});
  CHECK(small.rows == rows);
  CHECK(small.batches == std::vector<std::size_t>{2, 2, 1});
  CHECK(squares.describe() == "generator, 5 rows");
}

TEST_CASE("instances of a generator share its rows", "[generator]") {
  const from::generate<number> squares{square, {.count = 5}};
  CHECK(instance(squares, 0, 2).rows == lines{"0|0", "2|4", "4|16"});
  CHECK(instance(squares, 1, 2).rows == lines{"1|1", "3|9"});
  CHECK(instance(squares, 6, 7).rows == lines{});
}

TEST_CASE("the same seed gives the same rows", "[generator]") {
  const auto seeded = [](std::uint64_t seed) {
    return instance(from::generate<number>{[](std::uint64_t seed, std::uint64_t row, number& n) {
                                             n = {row, combine_hashes(seed, row) % 100};
                                           },
                                           {.count = 100, .seed = seed}},
                    0, 1)
        .rows;
  };
  CHECK(seeded(7) == seeded(7));
  CHECK(seeded(7) != seeded(8));
}

TEST_CASE("the function is called once a row", "[generator]") {
  const auto calls = std::make_shared<int>(0);
  const from::generate<word> words{[calls](std::uint64_t, word& w) {
                                     ++*calls;
                                     w.text = "text";
                                   },
                                   {.count = 100}};
  CHECK(instance(words, 0, 1, {.rows = 8192, .bytes = 50}).rows.size() == 100);
  CHECK(*calls == 100);
}

TEST_CASE("generated text is kept across batches", "[generator]") {
  std::string text;
  const from::generate<word> words{[text](std::uint64_t row, word& w) mutable {
                                     text.assign(row % 7 * 10, static_cast<char>('a' + row % 26));
                                     w.text = text;
                                   },
                                   {.count = 1'000}};
  lines expected;
  for (std::size_t row = 0; row < 1'000; ++row)
    expected.emplace_back(row % 7 * 10, static_cast<char>('a' + row % 26));
  CHECK(instance(words, 0, 1).rows == expected);
  CHECK(instance(words, 0, 1, {.rows = 8192, .bytes = 100}).rows == expected);
  CHECK(instance(words, 0, 1, {.rows = 8192, .bytes = 1}).rows == expected);
}

TEST_CASE("a generator without a count never ends", "[generator]") {
  const from::generate<number> squares{square};
  auto reader = squares.open({});
  REQUIRE(reader);
  for (std::uint64_t batch = 0; batch < 3; ++batch) {
    const auto read = reader.value()->read();
    REQUIRE(read);
    CHECK(read.value().rows->size() == 8192);
    CHECK(read.value().rows->values<std::uint64_t>(0)[0] == batch * 8192);
    CHECK(read.value().state == read_state::more);
  }
  CHECK(reader.value()->progress().total == 0);
  CHECK(squares.describe() == "generator, rows without end");
}

TEST_CASE("a paced generator makes rows when they are due and catches up", "[generator]") {
  using namespace std::chrono_literals;
  present = pace::time_point{1h};
  const from::generate<number> squares{square, {.count = 8, .rate = 10, .now = present_time}};
  CHECK(squares.describe() == "generator, 8 rows, 10 rows/s");
  source_context at;
  at.instance = 1;
  at.instances = 2;
  auto all = squares.open({}), odd = squares.open(at);
  REQUIRE(all);
  REQUIRE(odd);
  const auto rows = [](source_reader& reader) {
    const auto read = reader.read();
    REQUIRE(read);
    return std::pair{read.value().rows ? read.value().rows->size() : 0, read.value().state};
  };
  CHECK(rows(*all.value()) == std::pair{std::size_t{1}, read_state::later});
  CHECK(rows(*all.value()) == std::pair{std::size_t{0}, read_state::later});
  CHECK(rows(*odd.value()) == std::pair{std::size_t{0}, read_state::later});
  present += 100ms;
  CHECK(rows(*all.value()) == std::pair{std::size_t{1}, read_state::later});
  CHECK(rows(*odd.value()) == std::pair{std::size_t{1}, read_state::later});
  present += 350ms;
  CHECK(rows(*all.value()) == std::pair{std::size_t{3}, read_state::later});
  CHECK(rows(*odd.value()) == std::pair{std::size_t{1}, read_state::later});
  present += 1h;
  CHECK(rows(*all.value()) == std::pair{std::size_t{3}, read_state::end});
  CHECK(rows(*odd.value()) == std::pair{std::size_t{2}, read_state::end});
}

TEST_CASE("a paced generator that goes on does not wait for the rows before its position",
          "[generator][F1]") {
  using namespace std::chrono_literals;
  present = pace::time_point{1h};
  const from::generate<number> squares{square, {.count = 1000, .rate = 10, .now = present_time}};
  source_context at;
  at.position = "700";
  auto reader = squares.open(at);
  REQUIRE(reader);
  const auto rows = [&] {
    const auto read = reader.value()->read();
    REQUIRE(read);
    return read.value().rows ? read.value().rows->size() : 0;
  };
  CHECK(rows() == 1);
  present += 250ms;
  CHECK(rows() == 2);
}

TEST_CASE("a generator tells how far it is", "[generator]") {
  const from::generate<number> squares{square, {.count = 10}};
  source_context at;
  at.bounds.rows = 4;
  auto reader = squares.open(at);
  REQUIRE(reader);
  CHECK(reader.value()->progress().done == 0);
  REQUIRE(reader.value()->read());
  CHECK(reader.value()->progress().done == 4);
  CHECK(reader.value()->progress().total == 10);
}

TEST_CASE("rows that are there already are given with their text", "[rows]") {
  const auto words = [] {
    const std::string to = "to be", no = "or not";
    return from::rows<word>{{{to}, {no}, {""}}};
  }();
  CHECK(words.describe() == "3 rows");
  CHECK(instance(words, 0, 1).rows == lines{"to be", "or not", ""});
  CHECK(instance(words, 0, 1, {.rows = 1}).rows == lines{"to be", "or not", ""});
  CHECK(instance(words, 0, 1, {.rows = 8, .bytes = 1}).rows == lines{"to be", "or not", ""});
  CHECK(instance(words, 0, 1, {.rows = 8, .bytes = 13}).rows == lines{"to be", "or not", ""});
  CHECK(instance(words, 1, 2).rows == lines{"or not"});
  CHECK(instance(words, 5, 6).rows == lines{});
  CHECK(instance(from::rows<word>{{}}, 0, 1).rows == lines{});
  CHECK(instance(from::rows<word>{{{"one"}}}, 0, 1).rows == lines{"one"});
  CHECK(instance(from::rows<number>{{{1, 2}}}, 0, 1).rows == lines{"1|2"});
  CHECK(instance(from::rows<number>{{{1, 2}, {3, 4}}}, 0, 1).rows == lines{"1|2", "3|4"});
}

}  // namespace sluice

#include "sluice/operators/transform.hpp"

#include <string>

#include "sluice/tests/operators/operation_fixture.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice {

namespace {

struct sentence {
  std::uint32_t line;
  std::string_view text;
  bool operator==(const sentence&) const = default;
};
SLUICE_RECORD(sentence, line, text);
struct length {
  std::uint32_t line;
  std::uint64_t letters;
  bool operator==(const length&) const = default;
};
SLUICE_RECORD(length, line, letters);

// What an operation makes of one batch.
template <class Operation>
kept_outputs made_of(Operation&& operation, const std::vector<sentence>& rows,
                     batch_bounds bounds = {}) {
  kept_outputs out{bounds};
  operation.process(0, batch_with(rows), out);
  return out;
}

const std::vector<sentence> three{{1, "to be"}, {2, ""}, {3, "or not"}};

}  // namespace

TEST_CASE("map makes one row of each", "[transform]") {
  const auto measure = [](const sentence& in) { return length{in.line, in.text.size()}; };
  auto out = made_of(map_operation<sentence, length, decltype(measure)>{measure}, three);
  CHECK(out.rows<length>() == std::vector<length>{{1, 5}, {2, 0}, {3, 6}});
}

TEST_CASE("map can give on text of its input", "[transform]") {
  const auto first_word = [](const sentence& in) {
    return sentence{in.line, in.text.substr(0, 2)};
  };
  auto out = made_of(map_operation<sentence, sentence, decltype(first_word)>{first_word}, three);
  CHECK(out.rows<sentence>() == std::vector<sentence>{{1, "to"}, {2, ""}, {3, "or"}});
}

TEST_CASE("flat_map makes any number of rows of each", "[transform]") {
  const auto letters = [](const sentence& in, rows<sentence> out) {
    for (std::size_t i = 0; i < in.text.size(); ++i) out.push({in.line, in.text.substr(i, 1)});
  };
  auto out = made_of(flat_map_operation<sentence, sentence, decltype(letters)>{letters}, three,
                     {.rows = 4});
  const auto rows = out.rows<sentence>();
  REQUIRE(rows.size() == 11);
  CHECK(rows[10] == sentence{3, "t"});
  CHECK(out.batches().size() == 3);
}

TEST_CASE("flat_map with a side output gives two kinds of rows", "[transform]") {
  const auto sort_out = [](const sentence& in, rows<length> good, rows<sentence> empty) {
    if (in.text.empty())
      empty.push(in);
    else
      good.push({in.line, in.text.size()});
  };
  auto out = made_of(
      side_flat_map_operation<sentence, length, sentence, decltype(sort_out)>{sort_out}, three);
  CHECK(out.rows<length>(0) == std::vector<length>{{1, 5}, {3, 6}});
  CHECK(out.rows<sentence>(1) == std::vector<sentence>{{2, ""}});
}

TEST_CASE("split keeps rows and gives the others to port 1 if they are wanted", "[transform]") {
  const auto full = [](const sentence& in) { return !in.text.empty(); };
  using split = split_operation<sentence, decltype(full)>;
  auto both = made_of(split{full, true}, three);
  CHECK(both.rows<sentence>(0) == std::vector<sentence>{{1, "to be"}, {3, "or not"}});
  CHECK(both.rows<sentence>(1) == std::vector<sentence>{{2, ""}});
  auto filter = made_of(split{full, false}, three);
  CHECK(filter.rows<sentence>(0).size() == 2);
  CHECK(filter.batches(1).empty());
}

TEST_CASE("a batch of which all rows stay is not copied", "[transform]") {
  const auto all = [](const sentence&) { return true; };
  split_operation<sentence, decltype(all)> filter{all, true};
  kept_outputs out;
  const auto rows = batch_with(three);
  filter.process(0, rows, out);
  REQUIRE(out.batches(0).size() == 1);
  CHECK(out.batches(0)[0] == rows);
  CHECK(out.batches(1).empty());
}

TEST_CASE("map_batch sees whole batches", "[transform][F104]") {
  const auto total = [](const batch<sentence>& in, rows<length> out) {
    std::uint64_t letters = 0;
    const auto texts = in.column(&sentence::text);
    for (std::size_t i = 0; i < texts.size(); ++i) letters += texts[i].size();
    out.push({0, letters});
  };
  auto out = made_of(map_batch_operation<sentence, length, decltype(total)>{total}, three);
  CHECK(out.rows<length>() == std::vector<length>{{0, 11}});
}

TEST_CASE("the identity hands on what it gets", "[transform]") {
  identity_operation same;
  kept_outputs out;
  const auto rows = batch_with(three);
  same.process(0, rows, out);
  REQUIRE(out.batches().size() == 1);
  CHECK(out.batches()[0] == rows);
}

}  // namespace sluice

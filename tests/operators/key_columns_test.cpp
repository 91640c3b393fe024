#include "sluice/operators/key_columns.hpp"

#include <vector>

#include "sluice/records/hash.hpp"
#include "sluice/state/key_groups.hpp"
#include "sluice/tests/operators/operation_fixture.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice {

namespace {

enum class colour : std::uint16_t { red = 1, blue = 1000 };

struct keyed {
  bool flag = false;
  std::int8_t tiny = 0;
  std::uint8_t byte = 0;
  std::int16_t small = 0;
  colour shade = colour::red;
  std::int32_t medium = 0;
  std::uint32_t word = 0;
  std::int64_t large = 0;
  std::uint64_t huge = 0;
  instant at{};
  std::string_view text{};
};
SLUICE_RECORD(keyed, flag, tiny, byte, small, shade, medium, word, large, huge, at, text);

constexpr std::size_t text_at = 10;

batch_ptr one_row() {
  return batch_with<keyed>({{.flag = true,
                             .tiny = -1,
                             .byte = 1,
                             .small = -1,
                             .shade = colour::red,
                             .medium = -1,
                             .word = 1,
                             .large = -1,
                             .huge = 1,
                             .at = {-1},
                             .text = "abc"}});
}

std::uint64_t hash_of(const std::vector<std::size_t>& columns) {
  std::uint64_t out = 0;
  key_columns{columns}.hash(*one_row(), {&out, 1});
  return out;
}

constexpr std::uint64_t one = 0x910a2dec89025cc1;    // of the integer 1
constexpr std::uint64_t minus = 0xe4d971771b652c20;  // of -1, widened by value
constexpr std::uint64_t abc = 0x78af5f94892f3950;    // of the text "abc"

}  // namespace

// Peers of other builds and checkpoints rely on these values: they are version 1 of the key hash.
TEST_CASE("the hash of a key is fixed for every type of field", "[key_columns][F702]") {
  STATIC_REQUIRE(key_hash_version == 1);
  CHECK(hash_of({0}) == one);
  CHECK(hash_of({1}) == minus);
  CHECK(hash_of({2}) == one);
  CHECK(hash_of({3}) == minus);
  CHECK(hash_of({4}) == one);
  CHECK(hash_of({5}) == minus);
  CHECK(hash_of({6}) == one);
  CHECK(hash_of({7}) == minus);
  CHECK(hash_of({8}) == one);
  CHECK(hash_of({9}) == minus);
  CHECK(hash_of({text_at}) == abc);
}

TEST_CASE("the hash of several fields is fixed and their order counts", "[key_columns][F702]") {
  CHECK(hash_of({8, text_at}) == 0x64ca3f5dc65d1f9a);
  CHECK(hash_of({text_at, 8}) == 0x5451a4b317477e7a);
  CHECK(hash_of({8, text_at, 7}) == 0xdde59f9a7b193968);
}

TEST_CASE("a key lives in the group its hash says", "[key_columns][F702]") {
  CHECK(group_of(hash_key(std::uint64_t{0})) == 226);
  CHECK(group_of(one) == 145);
  CHECK(group_of(hash_key(std::uint64_t{1'000'000'007})) == 1);
  CHECK(group_of(abc) == 120);
  CHECK(group_of(hash_of({8, text_at})) == 100);
  CHECK(owner(145, 4) == 2);
}

TEST_CASE("values are widened by value, one by one and as a column", "[key_columns]") {
  const auto rows = batch_with<keyed>(
      {{.small = -300, .text = "x"}, {.small = 300, .text = "y"}, {.small = 0, .text = ""}});
  std::vector<std::uint64_t> column(3);
  widen(*rows, 3, column);
  CHECK(column == std::vector<std::uint64_t>{static_cast<std::uint64_t>(-300), 300, 0});
  for (std::size_t i = 0; i < 3; ++i) CHECK(widened(*rows, 3, i) == column[i]);
}

TEST_CASE("a key is named after its fields", "[key_columns]") {
  CHECK(key_columns{{8, text_at}}.names(schema_of<keyed>()) == "huge, text");
  CHECK(key_columns{}.empty());
}

}  // namespace sluice

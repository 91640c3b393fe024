#include <algorithm>
#include <unordered_map>
#include <vector>

#include "sluice/bench/bounds/count_sum.hpp"
#include "sluice/bench/inputs/keyed_answers.hpp"
#include "sluice/bench/inputs/keyed_rows.hpp"
#include "sluice/bench/inputs/random.hpp"
#include "sluice/bench/inputs/zipf.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice::bench {

TEST_CASE("random numbers are those of splitmix64", "[bench]") {
  // The first outputs of splitmix64 from seed 0 (Vigna's reference program).
  CHECK(mix(0) == 0xe220a8397b1dcdaf);
  CHECK(mix(0x9e3779b97f4a7c15) == 0x6e789e6aa1b965f4);
  CHECK(scaled(~std::uint64_t{0}, 10) == 9);
  CHECK(scaled(0, 10) == 0);
  CHECK(fnv1a("") == 0xcbf29ce484222325);
  CHECK(fnv1a("a") == 0xaf63dc4c8601ec8c);
}

TEST_CASE("draws make the first word of the word count", "[bench]") {
  const draws words{3};
  std::string first;
  for (std::uint64_t j = 0; j < 7; ++j) {
    first += static_cast<char>('a' + words.below(std::uint64_t{1} << 40, j, 26));
  }
  CHECK(first == "mhmmrlh");
}

TEST_CASE("a rank is the first whose weight reaches the draw", "[bench]") {
  const std::uint64_t ranks = 1000;
  std::vector<std::uint64_t> upto{0};
  for (std::uint64_t r = 1; r <= ranks; ++r) {
    upto.push_back(upto.back() + (std::uint64_t{1} << 40) / r);
  }
  const zipf law{ranks};
  for (std::uint64_t i = 0; i < 10'000; ++i) {
    const std::uint64_t x = i == 0 ? 0 : i == 1 ? ~std::uint64_t{0} : mix(i);
    const auto target =
        static_cast<std::uint64_t>((static_cast<unsigned __int128>(x) * upto.back()) >> 64);
    const auto expected = std::upper_bound(upto.begin(), upto.end(), target) - upto.begin();
    CHECK(law.rank(x) == static_cast<std::uint64_t>(expected));
  }
}

TEST_CASE("keyed rows give the listed answers", "[bench]") {
  constexpr std::uint64_t rows = 1'000'000;
  const std::uint64_t keys = GENERATE(1'000, 100'000, 10'000'000);
  const auto [spread, kind] = GENERATE(table<distribution, key_kind>({
      {distribution::uniform, key_kind::opaque},
      {distribution::zipf, key_kind::opaque},
      {distribution::hot, key_kind::opaque},
      {distribution::uniform, key_kind::dense},
  }));
  const keyed_input input{spread, keys, kind};
  INFO(to_string(input));
  const keyed_rows source{input};
  std::unordered_map<std::uint64_t, count_sum> states;
  std::vector<std::uint64_t> batch_keys(8192);
  std::vector<std::int64_t> batch_values(8192);
  for (std::uint64_t row = 0; row < rows; row += 8192) {
    const std::size_t count = std::min<std::uint64_t>(8192, rows - row);
    source.fill(row, std::span{batch_keys}.first(count), std::span{batch_values}.first(count));
    for (std::size_t i = 0; i < count; ++i) add_row{batch_values.data()}(states[batch_keys[i]], i);
  }
  keyed_sums sums;
  for (const auto& [key, state] : states) sums.add(key, state.count, state.sum);
  CHECK(sums.result() == keyed_answer(input, rows));
}

TEST_CASE("an answer that is not listed is none", "[bench]") {
  CHECK_FALSE(keyed_answer({}, 12));
  CHECK_FALSE(keyed_answer({.keys = 12}, 1'000'000));
}

TEST_CASE("inputs have short names", "[bench]") {
  CHECK(to_string({distribution::zipf, 10'000'000, key_kind::opaque}) == "zipf/10M/opaque");
  CHECK(to_string({distribution::hot, 1'000, key_kind::dense}) == "hot/1k/dense");
  CHECK(to_string({distribution::uniform, 1'500, key_kind::dense}) == "uniform/1500/dense");
}

TEST_CASE("sums do not depend on order and leave out keys without rows", "[bench]") {
  keyed_sums one, other;
  one.add(1, 2, 3);
  one.add(4, 5, -6);
  other.add(4, 5, -6);
  other.add(9, 0, 0);
  other.add(1, 2, 3);
  CHECK(one.result() == other.result());
  CHECK(one.result().rows == 2);
  CHECK(one.result().sums[1].second == mix(1) * 3 - mix(4) * 6);
}

}  // namespace sluice::bench

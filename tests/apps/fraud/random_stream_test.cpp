#include "sluice/apps/fraud/random_stream.hpp"

#include <cmath>
#include <random>

#include "sluice/tests/support/catch.hpp"

using namespace sluice::fraud;
using numbers = std::vector<std::uint32_t>;

TEST_CASE("seed A is the standard library's generator", "[random_stream]") {
  for (std::uint32_t seed : {0u, 1u, 5489u, 4294967295u}) {
    auto ours = random_stream::from_number(seed);
    std::mt19937 theirs(seed);
    for (int i = 0; i < 2000; ++i) REQUIRE(ours.next() == theirs());
  }
}

// Python's `random.seed(k)` seeds by array, its `sample` and `_randbelow` draw as described; the
// expected numbers were printed by Python 3.11.
TEST_CASE("seed B is seeding by an array of one", "[random_stream]") {
  auto stream = random_stream::from_key(0);
  CHECK(stream.next() == 3626764237u);
  CHECK(stream.next() == 1654615998u);
  CHECK(stream.next() == 3255389356u);
  CHECK(random_stream::from_key(0).unit() == 0.8444218515250481);
  CHECK(random_stream::from_key(123456789).unit() == 0.6414006161858726);
}

TEST_CASE("below draws what Python draws", "[random_stream]") {
  auto stream = random_stream::from_key(3);
  numbers drawn;
  for (int i = 0; i < 8; ++i) drawn.push_back(stream.below(10));
  CHECK(drawn == numbers{3, 9, 8, 2, 5, 9, 7, 9});
}

TEST_CASE("a sample shuffles a pool up to its limit and draws again above", "[random_stream]") {
  const auto of = [](std::uint32_t n, std::uint32_t k) {
    auto stream = random_stream::from_key(7);
    return sample(stream, n, k);
  };
  CHECK(of(20, 5) == numbers{10, 4, 12, 1, 2});
  CHECK(of(85, 6) == numbers{41, 19, 50, 6, 9, 68});
  CHECK(of(86, 6) == numbers{41, 19, 50, 83, 6, 9});
  CHECK(of(130, 16) == numbers{82, 38, 101, 12, 18, 24, 93, 14, 129, 54, 9, 22, 111, 107, 17, 61});
  CHECK(of(3, 3).size() == 3);
  CHECK(of(3, 0).empty());
  auto repeating = random_stream::from_key(10);  // draws a number twice
  CHECK(sample(repeating, 86, 6) == numbers{73, 4, 54, 61, 1, 26});
}

// numpy.random.seed(0): rand, randn and permutation, as its users know them by heart.
TEST_CASE("units, normals and permutations are those of numpy's legacy generator",
          "[random_stream]") {
  CHECK(random_stream::from_number(0).unit() == 0.5488135039273248);
  auto stream = random_stream::from_number(0);
  CHECK(std::abs(stream.gauss() - 1.764052345967664) < 1e-14);
  CHECK(std::abs(stream.gauss() - 0.4001572083672233) < 1e-14);
  CHECK(first_of_permutation(0, 10, 10) == numbers{2, 8, 4, 9, 1, 6, 7, 3, 0, 5});
  CHECK(first_of_permutation(0, 10, 3) == numbers{2, 8, 4});
}

TEST_CASE("every draw stays within its bounds", "[random_stream]") {
  auto stream = random_stream::from_number(42);
  for (int i = 0; i < 10'000; ++i) {
    REQUIRE(stream.interval(0) == 0);
    REQUIRE(stream.interval(6) <= 6);
    REQUIRE(stream.below(1) == 0);
    REQUIRE(stream.below(1000) < 1000);
    const double u = stream.uniform(5, 100);
    REQUIRE((u >= 5 && u < 100));
  }
}

TEST_CASE("a Poisson mean of nothing draws nothing", "[random_stream]") {
  auto stream = random_stream::from_number(1);
  auto untouched = random_stream::from_number(1);
  CHECK(stream.poisson(0) == 0);
  CHECK(stream.next() == untouched.next());
}

TEST_CASE("Poisson numbers have their mean", "[random_stream]") {
  auto stream = random_stream::from_number(1);
  std::uint64_t sum = 0;
  for (int i = 0; i < 100'000; ++i) sum += stream.poisson(3.5);
  CHECK(std::abs(static_cast<double>(sum) / 100'000 - 3.5) < 0.03);
}

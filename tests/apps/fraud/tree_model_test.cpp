#include "sluice/apps/fraud/tree_model.hpp"

#include <array>
#include <limits>
#include <random>
#include <stdexcept>
#include <string>

#include "sluice/tests/support/catch.hpp"

using namespace sluice::fraud;

namespace {

//        x0 < 1
//      ┌───┴────┐
//    -0.5     x1 < 2
//            ┌──┴──┐
//           0.25   4
listed_tree lopsided() {
  return {.left = {1, -1, 3, -1, -1},
          .right = {2, -1, 4, -1, -1},
          .input = {0, 0, 1, 0, 0},
          .value = {1, -0.5f, 2, 0.25f, 4}};
}

listed_tree single_leaf(float value) { return {{-1}, {-1}, {0}, {value}}; }

float sum(const tree_model& model, float x0, float x1) {
  const tree_model::row row[] = {{x0, x1}};
  float out = 0;
  model.sum(row, {&out, 1});
  return out;
}

std::string refusal(const listed_tree& tree) {
  const std::array trees = {single_leaf(0), tree};
  try {
    tree_model(trees, 2, 0);
  } catch (const std::invalid_argument& e) {
    return e.what();
  }
  return "accepted";
}

// What the walk means, one branch at a time.
float walk(const listed_tree& tree, const float* row) {
  std::int32_t at = 0;
  while (tree.left[at] >= 0)
    at = row[tree.input[at]] < tree.value[at] ? tree.left[at] : tree.right[at];
  return tree.value[at];
}

std::int32_t grow(listed_tree& tree, std::mt19937& random, int levels) {
  const auto at = static_cast<std::int32_t>(tree.left.size());
  tree.left.push_back(-1);
  tree.right.push_back(-1);
  tree.input.push_back(static_cast<std::int32_t>(random() % 3));
  tree.value.push_back(static_cast<float>(random() % 16));
  if (levels > 0 && random() % 4 != 0) {
    tree.left[at] = grow(tree, random, levels - 1);
    tree.right[at] = grow(tree, random, levels - 1);
  }
  return at;
}

}  // namespace

TEST_CASE("below the threshold goes left, level with it goes right", "[tree_model]") {
  const std::array trees = {lopsided()};
  const tree_model model(trees, 2, 0);
  CHECK(model.depth() == 2);
  CHECK(sum(model, 0.99f, 9) == -0.5f);
  CHECK(sum(model, 1, 1.99f) == 0.25f);
  CHECK(sum(model, 1, 2) == 4);
  CHECK(sum(model, std::numeric_limits<float>::quiet_NaN(), 2) == 4);
}

TEST_CASE("trees add up, from the margin, whatever their depth", "[tree_model]") {
  const std::array trees = {lopsided(), single_leaf(10), lopsided()};
  const tree_model model(trees, 2, 100);
  CHECK(model.trees() == 3);
  CHECK(sum(model, 0, 0) == 109);
  CHECK(sum(model, 5, 5) == 118);
}

TEST_CASE("a model of leaves alone, or of nothing, answers too", "[tree_model]") {
  const std::array leaves = {single_leaf(1), single_leaf(2)};
  CHECK(sum(tree_model(leaves, 2, 0.5f), 0, 0) == 3.5f);
  CHECK(sum(tree_model({}, 2, 0.5f), 0, 0) == 0.5f);
}

TEST_CASE("random trees answer as a walk with branches does", "[tree_model]") {
  const auto seed = GENERATE(1u, 2u, 3u, 4u, 5u);
  CAPTURE(seed);
  std::mt19937 random(seed);
  std::vector<listed_tree> trees(20);
  for (auto& tree : trees) grow(tree, random, 7);
  const tree_model model(trees, 3, 0);
  std::vector<std::array<float, tree_model::row_width>> rows(100);
  for (auto& row : rows)
    for (auto& x : row) x = static_cast<float>(random() % 16);
  for (const auto& row : rows) {
    float expected = 0;
    for (const auto& tree : trees) expected += walk(tree, row.data());
    tree_model::row block[1];
    std::copy(row.begin(), row.end(), block[0]);
    float got = -1;
    model.sum(block, {&got, 1});
    REQUIRE(got == expected);
  }
}

TEST_CASE("a broken tree is refused by its number", "[tree_model]") {
  auto tree = lopsided();
  SECTION("columns of different length") {
    tree.value.pop_back();
    CHECK(refusal(tree) == "tree 1: columns of different length, or none: 5");
  }
  SECTION("no node at all") {
    CHECK(refusal({}) == "tree 1: columns of different length, or none: 0");
  }
  SECTION("a child that is not there") {
    tree.right[2] = 5;
    CHECK(refusal(tree) == "tree 1: no such child: 5");
  }
  SECTION("half a node") {
    tree.right[2] = -1;
    CHECK(refusal(tree) == "tree 1: no such child: -1");
  }
  SECTION("an input that is not there") {
    tree.input[0] = 2;
    CHECK(refusal(tree) == "tree 1: no such input: 2");
  }
  SECTION("a cycle") {
    tree.left[2] = 0;
    CHECK(refusal(tree) == "tree 1: deeper than the allowed number of levels: 12");
  }
}

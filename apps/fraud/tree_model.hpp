#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace sluice::fraud {

/// A binary tree as model files list it, node 0 the root. A node whose `left` is negative is a
/// leaf.
struct listed_tree {
  std::vector<std::int32_t> left;
  std::vector<std::int32_t> right;
  std::vector<std::int32_t> input;  // which input an inner node compares
  std::vector<float> value;         // threshold of an inner node, contribution of a leaf
};

/// Decision trees laid out to be walked without branches: every tree is filled up to the depth of
/// the deepest, so a walk is a fixed number of steps, each one comparison and one addition.
///
///          0               node i: input < threshold goes to 2i+1, else to 2i+2
///        ┌─┴─┐
///        1   2             below a leaf that ends early, both sides hold its value
///       ┌┴┐ ┌┴┐
///       leaves             contributions, left to right
///
/// Inputs are numbers; what is not a number goes right.
class tree_model {
 public:
  /// Inputs of one row, padded so that a row is one cache line.
  static constexpr std::size_t row_width = 16;
  using row = float[row_width];

  /// Deepest tree accepted: space grows with 2^depth.
  static constexpr std::size_t max_depth = 12;

  /// Lays `trees` out; every walk starts from `margin`. Throws `std::invalid_argument`, naming tree
  /// and node, if columns differ in length, a child or an input (of `inputs`, at most `row_width`)
  /// does not exist, or a tree is deeper than `max_depth`, as one with a cycle is.
  tree_model(std::span<const listed_tree> trees, std::size_t inputs, float margin);

  /// Adds the leaves every row ends in, tree by tree, in float as the trees were fitted, into
  /// `sums`.
  void sum(std::span<const row> rows, std::span<float> sums) const;

  std::size_t trees() const { return trees_; }
  std::size_t depth() const { return depth_; }

 private:
  struct node {
    float threshold = 0;
    std::uint32_t input = 0;
  };

  void place(const listed_tree& tree, std::size_t number, std::int32_t from, std::size_t to,
             std::size_t level);

  std::size_t trees_ = 0;
  std::size_t depth_ = 0;
  float margin_ = 0;
  std::vector<node> nodes_;    // trees × (2^depth - 1)
  std::vector<float> leaves_;  // trees × 2^depth
};

}  // namespace sluice::fraud

#include "sluice/apps/fraud/tree_model.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string>

namespace sluice::fraud {

namespace {

[[noreturn]] void refuse(std::size_t tree, const std::string& what, std::int64_t value) {
  throw std::invalid_argument("tree " + std::to_string(tree) + ": " + what + ": " +
                              std::to_string(value));
}

void check(const listed_tree& tree, std::size_t number, std::size_t inputs) {
  const std::size_t nodes = tree.left.size();
  if (nodes == 0 || tree.right.size() != nodes || tree.input.size() != nodes ||
      tree.value.size() != nodes)
    refuse(number, "columns of different length, or none", static_cast<std::int64_t>(nodes));
  const auto exists = [](std::int32_t i, std::size_t count) {
    return i >= 0 && static_cast<std::size_t>(i) < count;
  };
  for (std::size_t i = 0; i < nodes; ++i) {
    if (tree.left[i] < 0) continue;
    if (!exists(tree.left[i], nodes)) refuse(number, "no such child", tree.left[i]);
    if (!exists(tree.right[i], nodes)) refuse(number, "no such child", tree.right[i]);
    if (!exists(tree.input[i], inputs)) refuse(number, "no such input", tree.input[i]);
  }
}

std::size_t depth_of(const listed_tree& tree, std::size_t number, std::int32_t from,
                     std::size_t level) {
  if (level > tree_model::max_depth)
    refuse(number, "deeper than the allowed number of levels", tree_model::max_depth);
  if (tree.left[from] < 0) return level;
  return std::max(depth_of(tree, number, tree.left[from], level + 1),
                  depth_of(tree, number, tree.right[from], level + 1));
}

constexpr std::size_t lanes = 8;

template <class Node>
std::uint32_t step(const Node* nodes, std::uint32_t at, const float* row) {
  const Node& n = nodes[at];
  return 2 * at + 2 - static_cast<std::uint32_t>(row[n.input] < n.threshold);
}

}  // namespace

tree_model::tree_model(std::span<const listed_tree> trees, std::size_t inputs, float margin)
    : trees_(trees.size()), margin_(margin) {
  if (inputs > row_width) throw std::invalid_argument("too many inputs: " + std::to_string(inputs));
  for (std::size_t t = 0; t < trees_; ++t) {
    check(trees[t], t, inputs);
    depth_ = std::max(depth_, depth_of(trees[t], t, 0, 0));
  }
  nodes_.resize(trees_ * ((std::size_t{1} << depth_) - 1));
  leaves_.resize(trees_ << depth_);
  for (std::size_t t = 0; t < trees_; ++t) place(trees[t], t, 0, 0, 0);
}

// Copies the listed node `from` to place `to` of tree `number`, and what hangs below it. A leaf
// above the last level becomes a node with itself on both sides.
void tree_model::place(const listed_tree& tree, std::size_t number, std::int32_t from,
                       std::size_t to, std::size_t level) {
  const std::size_t inner = (std::size_t{1} << depth_) - 1;
  if (level == depth_) {
    leaves_[(number << depth_) + to - inner] = tree.value[from];
    return;
  }
  const bool leaf = tree.left[from] < 0;
  if (!leaf)
    nodes_[number * inner + to] = {tree.value[from], static_cast<std::uint32_t>(tree.input[from])};
  place(tree, number, leaf ? from : tree.left[from], 2 * to + 1, level + 1);
  place(tree, number, leaf ? from : tree.right[from], 2 * to + 2, level + 1);
}

// Tree by tree over the block, so that a tree stays in the first cache; `lanes` rows level by
// level, because one walk is a chain of loads that wait for each other, and several side by side
// are not.
void tree_model::sum(std::span<const row> rows, std::span<float> sums) const {
  std::fill(sums.begin(), sums.end(), margin_);
  const std::size_t inner = (std::size_t{1} << depth_) - 1;
  for (std::size_t t = 0; t < trees_; ++t) {
    const node* nodes = nodes_.data() + t * inner;
    const float* leaves = leaves_.data() + (t << depth_);
    std::size_t r = 0;
    for (; r + lanes <= rows.size(); r += lanes) {
      std::array<std::uint32_t, lanes> at{};
      for (std::size_t level = 0; level < depth_; ++level)
        for (std::size_t k = 0; k < lanes; ++k) at[k] = step(nodes, at[k], rows[r + k]);
      for (std::size_t k = 0; k < lanes; ++k) sums[r + k] += leaves[at[k] - inner];
    }
    for (; r < rows.size(); ++r) {
      std::uint32_t at = 0;
      for (std::size_t level = 0; level < depth_; ++level) at = step(nodes, at, rows[r]);
      sums[r] += leaves[at - inner];
    }
  }
}

}  // namespace sluice::fraud

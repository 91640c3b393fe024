#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string_view>

#include "sluice/apps/fraud/records.hpp"
#include "sluice/apps/fraud/tree_model.hpp"

namespace sluice::fraud {

/// What the models read, in order: amount (currency units), weekend, night, then for the customer n
/// and average amount and for the terminal n and share of frauds, each over 1, 7 and 30 days.
inline constexpr std::array<std::string_view, 15> model_input_names = {
    "amount",  "weekend", "night",   "c_n1", "c_avg1",  "c_n7",  "c_avg7",  "c_n30",
    "c_avg30", "t_n1",    "t_risk1", "t_n7", "t_risk7", "t_n30", "t_risk30"};
inline constexpr std::size_t model_input_count = model_input_names.size();
using model_inputs = std::array<double, model_input_count>;

/// Derives the averages and shares from the integers; 0 where nothing is known.
model_inputs inputs_of(const examined& row);

/// Logistic regression: 15 multiplications and additions, then 1 / (1 + e^-x). Immutable.
class logistic_scorer {
 public:
  /// Reads a model of the form of `models/lr.json`. Throws `std::invalid_argument`, saying what is
  /// wrong, if it is no JSON, no logistic model or not over `model_input_names`.
  static logistic_scorer from_json(std::string_view text);

  /// Probability of fraud, in (0, 1).
  double score(const model_inputs& row) const;

  /// Scores `rows` into `scores`, of the same size.
  void score(std::span<const model_inputs> rows, std::span<double> scores) const;

 private:
  logistic_scorer() = default;

  model_inputs weights_{};
  double bias_ = 0;
};

/// Boosted trees over the same inputs, rounded to float: sum of one leaf a tree, then 1 / (1 +
/// e^-x). A block of rows is about twice as fast as a row at a time. Immutable.
class tree_scorer {
 public:
  /// Reads an XGBoost model file. Throws `std::invalid_argument`, saying what is wrong, if it is no
  /// JSON, not `binary:logistic`, not over `model_input_names`, or if a tree is broken.
  static tree_scorer from_json(std::string_view text);

  /// Probability of fraud, in (0, 1).
  double score(const model_inputs& row) const;

  /// Scores `rows` into `scores`, of the same size.
  void score(std::span<const model_inputs> rows, std::span<double> scores) const;

 private:
  explicit tree_scorer(tree_model model);

  tree_model model_;
};

}  // namespace sluice::fraud

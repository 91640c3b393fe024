#pragma once

#include <memory>
#include <span>
#include <string>

#include "sluice/apps/fraud/scorers.hpp"
#include "sluice/operators/operation.hpp"

namespace sluice::fraud {

/// A model of either kind, and its name.
class scorer {
 public:
  virtual ~scorer() = default;
  /// Scores `rows` into `scores`, of the same size. From any thread.
  virtual void score(std::span<const model_inputs> rows, std::span<double> scores) const = 0;
};

/// The models a graph scores with. Immutable.
struct score_models {
  std::shared_ptr<const scorer> champion;
  std::shared_ptr<const scorer> challenger;  ///< Null: its scores stay 0.
};

/// The models that come with the program.
std::shared_ptr<const scorer> logistic_model();
std::shared_ptr<const scorer> tree_model_of_program();

/// The champion `lr`, `xgb` or a JSON file of either form; the challenger is the other one that
/// comes with the program, `lr` for a file. Throws `std::invalid_argument`, saying what is wrong.
score_models models_named(const std::string& champion);

/// Scores whole batches; what a `map_batch` stage calls. Every instance has its own copy.
class score_payments {
 public:
  explicit score_payments(score_models models) : models_(std::move(models)) {}
  void operator()(const batch<examined>& rows, sluice::rows<examined> out);

 private:
  score_models models_;
  std::vector<model_inputs> inputs_;
  std::vector<double> champion_;
  std::vector<double> challenger_;
};

}  // namespace sluice::fraud

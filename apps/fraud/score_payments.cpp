#include "sluice/apps/fraud/score_payments.hpp"

#include <fstream>
#include <sstream>
#include <stdexcept>

#include "sluice/apps/fraud/models/embedded_models.hpp"

namespace sluice::fraud {

namespace {

template <class Model>
class scorer_of final : public scorer {
 public:
  explicit scorer_of(Model model) : model_(std::move(model)) {}
  void score(std::span<const model_inputs> rows, std::span<double> scores) const override {
    model_.score(rows, scores);
  }

 private:
  Model model_;
};

template <class Model>
std::shared_ptr<const scorer> read(std::string_view text) {
  return std::make_shared<scorer_of<Model>>(Model::from_json(text));
}

std::shared_ptr<const scorer> model_in_file(const std::string& path) {
  std::ifstream file{path};
  std::ostringstream text;
  if (!file || !(text << file.rdbuf())) throw std::invalid_argument("cannot read model: " + path);
  // XGBoost writes an object `learner`; a logistic model has none.
  if (text.str().find("\"learner\"") != std::string::npos) return read<tree_scorer>(text.str());
  return read<logistic_scorer>(text.str());
}

}  // namespace

std::shared_ptr<const scorer> logistic_model() {
  return read<logistic_scorer>(logistic_model_text());
}

std::shared_ptr<const scorer> tree_model_of_program() {
  return read<tree_scorer>(tree_model_text());
}

score_models models_named(const std::string& champion) {
  if (champion == "lr") return {logistic_model(), tree_model_of_program()};
  if (champion == "xgb") return {tree_model_of_program(), logistic_model()};
  return {model_in_file(champion), logistic_model()};
}

void score_payments::operator()(const batch<examined>& rows, sluice::rows<examined> out) {
  const std::size_t n = rows.size();
  inputs_.resize(n);
  champion_.resize(n);
  challenger_.assign(n, 0);
  for (std::size_t i = 0; i < n; ++i) inputs_[i] = inputs_of(rows[i]);
  models_.champion->score(inputs_, champion_);
  if (models_.challenger) models_.challenger->score(inputs_, challenger_);
  for (std::size_t i = 0; i < n; ++i) {
    examined row = rows[i];
    row.champion = champion_[i];
    row.challenger = challenger_[i];
    out.push(row);
  }
}

}  // namespace sluice::fraud

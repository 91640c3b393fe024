#include "sluice/apps/fraud/scorers.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <stdexcept>
#include <string>
#include <vector>

#include <simdjson.h>

#include "sluice/apps/fraud/calendar.hpp"

namespace sluice::fraud {

namespace {

double probability(double log_odds) { return 1.0 / (1.0 + std::exp(-log_odds)); }

void demand(bool holds, const char* what) {
  if (!holds) throw std::invalid_argument(what);
}

// Runs `read` on the root of the JSON document `text`; whatever is wrong with the model names
// `what`.
template <class Read>
auto read_model(std::string_view what, std::string_view text, Read&& read) {
  try {
    simdjson::dom::parser parser;
    return read(parser.parse(text.data(), text.size()).value());
  } catch (const simdjson::simdjson_error& e) {
    throw std::invalid_argument("cannot read the " + std::string(what) + " model: " + e.what());
  } catch (const std::invalid_argument& e) {
    throw std::invalid_argument("cannot use the " + std::string(what) + " model: " + e.what());
  }
}

void demand_inputs(simdjson::dom::array names) {
  demand(std::equal(names.begin(), names.end(), model_input_names.begin(), model_input_names.end(),
                    [](simdjson::dom::element listed, std::string_view ours) {
                      return std::string_view(listed) == ours;
                    }),
         "its features are not amount, weekend, night, c_n1 ... t_risk30");
}

template <class Number>
std::vector<Number> numbers(simdjson::dom::array listed) {
  std::vector<Number> out;
  out.reserve(listed.size());
  for (auto element : listed) {
    if constexpr (std::is_floating_point_v<Number>)
      out.push_back(static_cast<Number>(double(element)));
    else
      out.push_back(static_cast<Number>(std::int64_t(element)));
  }
  return out;
}

// XGBoost writes the few numbers of its header as text: "5E-1".
float margin_of(std::string_view base_score) {
  double base = 0;
  const auto read = std::from_chars(base_score.data(), base_score.data() + base_score.size(), base);
  demand(read.ec == std::errc{} && read.ptr == base_score.data() + base_score.size() && base > 0 &&
             base < 1,
         "its base score is no number between 0 and 1");
  return static_cast<float>(std::log(base / (1 - base)));
}

tree_model trees_of(simdjson::dom::element root) {
  const simdjson::dom::object learner = root["learner"];
  demand(std::string_view(learner["objective"]["name"]) == "binary:logistic",
         "its objective is not binary:logistic");
  demand_inputs(learner["feature_names"]);
  std::vector<listed_tree> trees;
  for (auto tree : learner["gradient_booster"]["model"]["trees"].get_array())
    trees.push_back({.left = numbers<std::int32_t>(tree["left_children"]),
                     .right = numbers<std::int32_t>(tree["right_children"]),
                     .input = numbers<std::int32_t>(tree["split_indices"]),
                     .value = numbers<float>(tree["split_conditions"])});
  return {trees, model_input_count, margin_of(learner["learner_model_param"]["base_score"])};
}

}  // namespace

model_inputs inputs_of(const examined& row) {
  const auto average = [](std::int64_t cents, std::uint32_t n) {
    return n == 0 ? 0.0 : static_cast<double>(cents) / 100 / n;
  };
  const auto share = [](std::uint32_t part, std::uint32_t n) {
    return n == 0 ? 0.0 : static_cast<double>(part) / n;
  };
  return {static_cast<double>(row.amount_cents) / 100,
          static_cast<double>(weekend(row.at)),
          static_cast<double>(night(row.at)),
          static_cast<double>(row.c_n1),
          average(row.c_sum1, row.c_n1),
          static_cast<double>(row.c_n7),
          average(row.c_sum7, row.c_n7),
          static_cast<double>(row.c_n30),
          average(row.c_sum30, row.c_n30),
          static_cast<double>(row.t_n1),
          share(row.t_f1, row.t_n1),
          static_cast<double>(row.t_n7),
          share(row.t_f7, row.t_n7),
          static_cast<double>(row.t_n30),
          share(row.t_f30, row.t_n30)};
}

logistic_scorer logistic_scorer::from_json(std::string_view text) {
  return read_model("logistic", text, [](simdjson::dom::element root) {
    demand(std::string_view(root["model"]) == "logistic", "it is not a logistic model");
    demand_inputs(root["features"]);
    const auto weights = numbers<double>(root["weights"]);
    demand(weights.size() == model_input_count, "it has not one weight a feature");
    logistic_scorer made;
    std::copy(weights.begin(), weights.end(), made.weights_.begin());
    made.bias_ = root["bias"];
    return made;
  });
}

double logistic_scorer::score(const model_inputs& row) const {
  double sum = bias_;
  for (std::size_t i = 0; i < model_input_count; ++i) sum += weights_[i] * row[i];
  return probability(sum);
}

void logistic_scorer::score(std::span<const model_inputs> rows, std::span<double> scores) const {
  for (std::size_t r = 0; r < rows.size(); ++r) scores[r] = score(rows[r]);
}

tree_scorer::tree_scorer(tree_model model) : model_(std::move(model)) {}

tree_scorer tree_scorer::from_json(std::string_view text) {
  return tree_scorer(read_model("tree", text, trees_of));
}

double tree_scorer::score(const model_inputs& row) const {
  double answer = 0;
  score({&row, 1}, {&answer, 1});
  return answer;
}

void tree_scorer::score(std::span<const model_inputs> rows, std::span<double> scores) const {
  constexpr std::size_t block = 64;
  tree_model::row inputs[block] = {};
  float sums[block];
  for (std::size_t start = 0; start < rows.size(); start += block) {
    const std::size_t n = std::min(block, rows.size() - start);
    for (std::size_t r = 0; r < n; ++r)
      for (std::size_t i = 0; i < model_input_count; ++i)
        inputs[r][i] = static_cast<float>(rows[start + r][i]);
    model_.sum({inputs, n}, {sums, n});
    for (std::size_t r = 0; r < n; ++r) scores[start + r] = probability(sums[r]);
  }
}

}  // namespace sluice::fraud

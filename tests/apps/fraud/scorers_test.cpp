#include "sluice/apps/fraud/scorers.hpp"

#include <cmath>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include "sluice/apps/fraud/models/embedded_models.hpp"
#include "sluice/apps/fraud/sha256.hpp"
#include "sluice/tests/support/catch.hpp"

using namespace sluice::fraud;
using sluice::instant;

namespace {

std::string replaced(std::string_view text, std::string_view from, std::string_view to) {
  std::string out(text);
  const auto at = out.find(from);
  REQUIRE(at != std::string::npos);
  return out.replace(at, from.size(), to);
}

template <class Scorer>
std::string refusal(std::string_view text) {
  try {
    Scorer::from_json(text);
  } catch (const std::invalid_argument& e) {
    return e.what();
  }
  return "accepted";
}

examined payment() {
  examined row;
  row.at = instant::from_seconds(1'522'540'800);  // a Sunday, midnight
  row.amount_cents = 12'345;
  row.c_n1 = 2, row.c_sum1 = 15'000;
  row.c_n7 = 4, row.c_sum7 = 30'001;
  row.c_n30 = 8, row.c_sum30 = 80'000;
  row.t_n7 = 4, row.t_f7 = 1;
  row.t_n30 = 10, row.t_f30 = 1;
  return row;
}

}  // namespace

TEST_CASE("the compiled-in models are the files, byte for byte", "[scorers]") {
  CHECK(sha256_hex(logistic_model_text()) ==
        "4141dc292dc69ccb6aef0d4c2d808e0eafc8d8844445ab687a895768e6d77469");
  CHECK(sha256_hex(tree_model_text()) ==
        "9e1c7403d901639d70cf01bc4ca55f075a4833950a4d2fed5ab75b14f979f4ae");
}

TEST_CASE("averages and shares are derived from the integers, 0 where nothing is known",
          "[scorers]") {
  CHECK(inputs_of(payment()) ==
        model_inputs{123.45, 1, 1, 2, 75, 4, 75.0025, 8, 100, 0, 0, 4, 0.25, 10, 0.1});
}

TEST_CASE("the logistic score is the formula of the model's file", "[scorers]") {
  const auto scorer = logistic_scorer::from_json(logistic_model_text());
  const double bias_only = -5.675646079680434;
  CHECK(scorer.score(model_inputs{}) == 1 / (1 + std::exp(-bias_only)));
  model_inputs large{};
  large[0] = 1'000;
  CHECK(scorer.score(large) == 1 / (1 + std::exp(-(bias_only + 1'000 * 0.031521587772214796))));
}

TEST_CASE("a block of rows scores as its rows do one at a time", "[scorers]") {
  const auto logistic = logistic_scorer::from_json(logistic_model_text());
  const auto trees = tree_scorer::from_json(tree_model_text());
  std::mt19937 random(7);
  std::vector<model_inputs> rows(200);
  for (auto& row : rows)
    for (auto& x : row) x = static_cast<double>(random() % 1'000) / 8;
  std::vector<double> scores(rows.size());
  logistic.score(rows, scores);
  for (std::size_t i = 0; i < rows.size(); ++i) REQUIRE(scores[i] == logistic.score(rows[i]));
  trees.score(rows, scores);
  for (std::size_t i = 0; i < rows.size(); ++i) REQUIRE(scores[i] == trees.score(rows[i]));
}

TEST_CASE("thresholds of the trees are rounded to float before they are compared", "[scorers]") {
  const auto with_threshold = [](std::string_view decimals) {
    const auto text =
        R"({"learner":{"objective":{"name":"binary:logistic"},
            "learner_model_param":{"base_score":"5E-1"},
            "feature_names":["amount","weekend","night","c_n1","c_avg1","c_n7","c_avg7","c_n30",
              "c_avg30","t_n1","t_risk1","t_n7","t_risk7","t_n30","t_risk30"],
            "gradient_booster":{"model":{"trees":[{"left_children":[1,-1,-1],
              "right_children":[2,-1,-1],"split_indices":[0,0,0],"split_conditions":[)" +
        std::string(decimals) + R"(,-2,2]}]}}}})";
    return tree_scorer::from_json(text);
  };
  model_inputs row{};
  row[0] = 22.41;  // as float 22.409999847..., which the decimal text does not equal
  CHECK(with_threshold("2.241E1").score(row) == 1 / (1 + std::exp(-2.0)));
  CHECK(with_threshold("2.2410002E1").score(row) == 1 / (1 + std::exp(2.0)));
}

TEST_CASE("a logistic model that cannot be used is refused with the reason", "[scorers]") {
  const auto text = logistic_model_text();
  CHECK(refusal<logistic_scorer>("{").starts_with("cannot read the logistic model: "));
  CHECK(refusal<logistic_scorer>("{}").starts_with("cannot read the logistic model: "));
  CHECK(refusal<logistic_scorer>(replaced(text, "\"logistic\"", "\"linear\"")) ==
        "cannot use the logistic model: it is not a logistic model");
  CHECK(refusal<logistic_scorer>(replaced(text, "\"c_n7\"", "\"c_n8\"")) ==
        "cannot use the logistic model: its features are not amount, weekend, night, c_n1 ... "
        "t_risk30");
  CHECK(refusal<logistic_scorer>(replaced(text, "0.031521587772214796,", "")) ==
        "cannot use the logistic model: it has not one weight a feature");
}

TEST_CASE("a tree model that cannot be used is refused with the reason", "[scorers]") {
  const auto text = tree_model_text();
  CHECK(refusal<tree_scorer>("[1,2]").starts_with("cannot read the tree model: "));
  CHECK(refusal<tree_scorer>(
            replaced(text, R"("name":"binary:logistic")", R"("name":"reg:squarederror")")) ==
        "cannot use the tree model: its objective is not binary:logistic");
  CHECK(refusal<tree_scorer>(replaced(text, R"("base_score":"5E-1")", R"("base_score":"2")")) ==
        "cannot use the tree model: its base score is no number between 0 and 1");
  CHECK(
      refusal<tree_scorer>(replaced(text, R"("left_children":[1,)", R"("left_children":[999,)")) ==
      "cannot use the tree model: tree 0: no such child: 999");
}

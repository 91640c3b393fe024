#include <string>

#include "sluice/apps/fraud/settings_sweep.hpp"
#include "sluice/tests/support/catch.hpp"

using namespace sluice;
using namespace sluice::fraud;

namespace {

const std::shared_ptr<const handbook_world>& full_world() {
  static const auto world = std::make_shared<const handbook_world>(generate_world({}));
  return world;
}

std::vector<verdict_line> verdict_of(const fraud_steps& steps) {
  const auto run = run_over(full_world(), steps, {}, run_record::keep::counts);
  std::vector<verdict_line> all{count_verdict(*full_world(), run.counts, *run.record),
                                truth_verdict(*full_world())};
  for (auto& line : table_verdict(*full_world(), *run.record, steps.period)) all.push_back(line);
  for (auto& line : rule_verdict(*full_world(), *run.record)) all.push_back(line);
  all.push_back(latency_verdict(*run.record));
  return all;
}

std::vector<std::string> wrong_lines(const std::vector<verdict_line>& lines) {
  std::vector<std::string> wrong;
  for (const auto& line : lines)
    if (!line.right) wrong.push_back(text_of(line));
  return wrong;
}

}  // namespace

TEST_CASE("the published stream through the graph gives the published figures",
          "[fraud_graph][V1][V2][V4][V5][V8][actors][slow]") {
  const auto lines =
      verdict_of({.models = models_named("lr"), .limits = {.travel_farther = 10}, .period = {}});
  CHECK(lines.size() == 7);
  CHECK(wrong_lines(lines).empty());
}

TEST_CASE("the verdict notices another rule and another model", "[verdict][V4][V5][actors][slow]") {
  // The models have changed places, and the amount of R1 is a little higher.
  const auto wrong = wrong_lines(verdict_of(
      {.models = models_named("xgb"), .limits = {.amount_above_cents = 22'100}, .period = {}}));
  REQUIRE(wrong.size() >= 3);
  CHECK(wrong[0].starts_with("  V4"));
  CHECK(wrong[1].starts_with("  V4"));
  CHECK(wrong[2].starts_with("  V5"));
}

#include "sluice/tests/sim/fraud_world.hpp"

#include <memory>
#include <vector>

#include "sluice/apps/fraud/fingerprints.hpp"
#include "sluice/apps/fraud/fraud_graph.hpp"
#include "sluice/apps/fraud/plain_loop.hpp"
#include "sluice/graph/run.hpp"

namespace sluice::sim {

namespace {

using namespace sluice::fraud;

const fraud_steps& steps() {
  static const fraud_steps made{
      .models = {.champion = logistic_model(), .challenger = nullptr},
      .limits = {.travel_farther = 60},
      // judged from day 10 on, so that the test week is reached
      .period = {
          .first_fitted = 1, .delay_days = 7, .first_judged = 10, .judged_days = 7, .cards = 5}};
  return made;
}

// The world, and what a plain loop over it gives.
struct expected_world {
  std::shared_ptr<const handbook_world> world;
  std::vector<features> rows;
  std::vector<std::uint8_t> reasons;
  std::vector<verdict> answers;

  expected_world()
      : world(std::make_shared<const handbook_world>(
            generate_world({.customers = 12, .terminals = 24, .days = 20, .radius = 30}))) {
    plain_loop(*world, steps().limits, [&](const decided& answer, const examined& row) {
      answers.push_back(answer.answer);
      rows.push_back(features_of(row));
      reasons.push_back(row.reasons);
    });
  }
};

const expected_world& expected() {
  static const expected_world made;
  return made;
}

struct outcome {
  simulated_run run;
  std::unique_ptr<run_record> record;
};

outcome simulate(std::uint64_t seed, const shrinking& shrink) {
  const auto& world = expected().world;
  outcome made{{}, std::make_unique<run_record>(world->rows.size(), run_record::keep::whole_rows)};
  graph g{"fraud"};
  compose(g, world_feed{payments_of(world)}, steps(), made.record->sinks());
  simulation_options options;
  options.scenario = "fraud world";
  options.chosen = settings_in_code(g);
  options.shrink = shrink;
  options.shrink.kept_parallel = {"clock"};
  options.step_time = std::chrono::microseconds(5 + seed % 3 * 20);
  made.run = run_simulated(g, seed, options);
  return made;
}

const fingerprints& usual() {
  static const fingerprints made = fingerprints_of(*simulate(0, nothing_shrunk).record);
  return made;
}

}  // namespace

fraud_world_run run_fraud_world(std::uint64_t seed) {
  outcome got = simulate(seed, {});
  fraud_world_run made{std::move(got.run), {}};
  made.problem = made.run.problem + made.run.status.failure;
  if (!made.problem.empty()) return made;
  const run_record& record = *got.record;
  const auto check = [&](bool good, const char* what) {
    if (!good) made.problem += std::string{what} + " differ; ";
  };
  check(record.kept_features() == expected().rows, "features");
  check(record.reasons() == expected().reasons, "reasons");
  check(record.answers() == expected().answers, "answers");
  check(record.decisions().missing() + record.decisions().doubled() == 0, "counts of decisions");
  check(record.features_seen().missing() + record.features_seen().doubled() == 0,
        "counts of features");
  const fingerprints prints = fingerprints_of(record);
  check(prints.alerts == usual().alerts, "alerts");
  check(prints.cards == usual().cards, "cards");
  for (const auto& one : made.run.status.instances)
    check(one.work.operation.late_rows == 0, "late rows");
  if (!made.problem.empty())
    made.problem += "\nreproduce: SLUICE_SEED=" + std::to_string(seed) + ", fraud world";
  return made;
}

}  // namespace sluice::sim

#include "sluice/sim/world.hpp"

#include <utility>

#include "sluice/graph/deploy.hpp"
#include "sluice/graph/plan.hpp"
#include "sluice/sim/reproduction.hpp"
#include "sluice/sim/running_world.hpp"

namespace sluice::sim {

simulated_run run_simulated(const graph& g, std::uint64_t seed, const simulation_options& options) {
  const graph_description& description = g.description();
  if (auto mistakes = check_graph(description); !mistakes.empty())
    throw graph_error(std::move(mistakes));
  const reproduction line{options.scenario, seed};
  seeded_random random{seed};
  simulated_run result;
  result.used = shrunk(options.chosen, description, options.shrink, random);
  deploy_options deploying;
  auto deployed = deploy(description, make_plan(description, result.used), deploying);
  if (deployed) {
    running_world world{std::move(deployed).value(), random.next(), options};
    world.start();
    while (result.problem.empty() && !world.ended()) result.problem = world.step();
    world.report(result);
  } else {
    result.problem = deployed.failure().message;
  }
  if (!result.problem.empty()) result.problem += "\n" + line.text();
  return result;
}

}  // namespace sluice::sim

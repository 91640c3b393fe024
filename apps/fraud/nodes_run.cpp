#include "sluice/apps/fraud/nodes_run.hpp"

#include <array>
#include <charconv>
#include <memory>
#include <string>
#include <vector>

#include "sluice/graph/cluster.hpp"
#include "sluice/graph/node_children.hpp"
#include "sluice/graph/run.hpp"
#include "sluice/graph/run_and_show.hpp"

namespace sluice::fraud {

namespace {

// The shortest text that is read as the same number.
std::string text_of(double number) {
  std::array<char, 64> text;
  return {text.data(), std::to_chars(text.data(), text.data() + text.size(), number).ptr};
}

// What makes another process compose the same graph with the same settings.
std::vector<std::string> command_of(const world_parameters& world, const run_setting& setting,
                                    const settings& chosen, const std::string& checkpoints) {
  const auto number = [](auto n) { return std::to_string(n); };
  return {"sluice-fraud",
          "verify-node",
          "--customers",
          number(world.customers),
          "--terminals",
          number(world.terminals),
          "--days",
          number(world.days),
          "--radius",
          text_of(world.radius),
          "--parallelism",
          number(setting.parallelism),
          "--policy",
          std::string{to_string(setting.policy)},
          "--every",
          number(setting.every.count()),
          "--rows",
          number(setting.rows),
          "--set",
          "miniBatch.size=" + number(chosen.mini_batch_size()),
          "--checkpoints",
          checkpoints,
          "--progress",
          "none",
          "-q"};
}

}  // namespace

result<run_status> run_on_nodes(const graph& g, const world_parameters& parameters,
                                const run_setting& setting) {
  auto folder = run_folder::make();
  if (!folder) return folder.failure();
  const settings chosen = settings_in_code(g);
  run_options options;
  options.checkpoints = folder.value().path() + "/checkpoints";
  node_children children{command_of(parameters, setting, chosen, options.checkpoints),
                         std::move(folder).value(), setting.nodes};
  options.nodes =
      std::make_shared<cluster>(cluster{children.nodes(), children.nodes().front().node});
  options.tend = [&] { return children.tend(); };
  if (auto started = children.start(); !started) return started.failure();
  auto ran = run_graph(g, chosen, options);
  children.let_go();
  return ran;
}

int verify_node(const command_line& line, const fraud_steps& steps,
                const world_parameters& parameters) {
  graph g{"fraud"};
  run_record none{0, run_record::keep::counts};  // neither sources nor sinks are here
  compose(g, world_feed{generated_payments(parameters)}, steps, none.sinks());
  return run_and_show(g, line).exit_code;
}

}  // namespace sluice::fraud

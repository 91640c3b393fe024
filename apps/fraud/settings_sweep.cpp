#include "sluice/apps/fraud/settings_sweep.hpp"

#include <stdexcept>

#include "sluice/apps/fraud/nodes_run.hpp"
#include "sluice/graph/run.hpp"
#include "sluice/graph/settings.hpp"
#include "sluice/operators/run_status.hpp"

namespace sluice::fraud {

namespace {

// Names what is not the same in both.
std::string differences(const fingerprints& found, const fingerprints& expected) {
  std::string names;
  const auto compare = [&](const char* name, std::string fingerprints::*member) {
    if (found.*member != expected.*member) names += (names.empty() ? "" : ", ") + std::string(name);
  };
  compare("features", &fingerprints::features);
  compare("decisions", &fingerprints::decisions);
  compare("alerts", &fingerprints::alerts);
  compare("cards", &fingerprints::cards);
  return names;
}

std::string start_of(const std::string& hash) { return hash.substr(0, 8); }

}  // namespace

std::string text_of(const run_setting& setting) {
  const std::string markers =
      setting.every == run_setting::at_the_end
          ? "a marker at the end only"
          : "markers every " + std::to_string(setting.every.count()) + " ms";
  return "policy " + std::string(to_string(setting.policy)) + ", " + markers + ", batches of " +
         std::to_string(setting.rows) + " rows, parallelism " +
         std::to_string(setting.parallelism) +
         (setting.nodes == 1 ? "" : ", " + std::to_string(setting.nodes) + " nodes");
}

std::vector<run_setting> all_settings(const std::vector<std::chrono::milliseconds>& every,
                                      const std::vector<std::size_t>& rows,
                                      const std::vector<std::size_t>& parallelism,
                                      const std::vector<batch_policy>& policies,
                                      const std::vector<std::size_t>& nodes) {
  std::vector<run_setting> all;
  for (const auto processes : nodes)
    for (const auto policy : policies)
      for (const auto interval : every)
        for (const auto most : rows)
          for (const auto instances : parallelism)
            all.push_back({interval, most, instances, policy, processes});
  return all;
}

finished_run run_over(const std::shared_ptr<const handbook_world>& world, const fraud_steps& steps,
                      const run_setting& setting, run_record::keep what) {
  finished_run done{{}, std::make_unique<run_record>(world->rows.size(), what)};
  fraud_steps with = steps;
  with.parallelism = setting.parallelism;
  graph g{"fraud"};
  g.batch({.rows = setting.rows, .every = setting.every}).policy(setting.policy);
  compose(g, world_feed{payments_of(world)}, with, done.record->sinks());
  const auto ran = setting.nodes == 1 ? run_graph(g, settings_in_code(g))
                                      : run_on_nodes(g, world->parameters, setting);
  if (!ran) throw std::runtime_error(ran.failure().message);
  if (!ran.value().finished) throw std::runtime_error(ran.value().failure);
  done.counts = counts_of(ran.value());
  return done;
}

std::vector<verdict_line> sweep_verdict(const std::string& name,
                                        const std::shared_ptr<const handbook_world>& world,
                                        const fraud_steps& steps, const fingerprints& expected,
                                        const std::vector<run_setting>& settings) {
  std::vector<verdict_line> different;
  for (const auto& setting : settings) {
    const auto run = run_over(world, steps, setting, run_record::keep::whole_rows);
    const std::string names = differences(fingerprints_of(*run.record), expected);
    if (!names.empty()) different.push_back({"V6", text_of(setting) + ": " + names, false});
  }
  std::vector<verdict_line> lines{
      {"V6",
       name + ", " + std::to_string(settings.size()) + " settings  features " +
           start_of(expected.features) + "  decisions " + start_of(expected.decisions) +
           "  alerts " + start_of(expected.alerts) + "  cards " + start_of(expected.cards),
       different.empty()}};
  lines.insert(lines.end(), different.begin(), different.end());
  return lines;
}

}  // namespace sluice::fraud

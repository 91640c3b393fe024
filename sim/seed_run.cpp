#include "sluice/sim/seed_run.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "sluice/sim/simulated_cluster.hpp"

namespace sluice::sim {

namespace {

bool gathers(const graph_description& g) {
  return std::any_of(g.stages.begin(), g.stages.end(), [](const auto& one) { return one.gathers; });
}

// What a run with the same cuts may not depend on is drawn; what it may is fixed: every marker is a
// COMMIT, and a stage that gathers gives its rows at markers alone. Only keyed stages change their
// number of instances, because rows of a key keep their order there.
settings drawn(const graph_description& g, std::uint64_t seed, const seed_options& options) {
  seeded_random random{seed ^ 0x5E77'1265};
  settings chosen = options.chosen;
  set_drawn(chosen, setting_id::commit_every, {}, 1);
  for (const auto& stage : g.stages)
    if (stage.kind == stage_kind::keyed)
      set_drawn(chosen, setting_id::parallelism, stage.name, random.between(1, 3));
  if (!gathers(g)) return chosen;
  const auto micro = static_cast<std::uint64_t>(batch_policy::micro);
  set_drawn(chosen, setting_id::policy, {}, micro);
  for (const auto& stage : g.stages) set_drawn(chosen, setting_id::policy, stage.name, micro);
  return chosen;
}

std::string look(sim_disk& disk, const meta_truth& truth, bool finished) {
  const shown_rows shown = shown_on(disk, false);
  const std::uint64_t sealed = truth.last() ? truth.last()->epoch.value : 0;
  if (shown.newest > sealed)
    return "I1: rows of epoch " + std::to_string(shown.newest) + " are visible, and only epoch " +
           std::to_string(sealed) + " was decided";
  if (!finished) return {};
  for (const std::string& name : shown.prepared)
    if (std::stoull(name.substr(name.find('.', 1) + 1)) >= truth.generation.value)
      return "I5: left behind at the end: " + name;
  return {};
}

seed_outcome run(const graph_description& g, const simulation_inputs& inputs, std::uint64_t seed,
                 cluster_options how, const std::vector<sealed_cut>* cuts) {
  sim_disk disk{seed * 2 + 1};
  const graph_description made = with_simulated_ends(g, inputs, disk, cuts);
  how.run.most_steps = 3'000'000;
  how.run.most_time = std::chrono::hours{2};
  how.steady = true;
  how.look = [&disk](const meta_truth& truth, epoch_id, bool finished) {
    return look(disk, truth, finished);
  };
  cluster_run ran = simulated_cluster{made, disk, seed, how}.run();
  seed_outcome outcome;
  outcome.problem = ran.run.problem;
  outcome.cuts = std::move(ran.cuts);
  outcome.shown = shown_on(disk, true).epochs;
  outcome.faults = std::move(ran.by_kind);
  outcome.recoveries = ran.recoveries;
  outcome.restarts = ran.starts - std::min<std::uint64_t>(ran.starts, ran.nodes);
  outcome.virtual_us = static_cast<std::uint64_t>(ran.run.virtual_time.count() / 1000);
  outcome.trace = ran.run.trace;
  return outcome;
}

// Rows by number of the cut that was sealed with them.
using rows_by_cut = std::map<std::size_t, std::vector<std::string>>;

std::optional<std::size_t> number_of(const std::vector<sealed_cut>& cuts, const sealed_cut& of) {
  for (std::size_t i = 0; i < cuts.size(); ++i)
    if (cuts[i].sources == of.sources) return i;
  return std::nullopt;
}

// False if a cut is none of `cuts`.
bool gather_rows(const std::vector<sealed_cut>& cuts, const seed_outcome& of, std::size_t sink,
                 rows_by_cut& into) {
  for (const sealed_cut& sealed : of.cuts) {
    const auto number = number_of(cuts, sealed);
    if (!number) return false;
    for (const shown_epoch& epoch : of.shown) {
      if (epoch.sink != sink || epoch.epoch != sealed.epoch.value) continue;
      auto& rows = into[*number];
      rows.insert(rows.end(), epoch.rows.begin(), epoch.rows.end());
    }
  }
  for (auto& [cut, rows] : into) std::sort(rows.begin(), rows.end());
  return true;
}

std::string place(const sealed_cut& cut) {
  std::string text = "epoch " + std::to_string(cut.epoch.value) + " (";
  for (std::size_t i = 0; i < cut.sources.size(); ++i) {
    const auto& part = cut.sources[i];
    text += (i > 0 ? ", " : "") + part.stage;
    if (part.instance > 0) text += "[" + std::to_string(part.instance) + "]";
    text += " at row " + std::to_string(part.rows) + (part.ended ? ", ended" : "");
  }
  return text + ")";
}

// `a` without `b`, each row as often as it is more.
std::vector<std::string> without(const std::vector<std::string>& a,
                                 const std::vector<std::string>& b) {
  std::vector<std::string> left;
  std::set_difference(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(left));
  return left;
}

std::string told(const char* what, const std::vector<std::string>& rows) {
  if (rows.empty()) return {};
  return "\n  " + std::to_string(rows.size()) + " " + what + ", the first: " + rows.front();
}

}  // namespace

seed_outcome run_seed(const graph_description& g, const simulation_inputs& inputs,
                      std::uint64_t seed, const seed_options& options, std::FILE* tells) {
  cluster_options how;
  how.run.chosen = drawn(g, seed, options);
  how.run.shrink = {.policy = !gathers(g),
                    .commits = false,
                    .parallelism = false,
                    .kept_parallel = {},
                    .largest_row = 64 * 1024};
  how.faults = options.faults;
  how.most_faults = options.most_faults;
  how.nodes = options.nodes;
  how.tells = tells;
  return run(g, inputs, seed, std::move(how), nullptr);
}

seed_outcome run_calmly(const graph_description& g, const simulation_inputs& inputs,
                        std::uint64_t seed, std::uint64_t order, const seed_options& options,
                        const std::vector<sealed_cut>& cuts) {
  cluster_options how;
  how.run.chosen = drawn(g, seed, options);
  how.run.shrink = nothing_shrunk;
  // Time goes on only when nobody can do anything: then every source waits at its cut.
  how.run.step_time = std::chrono::nanoseconds{0};
  how.faults = no_faults;
  how.most_faults = 0;
  how.nodes = 1;
  how.calm = true;
  return run(g, inputs, order, std::move(how), cuts.empty() ? nullptr : &cuts);
}

std::vector<sealed_cut> distinct(const std::vector<sealed_cut>& cuts) {
  std::vector<sealed_cut> further;
  for (const sealed_cut& cut : cuts)
    if (further.empty() || further.back().sources != cut.sources) further.push_back(cut);
  return further;
}

std::string difference(const graph_description& g, const seed_outcome& run,
                       const seed_outcome& calm) {
  std::vector<sealed_cut> cuts = distinct(run.cuts);
  // Before a source has read anything a run may commit as well.
  for (const sealed_cut& cut : distinct(calm.cuts))
    if (!number_of(cuts, cut)) {
      if (std::any_of(cut.sources.begin(), cut.sources.end(),
                      [](const auto& part) { return part.rows > 0 || part.ended; }))
        return "the run without faults could not be cut alike: " + place(cut);
      cuts.insert(cuts.begin(), cut);
    }
  const auto sinks = sinks_of(g);
  for (std::size_t sink = 0; sink < sinks.size(); ++sink) {
    rows_by_cut shown, expected;
    if (!gather_rows(cuts, run, sink, shown) || !gather_rows(cuts, calm, sink, expected))
      return "the run without faults could not be cut alike";
    for (std::size_t i = 0; i < cuts.size(); ++i) {
      const auto more = without(shown[i], expected[i]), fewer = without(expected[i], shown[i]);
      if (more.empty() && fewer.empty()) continue;
      return "I2: sink " + g.stages[sinks[sink]].name + " shows other rows in " + place(cuts[i]) +
             " than a run without faults" + told("too many", more) + told("missing", fewer);
    }
  }
  return {};
}

}  // namespace sluice::sim

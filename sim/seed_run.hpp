#pragma once

#include <cstdint>
#include <cstdio>
#include <map>
#include <string>
#include <vector>

#include "sluice/graph/graph_description.hpp"
#include "sluice/graph/settings.hpp"
#include "sluice/records/result.hpp"
#include "sluice/sim/cluster.hpp"
#include "sluice/sim/simulated_ends.hpp"

namespace sluice::sim {

/// How a user's graph is simulated.
struct seed_options {
  settings chosen;  ///< The user's; the seed draws some of them anew.
  cluster_faults faults;
  std::uint64_t most_faults = 6;
  std::size_t nodes = 0;  ///< 0: 2 to 4, drawn.
};

/// What became of one run.
struct seed_outcome {
  std::string problem;  ///< Empty if every check held.
  std::vector<sealed_cut> cuts;
  std::vector<shown_epoch> shown;
  std::map<std::string, std::uint64_t> faults;  ///< By kind.
  std::uint64_t recoveries = 0;
  std::uint64_t restarts = 0;  ///< Of processes.
  std::uint64_t virtual_us = 0;
  std::uint64_t trace = 0;
};

/// Runs `g` on simulated nodes with what `seed` has happen to them, and checks what is checked of
/// every simulated cluster, and that nothing is visible that was not decided (docs/protocol.md I1).
/// What happens is written to `tells`, unless that is null.
seed_outcome run_seed(const graph_description& g, const simulation_inputs& inputs,
                      std::uint64_t seed, const seed_options& options, std::FILE* tells = nullptr);

/// Runs `g` on one node to which nothing happens, with the settings that `seed` draws, the order of
/// steps that `order` draws, and the cuts of `cuts`: what it shows is what should have been shown.
/// With no cuts: those that come by themselves.
seed_outcome run_calmly(const graph_description& g, const simulation_inputs& inputs,
                        std::uint64_t seed, std::uint64_t order, const seed_options& options,
                        const std::vector<sealed_cut>& cuts);

/// The cuts of `cuts` without those at which no source had come further.
std::vector<sealed_cut> distinct(const std::vector<sealed_cut>& cuts);

/// What is wrong with what `run` has shown, if `calm` has run with its cuts; empty if they agree:
/// of every sink, the rows between two cuts are the same as often (docs/protocol.md I2).
std::string difference(const graph_description& g, const seed_outcome& run,
                       const seed_outcome& calm);

std::string bytes_of(const seed_outcome& outcome);
/// Errors: `malformed`.
result<seed_outcome> seed_outcome_of(std::string_view bytes);

}  // namespace sluice::sim

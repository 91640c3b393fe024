#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sluice/graph/graph_description.hpp"
#include "sluice/graph/settings.hpp"
#include "sluice/sim/seeded_random.hpp"

namespace sluice::sim {

/// Which settings may be drawn anew for a simulated run. What a graph promises must hold under all
/// of them; the smallest are the likeliest to show that it does not.
struct shrinking {
  bool policy = true;       ///< of the graph and of some stages: off, micro, mini or both
  bool interval = true;     ///< 1–20 ms
  bool commits = true;      ///< COMMIT on every 1st–4th marker
  bool batches = true;      ///< 1–8 rows; now and then few bytes
  bool windows = true;      ///< one batch, or a few
  bool size = true;         ///< miniBatch.size of 1–50 rows
  bool parallelism = true;  ///< 1–4 instances of every stage
  std::vector<std::string> kept_parallel;  ///< Stages that keep their number of instances.
  std::uint64_t largest_row = 1024;        ///< Bytes of the largest row; every window holds it.
};

/// Sets `id` of `stage`, or of the graph if that is empty, as the seed wants it.
void set_drawn(settings& chosen, setting_id id, const std::string& stage, std::uint64_t value);

/// Returns `chosen` with settings drawn from `random`.
settings shrunk(settings chosen, const graph_description& g, const shrinking& what,
                seeded_random& random);

}  // namespace sluice::sim

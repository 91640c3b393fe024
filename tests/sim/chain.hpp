#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "sluice/graph/graph.hpp"
#include "sluice/connectors/nothing.hpp"
#include "sluice/sim/world.hpp"
#include "sluice/tests/sim/timed_rows.hpp"

namespace sluice::sim {

/// The newest row of a key so far.
struct newest {
  std::uint32_t key;
  std::uint64_t id;
};
SLUICE_RECORD(newest, key, id);

/// What a row of items makes of three aggregates in a row: `first`, `second`, `third`, each giving
/// on the newest row of every key. One key in ten rows; rows of a key are numbered upwards.
struct chain_run {
  simulated_run run;
  std::vector<double> latencies;  ///< ms from a row's birth to the first result that covers it.

  double latency_at(double share) {
    std::sort(latencies.begin(), latencies.end());
    const auto last = static_cast<double>(latencies.size() - 1);
    return latencies.at(static_cast<std::size_t>(share * last));
  }
  const instance_status& stage(const std::string& name) const {
    return *std::find_if(run.status.instances.begin(), run.status.instances.end(),
                         [&](const auto& i) { return i.stage == name; });
  }
  std::uint64_t flushes(const std::string& name, flush_cause why) const {
    return stage(name).work.flushes[static_cast<std::size_t>(why)];
  }
};

inline constexpr std::uint32_t chain_keys = 10;

/// Runs the chain over `bursts`, in the order of `seed`; `tune` sets the graph's options.
template <class Tune>
chain_run run_chain(std::vector<burst> bursts, std::uint64_t seed, Tune tune,
                    simulation_options options = {}) {
  chain_run made;
  std::map<std::uint64_t, instant> born;
  std::map<std::uint32_t, std::uint64_t> covered;  // next id of a key without a result
  graph g{"chain"};
  const auto newer = [](newest& so_far, const newest& row) {
    so_far.id = std::max(so_far.id, row.id);
  };
  g.source("items",
           timed_rows{std::move(bursts),
                      [](std::uint64_t id) { return static_cast<std::uint32_t>(id % chain_keys); }})
      .map([&born](const item& in) {
        born[in.id] = in.born;
        return newest{in.key, in.id};
      })
      .key_by(&newest::key)
      .reduce("first", newer)
      .key_by(&newest::key)
      .reduce("second", newer)
      .key_by(&newest::key)
      .reduce("third", newer)
      .map([&](const newest& in) {
        auto& next = covered.try_emplace(in.key, in.key).first->second;
        for (; next <= in.id; next += chain_keys)
          made.latencies.push_back(static_cast<double>(virtual_instant().us - born[next].us) /
                                   1000);
        return in;
      })
      .sink("out", to::nothing{});
  tune(g);
  options.scenario = "chain";
  options.chosen = settings_in_code(g);
  options.shrink = nothing_shrunk;
  made.run = run_simulated(g, seed, options);
  return made;
}

}  // namespace sluice::sim

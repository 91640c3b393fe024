#pragma once

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sluice/graph/graph.hpp"
#include "sluice/messages/checkpoint.hpp"
#include "sluice/sim/sim_disk.hpp"
#include "sluice/sim/sim_network.hpp"
#include "sluice/sim/world.hpp"
#include "sluice/state/meta_store.hpp"

namespace sluice::sim {

/// What may happen to a simulated cluster.
struct cluster_faults {
  bool kills = true;       ///< A process is killed and started again, at any step.
  bool pauses = true;      ///< One stands still; perhaps another takes its place before it goes on.
  bool partitions = true;  ///< Nodes do not hear each other for a while, also in one direction.
  bool resets = true;      ///< Connections end and are made again.
  bool power = true;       ///< The machine with the disk loses its power, and everybody ends.
  bool unsure = true;      ///< The outcome of a write to the store is not known.
  bool network = true;     ///< Frames get lost, double and late when connections end, and so on:
  bool drops = true;       ///< … they get lost, also while nothing else happens,
  bool doubles = true;     ///< … they come twice,
  bool delays = true;      ///< … they take long.
};

/// Nothing happens.
inline constexpr cluster_faults no_faults{.kills = false,
                                          .pauses = false,
                                          .partitions = false,
                                          .resets = false,
                                          .power = false,
                                          .unsure = false,
                                          .network = false,
                                          .drops = false,
                                          .doubles = false,
                                          .delays = false};

/// Kills the process of node `node` after so many steps of the cluster, once.
struct cluster_kill {
  std::uint64_t step = 0;
  std::size_t node = 0;
};

/// How a run of several nodes is simulated.
struct cluster_options {
  simulation_options run;
  cluster_faults faults;
  std::size_t nodes = 0;  ///< 0: 2 to 4, drawn.
  std::uint64_t most_faults = 6;
  std::optional<cluster_kill> kill;
  /// The only thing that happens: the coordinator stands still, mostly about to decide, and another
  /// takes its place before it goes on. Nothing is locked.
  bool two_coordinators = false;
  /// Looks at what the sinks show: after every commit, after every fault that ends a process, and
  /// at the end (`finished`). `closed`: epochs up to this one are visible at every sink. Returns
  /// what is wrong.
  std::function<std::string(const meta_truth& truth, epoch_id closed, bool finished)> look;
  /// Looks at what is durable when an epoch is sealed (I4). Returns what is missing.
  std::function<std::string(const manifest&)> on_sealed;
  /// No stage is bypassed because grouping does not pay: what it gives depends on cuts alone.
  bool steady = false;
  frame_judge judge;  ///< What becomes of single frames; null: nothing.
  /// Sees why a coordinator that goes on has ended a generation, and when.
  std::function<void(const std::string& why, std::chrono::milliseconds at)> on_recovery;
  bool calm = false;           ///< Nothing is to happen: to recover is a problem then.
  std::FILE* tells = nullptr;  ///< Where what happens is told; null: nowhere.
};

/// How far the sources had come in an epoch that was sealed.
struct sealed_cut {
  struct part {
    std::string stage;
    std::uint32_t instance = 0;
    std::uint64_t rows = 0;  ///< Read by it, since the job began.
    bool ended = false;
    bool operator==(const part&) const = default;
  };
  epoch_id epoch;
  std::vector<part> sources;  ///< By stage, then by instance.
};

/// What became of it.
struct cluster_run {
  simulated_run run;
  std::size_t nodes = 0;
  std::uint64_t faults = 0;  ///< That were injected, resets not among them.
  std::uint64_t resets = 0;
  std::uint64_t generations = 0;
  std::uint64_t recoveries = 0;  ///< Of a coordinator that went on.
  std::uint64_t starts = 0;      ///< Of processes.
  std::uint64_t zombies = 0;     ///< Processes that went on after another had taken their place.
  std::uint64_t stale = 0;       ///< Frames that came after their connection had ended.
  std::uint64_t resent = 0;      ///< Rows and markers sent again.
  std::map<std::string, std::uint64_t> by_kind;  ///< What was injected: `kill`, `pause` …
  std::vector<sealed_cut> cuts;                  ///< In order.
  std::uint64_t first_seal = 0;                  ///< Step of the first seal …
  std::uint64_t second_seal = 0;                 ///< … and of the second.
};

/// Runs `g` with checkpoints on several nodes that share `disk`, all in this thread and in virtual
/// time, while everything goes wrong that `seed` draws, until the run has ended (docs/protocol.md
/// 16). Checks after every step I7 and I9 at both ends of every channel; at every write of a
/// coordinator I3, I4 and I10; at the end I11. The same seed gives the same run.
cluster_run run_cluster_with_faults(const graph& g, sim_disk& disk, std::uint64_t seed,
                                    const cluster_options& options);

}  // namespace sluice::sim

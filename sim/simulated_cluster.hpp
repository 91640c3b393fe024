#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sluice/sim/channel_checks.hpp"
#include "sluice/sim/cluster.hpp"
#include "sluice/sim/cluster_process.hpp"
#include "sluice/sim/sim_network.hpp"
#include "sluice/sim/watched_meta_store.hpp"
#include "sluice/state/memory_meta_store.hpp"

namespace sluice::sim {

/// A node, and the processes that have been it.
struct simulated_node {
  std::string name;
  std::unique_ptr<cluster_process> process;              // null: none
  std::vector<std::unique_ptr<cluster_process>> former;  // that another has taken the place of
  std::chrono::nanoseconds start_at{0};                  // if there is none
  std::uint64_t starts = 0;
  unsigned weight = 1;  // how fast it is
};

/// What `run_cluster_with_faults` runs: processes, what lies between them, what happens to them
/// (simulated_faults.cpp) and what is looked at (simulated_checks.cpp). Runs once.
class simulated_cluster {
 public:
  using microseconds = std::chrono::microseconds;
  using milliseconds = std::chrono::milliseconds;
  using nanoseconds = std::chrono::nanoseconds;

  simulated_cluster(const graph_description& g, sim_disk& disk, std::uint64_t seed,
                    const cluster_options& options);

  cluster_run run();

 private:
  network_faults drawn_network();
  void draw_plan();
  void create_truth();
  std::shared_ptr<meta_store> open_store();
  void start(simulated_node& n);
  void gone(simulated_node& n, bool silently);
  void step();
  bool do_something();
  void wait();
  void ended(simulated_node& n);
  void fault();
  void counted(const char* kind, const std::string& what);
  void kill(simulated_node& n, bool silently);
  milliseconds drawn_time();
  void pause(simulated_node& n);
  void isolate(simulated_node& n, milliseconds time);
  void partition(simulated_node& n, simulated_node& other);
  void reset(simulated_node& n, simulated_node& other);
  void power_failure();
  void begun(const sim_process_name& who, const deployment& part);
  void saw(generation_id g, std::size_t actor, traced kind, std::uint64_t detail);
  bool is_source(const std::string& stage) const;
  void sealed(const manifest& m);
  void note_cut(const manifest& m);
  void check();
  void look(bool finished);
  meta_truth truth();
  void end();
  std::string standing();
  void problem(const std::string& what);
  void say(const std::string& what);

  const graph_description& g_;
  sim_disk& disk_;
  const cluster_options& options_;
  seeded_random random_;
  sim_network network_;
  bool locked_store_;  // the embedded one; else one that several have open at once
  bool supervised_;    // the coordinator is told when a process ends
  memory_meta_store::truth_ref kept_;
  truth_watch watch_;
  std::vector<std::shared_ptr<meta_store>> stores_;
  std::optional<plan> planned_;
  std::vector<node_address> addresses_;
  std::vector<simulated_node> nodes_;
  std::vector<std::pair<std::string, std::string>> known_ends_;
  nanoseconds now_{0};
  std::uint64_t steps_ = 0;
  std::uint64_t faults_left_ = 0;
  std::uint64_t next_fault_ = 0;
  std::uint64_t excused_ = 0;
  nanoseconds trouble_until_{0};
  bool calm_ = false;
  std::map<generation_id, channel_checks> checks_;                          // the newest few
  std::map<std::pair<generation_id, std::size_t>, sim_process_name> runs_;  // who is what
  std::vector<bool> sources_;                                               // by actor
  std::optional<std::pair<generation_id, std::size_t>> moved_;
  epoch_id closed_;
  bool look_due_ = false;
  bool finished_ = false;
  generation_id final_;
  std::uint64_t hash_ = 0;
  std::string problem_;
  cluster_run all_;
};

}  // namespace sluice::sim

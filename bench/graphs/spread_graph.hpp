#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sluice/bench/harness/contest.hpp"
#include "sluice/bench/graphs/keyed_source.hpp"

namespace sluice::bench {

/// The keyed sum with results at the end, by so many workers.
struct spread_run {
  keyed_stretch of{};
  std::size_t instances = 1;  ///< Of the source and of the aggregate.
  std::size_t threads = 1;    ///< Of each process.
  std::size_t nodes = 1;      ///< Processes of this machine, over `ipc://`.
};

/// Runs source → key_by → aggregate → checking sink. Timed from the first timed row that any
/// process makes until the sink has everything; starting processes is not timed. CPU time is of all
/// processes. Throws `std::runtime_error` if the run fails.
outcome run_spread(const spread_run& how, const buffer_pool& pool);

/// What a process is that `run_spread` has started as a node. Returns its exit code.
int spread_node(int argc, char** argv);

}  // namespace sluice::bench

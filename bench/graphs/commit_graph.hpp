#pragma once

#include <chrono>
#include <cstdint>

#include "sluice/bench/harness/contest.hpp"
#include "sluice/bench/graphs/keyed_source.hpp"
#include "sluice/bench/graphs/watched_csv.hpp"

namespace sluice::bench {

/// The keyed sum with the keys that changed written into files at every marker.
struct commit_run {
  keyed_stretch of{};
  std::chrono::milliseconds interval{100};
  bool commits = true;              ///< Every marker is a COMMIT; else without checkpoints.
  keyed_source_hooks at_source{};   ///< Beside its own.
  std::function<void()> visible{};  ///< See `sink_hooks`.
};

/// Composes source → key_by → aggregate → CSV files in `folder`, one worker a process.
void compose_commits(graph& g, const commit_run& how, const std::string& folder, sink_hooks hooks);

/// Runs it in one process. Timed from the first timed row until the files have everything, visibly.
/// The answer is what the files say. Throws `std::runtime_error` if the run fails.
outcome run_commits(const commit_run& how, const buffer_pool& pool);

/// The bound: one loop around the same aggregate, which hands the same bytes to the same files with
/// the same syncs, through one thread that writes. No actor, message, credit or marker.
outcome write_commits(const commit_run& how, const buffer_pool& pool);

}  // namespace sluice::bench

#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "sluice/apps/fraud/fingerprints.hpp"
#include "sluice/apps/fraud/verdict.hpp"
#include "sluice/operators/batch_policy.hpp"

namespace sluice::fraud {

/// How a graph is run; nothing of it may change a result.
struct run_setting {
  /// So far apart that the only marker is the one at the end.
  static constexpr std::chrono::milliseconds at_the_end = std::chrono::hours{24};

  std::chrono::milliseconds every{1'000};
  std::size_t rows = 8'192;  ///< Of a batch.
  std::size_t parallelism = 1;
  batch_policy policy = batch_policy::both;
  std::size_t nodes = 1;  ///< Processes of this machine.
};

/// `policy both, markers every 10 ms, batches of 64 rows, parallelism 4, 3 nodes`
std::string text_of(const run_setting& setting);

/// Every combination of these.
std::vector<run_setting> all_settings(const std::vector<std::chrono::milliseconds>& every,
                                      const std::vector<std::size_t>& rows,
                                      const std::vector<std::size_t>& parallelism,
                                      const std::vector<batch_policy>& policies,
                                      const std::vector<std::size_t>& nodes = {1});

/// A run that has ended: what it counted and what came out of it.
struct finished_run {
  run_counts counts;
  std::unique_ptr<run_record> record;
};

/// Runs the fraud graph over `world`, quietly. Throws `std::runtime_error` if the run fails.
finished_run run_over(const std::shared_ptr<const handbook_world>& world, const fraud_steps& steps,
                      const run_setting& setting, run_record::keep what);

/// V6: runs the graph with each of `settings` and compares what comes out with `expected`. One
/// line, and one more for each setting that gives something else.
std::vector<verdict_line> sweep_verdict(const std::string& name,
                                        const std::shared_ptr<const handbook_world>& world,
                                        const fraud_steps& steps, const fingerprints& expected,
                                        const std::vector<run_setting>& settings);

}  // namespace sluice::fraud

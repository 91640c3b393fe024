#pragma once

#include <functional>
#include <string>
#include <vector>

#include "sluice/bench/harness/contest.hpp"
#include "sluice/bench/harness/options.hpp"
#include "sluice/bench/harness/trial.hpp"

namespace sluice::bench {

/// Which CPUs a benchmark runs on.
enum class placement {
  one_cpu,  // it pins itself: engine and bound share a cache and the same interruptions
  as_started,
};

/// A benchmark: a name and what it measures at each size.
///
///   int main(int argc, char** argv) {
///     return run_program({.bench = "TB", .contests = tables}, argc, argv);
///   }
struct program {
  std::string bench;
  bench::placement placement = placement::one_cpu;
  std::function<std::vector<contest>(size)> contests{};
  std::function<std::vector<trial>(size)> trials{};
};

/// Measures the variants the command line asks for and prints a JSON line for each on standard
/// output, nothing else there; progress goes to standard error. Returns the exit code: 0 if every
/// result was right and, with `--gate`, none failed; 1 otherwise, or if the build lacks what a
/// variant needs; 2 for a usage error.
int run_program(const program& p, int argc, char** argv);

}  // namespace sluice::bench

#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "sluice/bench/harness/contest.hpp"

namespace sluice::bench {

/// A figure with a unit that has to stay on one side of a limit.
struct limit {
  std::string measure;   // "p99_us", "rows_per_cpu_s"
  bool at_most = false;  // else at least
  std::optional<double> gate{};
  std::optional<double> goal{};
};

/// What one run of a trial took and showed.
struct trial_outcome {
  outcome run{};
  std::vector<double> figures;  // in the order of the limits
  bool right = false;           // the results are what they should be
  bool resolved = true;         // the machine was quiet enough to judge by
  json_object more{};           // members of its own, behind those of every line
};

/// A benchmark that is judged by figures of its own, not by the ratio to a bound. Each figure makes
/// a line of output.
struct trial {
  std::string variant;
  std::uint64_t seed = 42;
  std::vector<limit> limits;
  std::string emission = "F";
  std::string guarantee = "none";
  std::uint64_t interval_ms = 0;
  json_object settings{};
  std::optional<std::size_t> repetitions{};  // for long ones; else as asked for
  bool warm_up = true;                       // one repetition first that is thrown away
  std::function<trial_outcome()> run;
};

/// What a trial showed about one of its limits.
struct figure {
  limit of;
  spread value{};
  std::optional<verdict> judged{};
};

/// What a trial showed; medians over its repetitions.
struct trial_finding {
  std::vector<figure> figures;
  std::uint64_t rows = 0;
  double wall_s = 0;
  double cpu_s = 0;
  double allocations_per_mrow = 0;
  std::optional<json_object> latency_us{};
  answer result{};
  bool ok = false;  // in every run
  std::size_t repetitions = 0;
  std::size_t foreign = 0;
  long rss_mib = 0;
  std::size_t attempts = 1;
  json_object more{};  // of the last run
};

/// Runs `t.repetitions` (`repetitions` if it does not say) that count, before them one that is
/// thrown away if `t.warm_up`. With `judging`, figures with a gate get a verdict by their median:
/// one on the right side of the gate passes however noisy the machine; one on the wrong side fails
/// if at most a third of the repetitions were foreign and at least half of them resolved. Else it
/// is unresolved, and the whole trial is measured again, three times in all; then it fails. A wrong
/// result fails at once. Unlike in a contest a foreign repetition is only counted, not repeated:
/// trials are long. Throws `std::invalid_argument` if a run has not one figure for each limit.
trial_finding run_trial(const trial& t, std::size_t repetitions, bool judging,
                        const observer& observe);

}  // namespace sluice::bench

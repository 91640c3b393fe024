#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "sluice/bench/harness/json.hpp"
#include "sluice/bench/harness/verdict.hpp"
#include "sluice/bench/inputs/checksum.hpp"

namespace sluice::bench {

/// What one run of a variant took and gave.
struct outcome {
  std::uint64_t rows = 0;
  answer result{};
  double wall_s = 0;
  double cpu_s = 0;
  std::uint64_t allocations = 0;
  std::optional<json_object> latency_us{};
};

/// One way to compute the answer, run once (a bound: twice) in every repetition.
struct contender {
  std::string name;
  std::function<outcome()> run;
  std::optional<answer> expected{};  // where its input is not the contest's, a shorter one say
};

/// One line of output: a contender against its bound.
struct comparison {
  std::string variant;    // name of the line
  std::string contender;  // measured …
  std::string bound;      // … against this one
  std::optional<double> gate{};
  std::optional<double> goal{};
  std::string emission = "F";
  std::string guarantee = "none";
  std::uint64_t interval_ms = 0;
  json_object settings{};
  bool judge_allocations = true;  // more than 1 per million rows fail
  std::string missing{};          // what this build lacks to run it; usually nothing
};

/// Contenders that compute one answer from one input, interleaved in one run.
struct contest {
  std::string name;
  std::uint64_t seed = 42;
  answer expected{};
  std::vector<comparison> lines;
  std::optional<std::size_t> repetitions{};         // for long ones; else as asked for
  std::function<std::vector<contender>()> prepare;  // builds and warms what the runs use
};

/// What a contest showed about one of its lines; medians over the repetitions.
struct finding {
  comparison line;
  evidence seen{};
  std::uint64_t rows = 0;
  double wall_s = 0;
  double cpu_s = 0;
  double bound_rows_per_s = 0;
  std::optional<json_object> latency_us{};
  answer result{};
  bool ok = false;  // every run of contender and bound gave the expected answer
  long rss_mib = 0;
  std::size_t attempts = 1;
  std::optional<verdict> judged{};
};

/// Runs a repetition and tells which share of its CPUs others used meanwhile.
using observer = std::function<double(const std::function<void()>& repetition)>;

/// The order of one repetition: every contender once, those in `twice` two times, shuffled by the
/// seed.
std::vector<std::size_t> shuffled(std::size_t contenders, const std::vector<bool>& twice,
                                  std::uint64_t seed);

/// Runs the lines of `c` for one repetition that is thrown away and `repetitions` that count. A
/// repetition that others took more than 5 % of is repeated, up to three times, then counted as
/// foreign. With `judging`, lines with a gate get a verdict; an unresolved one is measured again,
/// three times in all, then fails. Throws `std::invalid_argument` if a line names an unknown
/// contender.
std::vector<finding> run_contest(const contest& c, std::size_t repetitions, bool judging,
                                 const observer& observe);

}  // namespace sluice::bench

#pragma once

#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

#include "sluice/apps/fraud/fingerprints.hpp"
#include "sluice/apps/fraud/handbook_world.hpp"
#include "sluice/apps/fraud/run_record.hpp"
#include "sluice/apps/fraud/slow_sinks.hpp"

namespace sluice {
struct run_status;
struct shown_recovery;
}  // namespace sluice

namespace sluice::fraud {

/// One line of a verdict: what was computed, and whether it is what it should be.
struct verdict_line {
  std::string id;      ///< `V1`
  std::string found;   ///< The figures of this run.
  bool right = false;  ///< They are what they should be.
  /// Stands in the place of `ok`, for figures there is nothing to hold against.
  std::string note = {};
};

/// `  V1  rows generated 1754155  read 1754155 …      ok`, or `DIFFERS` at its end.
std::string text_of(const verdict_line& line);

/// Prints a verdict line by line, as it is known, and judges it as a whole.
class printed_verdict {
 public:
  static constexpr int a_line_differs = 4;

  explicit printed_verdict(std::FILE* to = stdout) : to_(to) {}
  void add(const verdict_line& line);
  void add(const std::vector<verdict_line>& lines);
  /// Of the program: 0 if every line so far is right, else `a_line_differs`.
  int exit_code() const { return right_ ? 0 : a_line_differs; }

 private:
  std::FILE* to_;
  bool right_ = true;
};

/// What a run counted itself.
struct run_counts {
  std::uint64_t read = 0;     ///< Payments.
  std::uint64_t commits = 0;  ///< Epochs committed.
};

run_counts counts_of(const run_status& status);

/// V1: as many rows read and in each sink as there are, none missing, none doubled.
verdict_line count_verdict(const handbook_world& world, const run_counts& counts,
                           const run_record& run);
/// V2: the published frauds and scenarios.
verdict_line truth_verdict(const handbook_world& world);
/// V4: the published table, a line a model, champion first; `names` are those of the models.
std::vector<verdict_line> table_verdict(const handbook_world& world, const run_record& run,
                                        const test_period& period);
/// V5: the published firings of R1 to R6, and the alerts they make.
std::vector<verdict_line> rule_verdict(const handbook_world& world, const run_record& run);
/// V7: a node was killed, the others went on from a commit, and what came out is that of one
/// process: lines of what was read again, where, and how long the first commit took.
std::vector<verdict_line> recovery_verdict(const shown_recovery& recovery, std::uint64_t nodes,
                                           const fingerprints& found);
/// V8: every payment answered, none twice in different ways; how long it took.
verdict_line latency_verdict(const run_record& run);
/// V9: few rows may wait for a slow sink without anybody noticing; one for every payment holds the
/// source instead, and memory stays where it was. Afterwards all is as before, within two seconds.
std::vector<verdict_line> slow_alerts_verdict(const slow_sink_run& run);
std::vector<verdict_line> slow_features_verdict(const slow_sink_run& run);
/// V10: `micro` and `single` are rows a second with batches and markers, and row by row; 0 where a
/// run failed or lost rows. There is nothing to hold their ratio against: right if both were
/// measured.
verdict_line batching_verdict(double micro, double single);

}  // namespace sluice::fraud

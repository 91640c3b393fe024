#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "sluice/graph/bench_sweep.hpp"
#include "sluice/operators/run_status.hpp"

namespace sluice {

/// What one run of a `bench` came to.
struct bench_figures {
  bench_sweep::value at;
  std::uint64_t rows = 0;  ///< Of all sources.
  double seconds = 0;
  std::uint64_t epochs = 0;   ///< Markers all sinks are done with.
  std::uint64_t commits = 0;  ///< … of these, COMMITs.
  double marker_ms = 0;       ///< Mean time from opening an epoch until all sinks are done with it.
  double wait_p50_ms = 0;     ///< From the reading of a row until its epoch is done.
  double wait_p99_ms = 0;

  double rows_a_second() const { return seconds > 0 ? static_cast<double>(rows) / seconds : 0; }
  double commits_a_second() const {
    return seconds > 0 ? static_cast<double>(commits) / seconds : 0;
  }
};

/// Figures of a run of which `done_ms` are the times its epochs were done, ascending, from its
/// start.
bench_figures figures_of(const bench_sweep::value& at, const run_status& status,
                         const std::vector<std::uint64_t>& done_ms);

/// How long the `share`-th part of all rows waits at most, in ms, if rows are read evenly: the
/// epoch of a row began when the marker before it was opened, `marker_ms` before that was done.
double wait_at(double share, const std::vector<std::uint64_t>& done_ms, double marker_ms);

/// What was measured with, by name: machine, compiler, settings, seed.
using bench_facts = std::vector<std::pair<std::string, std::string>>;

/// For people: facts, then a table. As JSON: one object on one line.
std::string bench_text(const bench_facts& facts, const bench_sweep& sweep,
                       const std::vector<bench_figures>& points);
std::string bench_json(const bench_facts& facts, const bench_sweep& sweep,
                       const std::vector<bench_figures>& points);

}  // namespace sluice

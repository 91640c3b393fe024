#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "sluice/bench/bounds/keyed_sum.hpp"
#include "sluice/bench/harness/contest.hpp"

namespace sluice::bench {

/// How the graph of the keyed sum runs.
struct keyed_run {
  keyed_input input{};
  std::uint64_t rows = 0;
  std::size_t batch_rows = 8192;
  bool warm = true;  ///< Every key is in the table before the first timed row.
};

/// Runs source → key_by → aggregate → checking sink, results at the end, one worker. Timed from the
/// first timed row the source makes until the sink closes. Throws `std::runtime_error` if the run
/// fails.
outcome run_keyed_graph(const keyed_run& how, const buffer_pool& pool);

}  // namespace sluice::bench

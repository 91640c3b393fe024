#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "sluice/graph/graph_description.hpp"
#include "sluice/graph/settings.hpp"
#include "sluice/records/result.hpp"
#include "sluice/sim/cluster.hpp"
#include "sluice/sim/sim_disk.hpp"

namespace sluice::sim {

/// The rows a source of a user's graph gave before the simulation began.
struct input_rows {
  std::vector<batch_ptr> batches;
  std::uint64_t rows = 0;
  std::uint64_t rejected = 0;
  bool all = false;  ///< Its end was reached; else these are the first rows.
};
/// By stage. The pool of the batches is theirs.
using simulation_inputs = std::map<std::string, std::shared_ptr<const input_rows>>;

/// Reads at most `rows` rows of every source of `g`, waiting at most `patience` for each. Errors,
/// each naming the stage: a source whose rows cannot be read again, one that gives no row, one that
/// cannot be opened or fails.
result<simulation_inputs> read_inputs(const graph_description& g, std::uint64_t rows,
                                      std::chrono::milliseconds patience);

/// Returns `g` with other ends: sources give the rows of `inputs` and can be read again from any of
/// them, row r by instance r mod n; sinks write committed files to `disk`, sink number i those of
/// `.sink<i>`, each row a line of JSON. Refers to `g`, `disk` and `cuts`, which outlive
/// it.
///
/// With `cuts` a source stops at each of them until a COMMIT has passed, so that a run that is not
/// hurried has these cuts and no others.
graph_description with_simulated_ends(const graph_description& g, const simulation_inputs& inputs,
                                      sim_disk& disk,
                                      const std::vector<sealed_cut>* cuts = nullptr);

/// The numbers in `g.stages` of its sinks, ascending.
std::vector<std::size_t> sinks_of(const graph_description& g);

/// Rows of one epoch of one sink, in the order of their text.
struct shown_epoch {
  std::size_t sink = 0;  ///< Number among the sinks.
  std::uint64_t epoch = 0;
  std::vector<std::string> rows;
};
/// What is on the disk.
struct shown_rows {
  std::vector<shown_epoch> epochs;
  std::uint64_t newest = 0;           ///< Epoch of which something is visible; 0: none.
  std::vector<std::string> prepared;  ///< Names of files that nobody looks at.
};
shown_rows shown_on(sim_disk& disk, bool with_rows);

}  // namespace sluice::sim

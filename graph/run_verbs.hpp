#pragma once

#include <string>

#include "sluice/graph/graph.hpp"
#include "sluice/graph/run_command_line.hpp"

namespace sluice {

/// The verbs but those that run the graph once. Each prints what it has to say and returns the exit
/// code: 0, or 2 if graph or settings are wrong, or a key file cannot be written or trusted.
int graph_verb(const graph& g, const command_line& line);
int explain_verb(const graph& g, const command_line& line);
int check_verb(const graph& g, const command_line& line);
/// Runs the graph again and again and prints how fast it was: 0; 1 if a run failed, 130 if somebody
/// stopped it.
int bench_verb(const graph& g, const command_line& line);
/// 0 if a run would go on from the checkpoint, 4 if it differs, 2 if there is none, 3 if it cannot
/// be believed.
int diff_verb(const graph& g, const command_line& line);
/// Stops the run with checkpoints in a directory: 0 once it has ended, 1 if it cannot be told to, 2
/// if nothing runs there.
int stop_verb(const command_line& line);
int list_verb();
int version_verb(const command_line& line);
int help_verb(const command_line& line);
int keys_verb(const command_line& line);

/// Runs the graph on simulated nodes to which happens what seeds draw: 0 if every seed held, 1 if
/// one did not, and the line that runs it again has been printed; 2 if graph, settings or faults
/// are wrong, or a source cannot be simulated. Defined in sim/, which stands below this folder
/// (docs/decisions/simulate.md).
int simulate_verb(const graph& g, const command_line& line);

/// The version of the library: `0.1.0`.
std::string library_version();

}  // namespace sluice

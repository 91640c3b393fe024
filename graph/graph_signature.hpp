#pragma once

#include <string>
#include <vector>

#include "sluice/graph/graph_description.hpp"
#include "sluice/messages/ids.hpp"

namespace sluice {

/// What must be the same for a checkpoint of `g` to be restored: its sources, its stages with state
/// and its sinks, by name, with the records and keys of their inputs, and the versions of the
/// formats. Maps and filters between them may change.
std::string signature_of(const graph_description& g);
graph_hash hash_of(const graph_description& g);

/// Why `g` cannot have checkpoints, one line each: stages whose state cannot be saved.
std::vector<std::string> check_savable(const graph_description& g);

}  // namespace sluice

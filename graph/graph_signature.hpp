#pragma once

#include <string>
#include <vector>

#include "sluice/graph/graph_description.hpp"
#include "sluice/messages/ids.hpp"
#include "sluice/state/graph_outline.hpp"

namespace sluice {

/// What must be the same for a checkpoint of `g` to be restored.
graph_outline outline_of(const graph_description& g);
std::string signature_of(const graph_description& g);
graph_hash hash_of(const graph_description& g);

/// Why `g` cannot have checkpoints, one line each: stages whose state cannot be saved.
std::vector<std::string> check_savable(const graph_description& g);

}  // namespace sluice

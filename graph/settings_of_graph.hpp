#pragma once

#include "sluice/graph/graph_description.hpp"
#include "sluice/graph/settings_reader.hpp"

namespace sluice {

/// A reader that knows the stages of `g` and holds what was set in code.
settings_reader reader_for(const graph_description& g);

}  // namespace sluice

#pragma once

#include <functional>
#include <string>
#include <vector>

#include "sluice/graph/graph.hpp"

namespace sluice {

/// A graph that must be refused, and what is said of it: one line for each mistake, `HERE` standing
/// for the file and line of the call.
struct wrong_graph {
  std::string name;
  std::function<void(graph&)> compose;
  std::vector<std::string> mistakes;
};

/// One graph for each mistake there is. All but the one without a sink write `alerts.csv`.
std::vector<wrong_graph> wrong_graphs();

}  // namespace sluice

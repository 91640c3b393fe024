#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "sluice/graph/cluster.hpp"
#include "sluice/graph/node_children.hpp"
#include "sluice/graph/run_choices.hpp"
#include "sluice/graph/run_command_line.hpp"
#include "sluice/graph/settings.hpp"
#include "sluice/records/result.hpp"

namespace sluice {

/// What the command line says of the nodes of a run.
struct chosen_nodes {
  std::shared_ptr<cluster> of;              ///< Null: one process.
  std::shared_ptr<node_children> children;  ///< Of a run with `--nodes`.
  std::string checkpoints;                  ///< Directory; empty: none are kept.
  bool temporary = false;                   ///< It is gone at the end.

  /// False in a process that is to be another node, unless it takes over.
  bool coordinates() const { return !of || of->is_first(); }
};

/// Reads `--nodes`, or `--name` and the settings of the cluster. Nothing is started yet. Errors:
/// what is missing or wrong among them.
result<chosen_nodes> nodes_of(const command_line& line, const settings& chosen);

/// The names of the nodes of a run as `--nodes` or the settings give them, the coordinator's first.
std::vector<std::string> node_names(const run_choices& choices, const settings& chosen);

/// Has the kernel end this process when the one that started it, `parent`, ends. False if it has
/// ended already.
bool end_with_parent(std::int64_t parent);

}  // namespace sluice

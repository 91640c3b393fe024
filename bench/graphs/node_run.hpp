#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <sys/types.h>

#include "sluice/bench/graphs/scratch_folder.hpp"
#include "sluice/graph/node_children.hpp"
#include "sluice/graph/run.hpp"

namespace sluice::bench {

/// A run on several processes of this machine over `ipc://`: this one is `node-1` and has the
/// coordinator, the others are this program, started with `arguments` and what says which node they
/// are; they end with it. Checkpoints lie in a scratch folder.
///
///   node_run nodes({"node", "--keys", "1000"}, 2);
///   nodes.options().on_epoch = …;
///   run_status status = nodes.run(g);
class node_run {
 public:
  node_run(std::vector<std::string> arguments, std::size_t nodes);

  run_options& options() { return options_; }
  /// Throws `std::runtime_error` if the run cannot begin or fails.
  run_status run(const graph& g);
  /// Process ids of the others, by node.
  const std::vector<std::pair<std::string, pid_t>>& others() const { return children_->running(); }
  /// Ends a node by its process id, as `kill -9` does.
  void kill(const std::string& node) { children_->end(node); }

 private:
  scratch_folder folder_;
  std::unique_ptr<node_children> children_;
  run_options options_;
};

/// True if this process was started to be one of the nodes of `node_run`.
bool is_node(int argc, char** argv);

/// Runs `g` in this process, without checkpoints. Throws `std::runtime_error` if the run fails.
run_status run_here(const graph& g, run_options options);

}  // namespace sluice::bench

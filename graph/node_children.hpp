#pragma once

#include <string>
#include <utility>
#include <vector>

#include <sys/types.h>

#include "sluice/graph/cluster.hpp"
#include "sluice/graph/run_folder.hpp"
#include "sluice/records/result.hpp"

namespace sluice {

/// The processes of the other nodes of a run on this machine: started, and started again when a
/// signal has ended them. They end when this one does, however it does. Not thread-safe.
class node_children {
 public:
  /// `command`: this program with the arguments of the run; `folder`: of the sockets.
  node_children(std::vector<std::string> command, run_folder folder, std::size_t nodes);
  /// Ends those that have not ended by themselves.
  ~node_children();
  node_children(const node_children&) = delete;
  node_children& operator=(const node_children&) = delete;

  const std::vector<node_address>& nodes() const { return nodes_; }
  /// Starts all of them. Errors: no process can be started.
  result<void> start();
  /// Which have ended since the last call, and how: `ended by signal 9`. Those are started again;
  /// one that ended by itself is not, and has an exit code in what is said.
  std::vector<std::pair<std::string, std::string>> tend();
  /// Ends a node that hangs, so that it is started again.
  void end(const std::string& node);
  /// Process ids, by node; -1: none runs.
  const std::vector<std::pair<std::string, pid_t>>& running() const { return children_; }
  /// From now on nobody is started again. Waits a moment for everybody to end.
  void let_go();

 private:
  result<pid_t> spawn(const std::string& node) const;

  std::vector<std::string> command_;
  run_folder folder_;  // outlives the others
  std::vector<node_address> nodes_;
  std::vector<std::pair<std::string, pid_t>> children_;
};

}  // namespace sluice

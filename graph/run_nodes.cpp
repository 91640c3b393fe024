#include "sluice/graph/run_nodes.hpp"

#include <algorithm>
#include <csignal>
#include <utility>

#include <sys/prctl.h>
#include <unistd.h>

#include "sluice/graph/cluster_keys.hpp"

namespace sluice {

namespace {

error wrong(std::string what) { return {error_code::refused, std::move(what)}; }

result<chosen_nodes> named(const run_choices& choices, const settings& settled) {
  if (settled.nodes().empty())
    return wrong("--name " + choices.node_name +
                 " needs the nodes: --cluster NAME=ADDRESS,…, or cluster.nodes in a file");
  auto nodes = read_nodes(settled.nodes());
  if (!nodes) return nodes.failure();
  if (choices.checkpoints.empty())
    return wrong("several nodes need --checkpoints DIR, a directory that all of them see");
  chosen_nodes chosen;
  chosen.checkpoints = choices.checkpoints;
  auto keys = read_cluster_keys(settled.key_file(), settled.allowed_file(), choices.node_name);
  if (!keys) return keys.failure();
  chosen.of = std::make_shared<cluster>(cluster{std::move(nodes).value(), choices.node_name,
                                                std::move(keys).value(), choices.insecure});
  const auto& all = chosen.of->nodes;
  if (std::none_of(all.begin(), all.end(),
                   [&](const auto& node) { return node.node == choices.node_name; }))
    return wrong("--name " + choices.node_name + ": there is no such node in cluster.nodes");
  return chosen;
}

result<chosen_nodes> started_here(const command_line& line) {
  auto folder = run_folder::make();
  if (!folder) return folder.failure();
  std::vector<std::string> command{line.program()};
  command.insert(command.end(), line.arguments().begin(), line.arguments().end());
  chosen_nodes chosen;
  chosen.checkpoints = line.choices().checkpoints;
  if (chosen.checkpoints.empty()) {
    chosen.checkpoints = folder.value().path() + "/checkpoints";
    chosen.temporary = true;
    command.insert(command.end(), {"--checkpoints", chosen.checkpoints});
  }
  chosen.children = std::make_shared<node_children>(std::move(command), std::move(folder).value(),
                                                    line.choices().nodes);
  const auto& nodes = chosen.children->nodes();
  chosen.of = std::make_shared<cluster>(cluster{nodes, nodes.front().node});
  return chosen;
}

}  // namespace

result<chosen_nodes> nodes_of(const command_line& line, const settings& settled) {
  const run_choices& choices = line.choices();
  if (!choices.node_name.empty()) return named(choices, settled);
  if (line.verb() == "node")
    return wrong("node needs --name NAME, and the nodes: --cluster NAME=ADDRESS,…");
  if (!settled.nodes().empty())
    return wrong("several nodes are configured: --name NAME says which of them this is");
  if (choices.nodes > 1) return started_here(line);
  chosen_nodes chosen;
  chosen.checkpoints = choices.checkpoints;
  return chosen;
}

std::vector<std::string> node_names(const run_choices& choices, const settings& settled) {
  std::vector<node_address> nodes = local_nodes(choices.nodes, {});
  if (auto listed = read_nodes(settled.nodes())) nodes = std::move(listed).value();
  std::vector<std::string> names;
  for (const auto& node : nodes) names.push_back(node.node);
  return names;
}

bool end_with_parent(std::int64_t parent) {
  if (parent == 0) return true;
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  return ::getppid() == parent;
}

}  // namespace sluice

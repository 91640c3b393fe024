#include "sluice/bench/graphs/node_run.hpp"

#include <stdexcept>
#include <string_view>

#include "sluice/graph/cluster.hpp"
#include "sluice/graph/settings.hpp"

namespace sluice::bench {
namespace {

constexpr std::string_view node_verb = "node";

std::vector<std::string> command_of(std::vector<std::string> arguments,
                                    const std::string& checkpoints) {
  std::vector<std::string> command{"bench", std::string{node_verb}, "--quiet", "--checkpoints",
                                   checkpoints};
  command.insert(command.end(), arguments.begin(), arguments.end());
  return command;
}

run_status checked(result<run_status> ended) {
  if (!ended) throw std::runtime_error(ended.failure().message);
  if (!ended.value().finished) throw std::runtime_error(ended.value().failure);
  return std::move(ended).value();
}

void without_rejects(run_options& options) {
  options.rejects = [](const std::string&) { return std::shared_ptr<reject_log>{}; };
}

}  // namespace

node_run::node_run(std::vector<std::string> arguments, std::size_t nodes) {
  auto sockets = run_folder::make();
  if (!sockets) throw std::runtime_error(sockets.failure().message);
  const std::string checkpoints = folder_.path("checkpoints");
  children_ = std::make_unique<node_children>(command_of(std::move(arguments), checkpoints),
                                              std::move(sockets).value(), nodes);
  options_.checkpoints = checkpoints;
  options_.nodes =
      std::make_shared<cluster>(cluster{children_->nodes(), children_->nodes().front().node});
  options_.tend = [this] { return children_->tend(); };
  without_rejects(options_);
}

run_status node_run::run(const graph& g) {
  if (auto started = children_->start(); !started)
    throw std::runtime_error(started.failure().message);
  auto ended = run_graph(g, settings_in_code(g), options_);
  children_->let_go();
  return checked(std::move(ended));
}

bool is_node(int argc, char** argv) { return argc > 1 && argv[1] == node_verb; }

run_status run_here(const graph& g, run_options options) {
  without_rejects(options);
  return checked(run_graph(g, settings_in_code(g), options));
}

}  // namespace sluice::bench

#include "sluice/graph/placement.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

namespace sluice {

namespace {

constexpr std::string_view node_word = "node ";

class spreading {
 public:
  spreading(const graph_description& g, const plan& p, const std::vector<std::string>& nodes)
      : g_(g), plan_(p), nodes_(nodes), load_(nodes.size()) {}

  placement make() {
    for (std::size_t s = 0; s < plan_.stages.size(); ++s)
      for (const std::size_t node : nodes_of(s)) {
        made_.node_of.push_back(nodes_[node]);
        ++load_[node];
      }
    return std::move(made_);
  }

 private:
  // By instance.
  std::vector<std::size_t> nodes_of(std::size_t s) {
    const planned_stage& stage = plan_.stages[s];
    if (stays(stage)) return placed_[s] = std::vector<std::size_t>(stage.instances, 0);
    if (const auto source = source_of(s)) return placed_[*source];
    return placed_[s] = spread_out(stage.instances);
  }

  bool stays(const planned_stage& stage) const {
    const std::size_t first = stage.operations.front().node;
    return first != planned_operation::no_node && g_.stages[first].stays;
  }

  // The source whose batcher this is.
  std::optional<std::size_t> source_of(std::size_t s) const {
    for (const planned_edge& edge : plan_.edges)
      if (edge.to_stage == s && plan_.stages[edge.from_stage].role == stage_role::source &&
          plan_.stages[s].operations.front().node == planned_operation::no_node)
        return edge.from_stage;
    return std::nullopt;
  }

  // In ranges where there are more instances than nodes, as keys are; fewer go where least is.
  std::vector<std::size_t> spread_out(std::size_t instances) const {
    std::vector<std::size_t> chosen;
    if (instances >= nodes_.size()) {
      for (std::size_t i = 0; i < instances; ++i) chosen.push_back(i * nodes_.size() / instances);
      return chosen;
    }
    std::vector<std::size_t> order(nodes_.size());
    for (std::size_t n = 0; n < order.size(); ++n) order[n] = n;
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return load_[a] < load_[b]; });
    chosen.assign(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(instances));
    std::sort(chosen.begin(), chosen.end());
    return chosen;
  }

  const graph_description& g_;
  const plan& plan_;
  const std::vector<std::string>& nodes_;
  std::vector<std::size_t> load_;  // instances, by node
  std::map<std::size_t, std::vector<std::size_t>> placed_;
  placement made_;
};

// What a combined row is made of.
std::string combined_text(const planned_edge& edge) {
  std::string text;
  if (!edge.combined) return text;
  for (const field_info& field : edge.combined->fields)
    (text += ' ') += std::string(field.name) + ':' + std::string(to_string(field.type));
  return " combined" + text;
}

// Everything two nodes must agree on before rows can go from one to the other.
std::vector<std::string> lines_of(const plan& p) {
  const auto number = [](std::uint64_t n) { return ' ' + std::to_string(n); };
  std::vector<std::string> lines;
  lines.push_back("markers" + number(p.interval_ms) + number(p.commit_every));
  for (const planned_stage& stage : p.stages)
    lines.push_back("stage " + stage.name + number(stage.instances) +
                    number(static_cast<std::uint64_t>(stage.policy)) + number(stage.timer_ms) +
                    number(stage.size) + number(stage.bounds.rows) + number(stage.bounds.bytes));
  for (const planned_edge& edge : p.edges)
    lines.push_back("edge " + p.stages[edge.from_stage].name + " to " +
                    p.stages[edge.to_stage].name + number(edge.from_operation) + number(edge.port) +
                    number(edge.input) + number(static_cast<std::uint64_t>(edge.how)) +
                    number(edge.window.rows) + number(edge.window.bytes) + combined_text(edge));
  return lines;
}

}  // namespace

placement place_evenly(const graph_description& g, const plan& p,
                       const std::vector<std::string>& nodes) {
  return spreading{g, p, nodes}.make();
}

std::string plan_bytes(const plan& p, const placement& places) {
  std::string bytes;
  for (const auto& line : lines_of(p)) bytes += line + '\n';
  for (const auto& node : places.node_of) (bytes += node_word) += node + '\n';
  return bytes;
}

result<placement> read_plan_bytes(std::string_view bytes, const plan& p) {
  const auto next = [&] {
    const auto end = bytes.find('\n');
    const auto line = bytes.substr(0, end);
    bytes.remove_prefix(end == bytes.npos ? bytes.size() : end + 1);
    return line;
  };
  for (const auto& mine : lines_of(p))
    if (const auto line = next(); line != mine)
      return error{error_code::refused, "the graph is planned otherwise here: \"" + mine +
                                            "\", at the coordinator \"" + std::string{line} +
                                            "\"; all nodes need the same settings"};
  placement places;
  while (!bytes.empty()) {
    const auto line = next();
    if (!line.starts_with(node_word))
      return error{error_code::malformed, "the placement has a line \"" + std::string{line} + "\""};
    places.node_of.emplace_back(line.substr(node_word.size()));
  }
  std::size_t instances = 0;
  for (const auto& stage : p.stages) instances += stage.instances;
  if (places.node_of.size() != instances)
    return error{error_code::malformed, "the placement has " +
                                            std::to_string(places.node_of.size()) +
                                            " instances of " + std::to_string(instances)};
  return places;
}

std::string placement_text(const plan& p, const placement& places) {
  std::map<std::string, std::string> of_node;
  std::size_t number = 0;
  for (const planned_stage& stage : p.stages) {
    std::map<std::string, std::string> here;
    for (std::size_t i = 0; i < stage.instances; ++i) {
      std::string& list = here[places.node_of[number++]];
      list += (list.empty() ? "" : ",") + std::to_string(i);
    }
    for (const auto& [node, list] : here) {
      std::string& line = of_node[node];
      line +=
          (line.empty() ? "" : ", ") + stage.name + (stage.instances == 1 ? "" : " [" + list + "]");
    }
  }
  std::string text;
  for (const auto& [node, line] : of_node) text += node + ": " + line + '\n';
  return text;
}

}  // namespace sluice

#include "sluice/graph/graph_text.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace sluice {

namespace {

// One line of the picture: the rails at the left, which take `width` columns, and the words behind.
struct drawn_line {
  std::vector<std::string> rails;
  std::string name;
  std::string role;
  std::string text;
};

// Draws the stages from top to bottom. An edge that is on its way occupies a rail; a stage takes
// the leftmost rail that leads to it, joins the others into it and opens new ones for what leaves
// it.
class rail_picture {
 public:
  explicit rail_picture(const graph_description& g) : g_(g), edges_(edges_of(g)) {
    for (std::size_t stage = 0; stage < g.stages.size(); ++stage) draw(stage);
  }

  const std::vector<drawn_line>& lines() const { return lines_; }

 private:
  static constexpr std::size_t none = SIZE_MAX;

  void draw(std::size_t stage) {
    std::vector<std::size_t> arriving;
    for (std::size_t rail = 0; rail < rails_.size(); ++rail)
      if (rails_[rail] != none && edges_[rails_[rail]].to == stage) arriving.push_back(rail);
    std::size_t at = 0;
    if (arriving.empty()) {
      at = free_rail(0);
    } else {
      at = arriving.front();
      join(arriving);
    }
    auto rails = straight();
    rails[at] = "●";
    const stage_node& node = g_.stages[stage];
    lines_.push_back({std::move(rails), node.name, std::string{role_of(node.kind)}, node.what});
    rails_[at] = none;
    part(stage, at);
    while (!rails_.empty() && rails_.back() == none) rails_.pop_back();
  }

  // The line above a stage: its rails run together, with what runs on them.
  void join(const std::vector<std::size_t>& arriving) {
    std::string labels;
    std::vector<std::string> said;
    for (const std::size_t rail : arriving) {
      const std::string& label = edges_[rails_[rail]].label;
      if (std::find(said.begin(), said.end(), label) != said.end()) continue;
      labels += (said.empty() ? "" : "; ") + label;
      said.push_back(label);
    }
    auto rails = arriving.size() == 1 ? straight() : crossing(arriving, "┴", "╯");
    lines_.push_back({std::move(rails), {}, {}, std::move(labels)});
    for (std::size_t i = 1; i < arriving.size(); ++i) rails_[arriving[i]] = none;
  }

  // The line below a stage of several outputs: a rail for each.
  void part(std::size_t stage, std::size_t at) {
    std::vector<std::size_t> leaving;
    for (std::size_t edge = 0; edge < edges_.size(); ++edge) {
      if (edges_[edge].from != stage) continue;
      const std::size_t rail = leaving.empty() ? at : free_rail(at + 1);
      rails_[rail] = edge;
      leaving.push_back(rail);
    }
    if (leaving.size() > 1) lines_.push_back({crossing(leaving, "┬", "╮"), {}, {}, {}});
  }

  std::size_t free_rail(std::size_t from) {
    for (std::size_t rail = from; rail < rails_.size(); ++rail)
      if (rails_[rail] == none) return rail;
    rails_.resize(std::max(rails_.size(), from) + 1, none);
    return rails_.size() - 1;
  }

  std::vector<std::string> straight() const {
    std::vector<std::string> rails;
    for (const std::size_t edge : rails_) rails.emplace_back(edge == none ? " " : "│");
    return rails;
  }

  // A horizontal line from the first of `ends` to the last, over the rails between them.
  std::vector<std::string> crossing(const std::vector<std::size_t>& ends, const char* inner,
                                    const char* last) const {
    auto rails = straight();
    rails[ends.front()] = "├";
    for (std::size_t rail = ends.front() + 1; rail <= ends.back(); ++rail) {
      const bool end = std::find(ends.begin(), ends.end(), rail) != ends.end();
      rails[rail] = end ? (rail == ends.back() ? last : inner) : rails_[rail] == none ? "─" : "┼";
    }
    return rails;
  }

  const graph_description& g_;
  std::vector<drawn_edge> edges_;
  std::vector<std::size_t> rails_;  // the edge on each, or none
  std::vector<drawn_line> lines_;
};

// Rails with a blank between them, or a line where one runs through.
std::string rails_text(const std::vector<std::string>& rails, std::size_t width) {
  static const std::vector<std::string_view> open_right{"├", "─", "┼", "┴", "┬"};
  std::string text;
  for (std::size_t i = 0; i < width; ++i) {
    const std::string rail = i < rails.size() ? rails[i] : " ";
    text += rail;
    text += std::find(open_right.begin(), open_right.end(), rail) != open_right.end() ? "─" : " ";
  }
  return text;
}

std::string padded(std::string text, std::size_t width) {
  text.resize(std::max(text.size(), width), ' ');
  return text;
}

std::string list_of(const std::vector<std::string>& names) {
  std::string text;
  for (const auto& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

// What holds about rows that are read and written (docs/protocol.md 12, 13), as far as this version
// goes.
std::string guarantees(const graph_description& g) {
  std::vector<std::string> fleeting, logged, committing, repeating;
  for (const auto& stage : g.stages) {
    if (stage.kind == stage_kind::source && !stage.replayable) fleeting.push_back(stage.name);
    if (stage.kind == stage_kind::source && stage.logged) logged.push_back(stage.name);
    if (stage.kind == stage_kind::sink)
      (stage.commits ? committing : repeating).push_back(stage.name);
  }
  std::string text = "guarantees\n";
  const auto say = [&](const std::vector<std::string>& names, const std::string& what) {
    if (!names.empty()) text += "  " + list_of(names) + ": " + what + '\n';
  };
  say(fleeting, "at most once; what was read cannot be read again");
  say(logged,
      "what was read can be read again in a run with checkpoints; without them at most once");
  say(committing, "exactly once with --checkpoints, shown by epoch");
  say(repeating, "at least once: with --checkpoints rows are shown again after a failure");
  return text +
         "  without --checkpoints a run that fails leaves in its sinks what it has written\n";
}

}  // namespace

std::string_view role_of(stage_kind kind) {
  switch (kind) {
    case stage_kind::source:
      return "source";
    case stage_kind::transform:
      return "batcher";
    case stage_kind::keyed:
      return "aggregator";
    case stage_kind::sink:
      return "sink";
  }
  return "?";
}

std::vector<drawn_edge> edges_of(const graph_description& g) {
  std::vector<drawn_edge> edges;
  for (std::size_t to = 0; to < g.stages.size(); ++to)
    for (const auto& input : g.stages[to].inputs) {
      std::string label{input.fields->name};
      if (!input.keys.empty()) label += ", key " + input.keys.names(*input.fields);
      for (const auto& from : input.from) edges.push_back({from.stage, to, label});
    }
  return edges;
}

std::string graph_text(const graph_description& g) {
  const rail_picture picture{g};
  std::size_t rails = 0, names = 0;
  for (const auto& line : picture.lines()) {
    rails = std::max(rails, line.rails.size());
    names = std::max(names, line.name.size());
  }
  std::string text = g.name + "\n\n";
  for (const auto& line : picture.lines()) {
    std::string row = "  " + rails_text(line.rails, rails) + " " + padded(line.name, names) + "  ";
    row += line.role.empty() ? line.text : padded(line.role, 12) + line.text;
    row.erase(row.find_last_not_of(' ') + 1);
    text += row + "\n";
  }
  return text + "\n" + guarantees(g);
}

}  // namespace sluice

#include "sluice/graph/graph_description.hpp"

#include <algorithm>
#include <map>
#include <string_view>

#include "sluice/graph/graph_error.hpp"

namespace sluice {

namespace {

std::string line_of(const call_site& at) {
  const std::string_view file = at.file_name();
  const std::size_t slash = file.rfind('/');
  return std::string{slash == std::string_view::npos ? file : file.substr(slash + 1)} + ":" +
         std::to_string(at.line());
}

std::string joined(const std::vector<std::string>& lines) {
  std::string all;
  for (const auto& line : lines) all += (all.empty() ? "" : "\n") + line;
  return all;
}

// Every stage above `stage`, itself included.
std::vector<bool> above(const graph_description& g, std::size_t stage) {
  std::vector<bool> seen(g.stages.size());
  std::vector<std::size_t> open{stage};
  while (!open.empty()) {
    const std::size_t s = open.back();
    open.pop_back();
    if (seen[s]) continue;
    seen[s] = true;
    for (const auto& input : g.stages[s].inputs)
      for (const auto& p : input.from) open.push_back(p.stage);
  }
  return seen;
}

void check_names(const graph_description& g, std::vector<std::string>& mistakes) {
  std::map<std::string_view, const stage_node*> names;
  for (const auto& s : g.stages) {
    if (s.name.empty())
      mistakes.push_back(place_of(s) +
                         "its name is empty; it is the stage's identity in settings, "
                         "metrics and checkpoints");
    const auto [first, fresh] = names.emplace(s.name, &s);
    if (!fresh && !s.name.empty())
      mistakes.push_back(place_of(s) + "another stage has this name (" +
                         line_of(first->second->at) + ")");
  }
}

void check_consumers(const graph_description& g, std::vector<std::string>& mistakes) {
  std::vector<std::vector<bool>> used;
  for (const auto& s : g.stages) used.emplace_back(s.outputs.size());
  for (const auto& s : g.stages)
    for (const auto& input : s.inputs)
      for (const auto& p : input.from) used[p.stage][p.port] = true;
  for (std::size_t i = 0; i < g.stages.size(); ++i) {
    const stage_node& s = g.stages[i];
    for (std::size_t port = 0; port + s.side_ports < s.outputs.size(); ++port)
      if (!used[i][port])
        mistakes.push_back(place_of(s) + "its rows (" + std::string{s.outputs[port]->name} +
                           ") go nowhere; end it with .sink(...)");
  }
}

// A stage that has a cycle above it, or no source.
void check_paths(const graph_description& g, std::vector<std::string>& mistakes) {
  for (std::size_t i = 0; i < g.stages.size(); ++i) {
    const stage_node& s = g.stages[i];
    std::vector<bool> upstream(g.stages.size());
    for (const auto& input : s.inputs)
      for (const auto& p : input.from) {
        const auto seen = above(g, p.stage);
        for (std::size_t k = 0; k < seen.size(); ++k) upstream[k] = upstream[k] || seen[k];
      }
    if (upstream[i]) {
      mistakes.push_back(place_of(s) + "it is part of a cycle; markers could not be aligned");
      continue;
    }
    bool source = s.kind == stage_kind::source;
    for (std::size_t k = 0; k < upstream.size(); ++k) {
      if (!upstream[k] || g.stages[k].kind != stage_kind::source) continue;
      source = true;
      if (s.ordered && !g.stages[k].event_time)
        mistakes.push_back(place_of(s) + "it works in event-time order, but source \"" +
                           g.stages[k].name + "\" (" + line_of(g.stages[k].at) +
                           ") has no .event_time(...)");
    }
    if (!source)
      mistakes.push_back(place_of(s) + "no source leads to it, so no marker would ever reach it");
  }
}

// The sources whose rows reach `stage` as they were read.
std::vector<const stage_node*> untouched_sources(const graph_description& g,
                                                 const stage_input& input) {
  std::vector<const stage_node*> sources;
  std::vector<bool> seen(g.stages.size());
  std::vector<producer> open = input.from;
  while (!open.empty()) {
    const std::size_t s = open.back().stage;
    open.pop_back();
    if (seen[s]) continue;
    seen[s] = true;
    const stage_node& node = g.stages[s];
    if (node.kind == stage_kind::source) sources.push_back(&node);
    if (node.keeps_rows)
      open.insert(open.end(), node.inputs[0].from.begin(), node.inputs[0].from.end());
  }
  return sources;
}

// Rows in the order of a field the watermark says nothing about. Behind a map nobody can tell.
void check_orders(const graph_description& g, std::vector<std::string>& mistakes) {
  for (const auto& s : g.stages)
    for (const auto& input : s.inputs) {
      if (!input.order_by || *input.order_by >= input.fields->fields.size()) continue;
      for (const stage_node* source : untouched_sources(g, input)) {
        if (!source->event_time || source->event_time->column == *input.order_by) continue;
        const auto& fields = source->outputs[0]->fields;
        mistakes.push_back(
            place_of(s) + "it works in the order of " + std::string{fields[*input.order_by].name} +
            ", but the event time of source \"" + source->name + "\" (" + line_of(source->at) +
            ") is " + std::string{fields[source->event_time->column].name});
      }
    }
}

}  // namespace

graph_error::graph_error(std::vector<std::string> mistakes)
    : std::runtime_error(joined(mistakes)), mistakes_(std::move(mistakes)) {}

std::string place_of(const stage_node& stage) { return place_of(stage, stage.at); }

std::string place_of(const stage_node& stage, const call_site& call) {
  return line_of(call) + ": stage \"" + stage.name + "\": ";
}

std::vector<std::string> check_graph(const graph_description& g) {
  std::vector<std::string> mistakes = g.mistakes;
  const auto has = [&](stage_kind kind) {
    return std::any_of(g.stages.begin(), g.stages.end(),
                       [&](const auto& s) { return s.kind == kind; });
  };
  const std::string graph_place = line_of(g.at) + ": graph \"" + g.name + "\": ";
  if (!has(stage_kind::source)) mistakes.push_back(graph_place + "it has no source");
  if (!has(stage_kind::sink)) mistakes.push_back(graph_place + "it has no sink");
  check_names(g, mistakes);
  check_consumers(g, mistakes);
  check_paths(g, mistakes);
  check_orders(g, mistakes);
  return mistakes;
}

}  // namespace sluice

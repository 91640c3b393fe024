#include "sluice/graph/explain_plan.hpp"

#include <algorithm>

#include "sluice/graph/run_number_text.hpp"
#include "sluice/graph/settings_keys.hpp"
#include "sluice/graph/settings_value.hpp"
#include "sluice/state/key_groups.hpp"

namespace sluice {

namespace {

// `1000 ms (default)`, or the place that chose it.
std::string with_origin(const settings& chosen, setting_id id) {
  const setting& entry = *chosen.find(id);
  return format_value(describe(id), entry.value, entry.text) + " (" + place(entry.origin) + ")";
}

std::string names_of(const graph_description& g, const planned_stage& stage) {
  std::string names;
  for (const auto& operation : stage.operations) {
    const bool gather = operation.node == planned_operation::no_node;
    names += (names.empty() ? "" : ", ") +
             (gather ? std::string{"gather"} : g.stages[operation.node].name);
  }
  return names;
}

// What the first operation of a stage does; of several the names too.
std::string work_of(const graph_description& g, const planned_stage& stage) {
  const std::size_t first = stage.operations.front().node;
  std::string text = first == planned_operation::no_node ? "" : g.stages[first].what;
  if (stage.operations.size() > 1)
    text += (text.empty() ? "" : "; ") + ("fused(" + names_of(g, stage) + ")");
  return text.empty() ? "gather" : text;
}

std::string key_groups_of(std::size_t instances) {
  std::string text = "key groups ";
  constexpr std::size_t shown = 4;
  for (std::size_t i = 0; i < std::min(instances, shown); ++i) {
    const key_group_range range = groups_of(i, instances);
    text +=
        (i == 0 ? "" : ", ") + std::to_string(range.first) + "–" + std::to_string(range.end - 1);
  }
  return instances > shown ? text + ", …" : text;
}

std::string flushes_of(const planned_stage& stage) {
  const std::string rows = counted(stage.size, "row");
  switch (stage.policy) {
    case batch_policy::off:
      return "flushes after every batch";
    case batch_policy::micro:
      return "flushes at the marker";
    case batch_policy::mini:
      return "flushes every " + std::to_string(stage.timer_ms) + " ms or " + rows;
    case batch_policy::both:
      return "flushes at the marker or after " + rows;
    case batch_policy::automatic:
      return "flushes as the load asks for";
  }
  return {};
}

std::string commits_of(const plan& p) {
  if (p.commit_every == 1) return "commit with every marker";
  return "commit with one marker in " + grouped(p.commit_every);
}

std::string spread_text(const planned_edge& edge, std::size_t targets) {
  switch (edge.how) {
    case spread::same:
      return "straight";
    case spread::by_key:
      return "by key " + edge.keys.names(*edge.fields) + " over " + counted(targets, "instance");
    case spread::in_turn:
      return "in turn over " + counted(targets, "instance");
    case spread::broadcast:
      return "to all of " + counted(targets, "instance");
  }
  return {};
}

std::string edge_text(const plan& p, const planned_edge& edge) {
  const std::size_t channels = p.stages[edge.from_stage].instances * targets_of(p, edge);
  std::string text = "  ──▶ " + p.stages[edge.to_stage].name + "  ";
  text +=
      spread_text(edge, p.stages[edge.to_stage].instances) + ", " + counted(channels, "channel");
  text += ", credit " + counted(edge.window.rows, "row") + " and " + bytes_text(edge.window.bytes);
  text += "; batches of " + counted(edge.gather.bounds.rows, "row");
  if (edge.gather.until_marker) text += ", filled until the marker";
  if (edge.gather.multiple != 0) text += ", cut at " + counted(edge.gather.multiple, "row");
  return text + "\n";
}

std::string stage_text(const graph_description& g, const planned_stage& stage) {
  std::string text = stage.name + "  " + std::string{to_string(stage.role)} + "  ";
  text += counted(stage.instances, "actor") + "\n";
  text += "  " + work_of(g, stage) + "\n";
  if (stage.role != stage_role::aggregator) return text;
  text += "  " + key_groups_of(stage.instances);
  if (stage.adaptive) text += "; " + flushes_of(stage);
  return text + "\n";
}

}  // namespace

std::string explain_plan(const graph_description& g, const plan& p, const settings& chosen) {
  std::string text =
      g.name + ": " + counted(g.stages.size(), "stage") + " in " + counted(p.actors(), "actor");
  text += " (one of them the coordinator), " + counted(p.channels(), "channel") + ", ";
  text += counted(p.threads, "scheduler thread") + "\n";
  text += "marker every " + with_origin(chosen, setting_id::latency);
  text += ", " + commits_of(p) + " (" + place(chosen.find(setting_id::commit_every)->origin) + ")";
  text += ", policy " + with_origin(chosen, setting_id::policy) + "\n";
  for (std::size_t i = 0; i < p.stages.size(); ++i) {
    text += "\n" + stage_text(g, p.stages[i]);
    for (const auto& edge : p.edges)
      if (edge.from_stage == i) text += edge_text(p, edge);
  }
  text += "\nmemory bound: " + bytes_text(p.window_bytes()) +
          " in channels (the sum of their credit); state and the batches being filled come on "
          "top\n";
  return text;
}

std::string explain_wires(const graph_description& g, const plan& p, const settings& chosen,
                          const placement& places) {
  const auto crosses = [&](const planned_edge& edge) {
    for (std::size_t i = 0; i < p.stages[edge.from_stage].instances; ++i)
      for (std::size_t t = 0; t < targets_of(p, edge); ++t)
        if (places.node_of[p.first_of(edge.from_stage) + i] !=
            places.node_of[p.first_of(edge.to_stage) + receiver_of(p, edge, i, t)])
          return true;
    return false;
  };
  std::string text;
  for (const planned_edge& edge : p.edges) {
    const planned_stage& to = p.stages[edge.to_stage];
    if (edge.keys.empty() || !crosses(edge)) continue;
    text += p.stages[edge.from_stage].name + " ──▶ " + to.name + "  ";
    const stage_node& node = g.stages[to.operations.front().node];
    if (node.combined)
      text += edge.combined ? "combined by key" : "as they are";
    else
      text += "as they are: " +
              (node.whole_rows.empty() ? "it takes them one by one, in order" : node.whole_rows);
    if (node.combined) {
      const setting* said = chosen.find(setting_id::pre_aggregate, node.name);
      if (!said) said = chosen.find(setting_id::pre_aggregate);
      text += ", batch.pre_aggregate " + std::string{to_string(edge.before_wire)} + " (" +
              place(said->origin) + ")";
    }
    text += '\n';
  }
  return text.empty() ? text : "rows by key to other nodes\n" + text;
}

std::string start_line(const graph_description& g, const plan& p, const settings& chosen) {
  return g.name + ": " + counted(g.stages.size(), "stage") + ", " + counted(p.actors(), "actor") +
         ", " + counted(p.threads, "thread") + "; marker every " +
         with_origin(chosen, setting_id::latency) + ", policy " +
         with_origin(chosen, setting_id::policy) + ", size " +
         with_origin(chosen, setting_id::mini_batch_size);
}

}  // namespace sluice

#include "sluice/graph/graph.hpp"

#include <utility>

namespace sluice {

namespace {

void add_setting(graph_description& g, std::string stage, std::string key,
                 std::variant<std::int64_t, std::string> value, call_site at) {
  g.settings.push_back({std::move(stage), std::move(key), std::move(value), at});
}

void add_batch(graph_description& g, const std::string& stage, const batch_options& options,
               call_site at) {
  if (options.rows != 0)
    add_setting(g, stage, "batch.rows", static_cast<std::int64_t>(options.rows), at);
  if (options.size != 0)
    add_setting(g, stage, "miniBatch.size", static_cast<std::int64_t>(options.size), at);
  if (options.every.count() != 0)
    add_setting(g, stage, stage.empty() ? "microBatch.allowLatencyMs" : "miniBatch.allowLatencyMs",
                std::int64_t{options.every.count()}, at);
}

}  // namespace

graph& graph::batch(batch_options options, call_site at) {
  add_batch(*description_, {}, options, at);
  return *this;
}
graph& graph::policy(batch_policy policy, call_site at) {
  add_setting(*description_, {}, "batch.policy", std::string{to_string(policy)}, at);
  return *this;
}
graph& graph::commit_every(std::size_t k, call_site at) {
  add_setting(*description_, {}, "commit.every", static_cast<std::int64_t>(k), at);
  return *this;
}
graph& graph::set(std::string key, std::int64_t value, call_site at) {
  add_setting(*description_, {}, std::move(key), value, at);
  return *this;
}

graph& graph::set(std::string key, std::string value, call_site at) {
  add_setting(*description_, {}, std::move(key), std::move(value), at);
  return *this;
}

bool stage_handle::one_stage(const char* call, call_site at) const {
  if (!merged_) return true;
  graph_->mistakes.push_back(place_of(node(), at) + call +
                             " of merged streams would be of the first alone; say it before the "
                             "merge, or at the stage behind it");
  return false;
}
void stage_handle::rename(const stage_name& name) {
  for (auto& s : graph_->settings)
    if (s.stage == node().name) s.stage = name.text;
  node().name = name.text;
  node().named = true;
}
void stage_handle::set(const char* key, std::int64_t value, call_site at) {
  add_setting(*graph_, node().name, key, value, at);
}
void stage_handle::set(const char* key, std::string value, call_site at) {
  add_setting(*graph_, node().name, key, std::move(value), at);
}
void stage_handle::set_batch(const batch_options& options, call_site at) {
  add_batch(*graph_, node().name, options, at);
}

namespace detail {

producer add_keyed(graph_description& g, const stage_name& name, std::string what,
                   std::vector<stage_input> inputs, std::vector<const schema*> outputs,
                   std::function<std::unique_ptr<operation>()> make) {
  stage_node made;
  made.kind = stage_kind::keyed;
  made.name = name.text;
  made.named = true;
  made.at = name.at;
  made.what = std::move(what);
  made.inputs = std::move(inputs);
  made.outputs = std::move(outputs);
  made.make = std::move(make);
  g.stages.push_back(std::move(made));
  return {g.stages.size() - 1, 0};
}

void check_listed(graph_description& g, const stage_node& about, std::string_view call,
                  std::size_t column, std::size_t columns) {
  if (column < columns) return;
  g.mistakes.push_back(place_of(about) + std::string{call} +
                       " names a field that SLUICE_RECORD does not list");
}

producer late_port(graph_description& g, bool of_this_graph, const std::vector<producer>& scan,
                   std::size_t input, const schema& rows, call_site at) {
  stage_node stand_in;  // of what is not there, to go on composing
  stand_in.name = "late_rows-" + std::to_string(g.stages.size());
  stand_in.what = "late_rows";
  stand_in.at = at;
  if (of_this_graph) {
    const stage_node& node = g.stages[scan[0].stage];
    const std::size_t port = 1 + input;
    if (!node.ordered || scan.size() != 1 || scan[0].port != 0)
      g.mistakes.push_back(place_of(node, at) +
                           "late_rows: only a scan in event-time order has them");
    else if (input >= node.side_ports || !(*node.outputs[port] == rows))
      g.mistakes.push_back(place_of(node, at) + "late_rows: it has no such input of this record");
    else
      return {scan[0].stage, port};
    stand_in.inputs = {{scan, &rows, {}}};
  } else {
    g.mistakes.push_back(place_of(stand_in) + "late_rows of a stream of another graph");
  }
  stand_in.outputs = {&rows};
  g.stages.push_back(std::move(stand_in));
  return {g.stages.size() - 1, 0};
}

namespace {

schema& renamed(graph_description& g, const schema& types, std::vector<std::string> names) {
  std::vector<field_info> fields = types.fields;
  for (std::size_t i = 0; i < fields.size(); ++i)
    fields[i].name = g.texts.emplace_back(std::move(names[i]));
  return g.schemas.emplace_back(types.name, std::move(fields));
}

}  // namespace

const schema* named_fields(graph_description& g, const schema& types,
                           std::vector<std::string> names) {
  return &renamed(g, types, std::move(names));
}

const schema* combined_schema(graph_description& g, const schema& types,
                              std::vector<std::string> names) {
  schema& made = renamed(g, types, std::move(names));
  made.combined = true;
  return &made;
}

}  // namespace detail

}  // namespace sluice

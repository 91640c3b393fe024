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

const schema* named_fields(graph_description& g, const schema& types,
                           std::vector<std::string> names) {
  std::vector<field_info> fields = types.fields;
  for (std::size_t i = 0; i < fields.size(); ++i)
    fields[i].name = g.texts.emplace_back(std::move(names[i]));
  return &g.schemas.emplace_back(types.name, std::move(fields));
}

}  // namespace detail

}  // namespace sluice

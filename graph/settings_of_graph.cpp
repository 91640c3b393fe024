#include "sluice/graph/settings_of_graph.hpp"

namespace sluice {

namespace {

// What cannot have an effect is refused, so that nobody trusts in it.
void refuse_idle_settings(settings_reader& reader, const stage_node& stage) {
  if (stage.kind == stage_kind::source)
    reader.without_effect(stage.name, setting_id::policy,
                          "a source hands on what it reads; set it for a stage behind it");
  if (!stage.combined)
    reader.without_effect(stage.name, setting_id::pre_aggregate,
                          stage.whole_rows.empty()
                              ? "only rows for an aggregate are combined before they are sent"
                              : "its rows are sent as they are: " + stage.whole_rows);
  if (stage.gathers) return;
  constexpr const char* keeps_nothing = "only emit::updates keeps rows until a size or a timer";
  reader.without_effect(stage.name, setting_id::mini_batch_size, keeps_nothing);
  reader.without_effect(stage.name, setting_id::latency, keeps_nothing);
}

}  // namespace

settings_reader reader_for(const graph_description& g) {
  std::vector<std::string> stages;
  for (const auto& stage : g.stages) stages.push_back(stage.name);
  settings_reader reader{stages};
  for (const auto& stage : g.stages)
    if (!stage.name.empty()) refuse_idle_settings(reader, stage);
  for (const auto& set : g.settings)
    std::visit(
        [&](const auto& value) {
          if (set.stage.empty())
            reader.code(set.key, value, set.at);
          else
            reader.code_stage(set.stage, set.key, value, set.at);
        },
        set.value);
  return reader;
}

}  // namespace sluice

#include "sluice/graph/graph_signature.hpp"

#include <algorithm>
#include <utility>

#include "sluice/operators/operation.hpp"
#include "sluice/records/hash.hpp"
#include "sluice/state/key_groups.hpp"

namespace sluice {

namespace {

constexpr std::uint32_t checkpoint_format = 1;

void append_fields(std::string& text, const schema& fields) {
  for (const field_info& field : fields.fields) {
    text += ' ';
    text += field.name;
    text += ':';
    text += to_string(field.type);
    if (field.optional) text += '?';
  }
}

saving saving_of_stage(const stage_node& stage) {
  return stage.make ? stage.make()->how_to_save() : saving::nothing;
}

}  // namespace

graph_outline outline_of(const graph_description& g) {
  graph_outline outline{.checkpoint_format = checkpoint_format,
                        .key_hash = key_hash_version,
                        .key_groups = static_cast<std::uint32_t>(key_group_count),
                        .stages = {}};
  for (const stage_node& stage : g.stages) {
    stage_outline made;
    made.name = stage.name;
    if (stage.kind == stage_kind::source)
      made.is = stage_outline::role::source;
    else if (stage.kind == stage_kind::sink)
      made.is = stage_outline::role::sink;
    else if (saving_of_stage(stage) == saving::nothing)
      continue;
    for (const auto& input : stage.inputs) {
      input_outline of;
      append_fields(of.fields, *input.fields);
      if (!input.keys.empty()) of.keys = " by " + input.keys.names(*input.fields);
      made.inputs.push_back(std::move(of));
    }
    if (stage.kind == stage_kind::source) append_fields(made.gives, *stage.outputs[0]);
    outline.stages.push_back(std::move(made));
  }
  std::sort(outline.stages.begin(), outline.stages.end(),
            [](const auto& a, const auto& b) { return a.name < b.name; });
  return outline;
}

std::string signature_of(const graph_description& g) { return signature_of(outline_of(g)); }

graph_hash hash_of(const graph_description& g) { return hash_of(outline_of(g)); }

std::vector<std::string> check_savable(const graph_description& g) {
  std::vector<std::string> problems;
  for (const stage_node& stage : g.stages)
    if (saving_of_stage(stage) == saving::impossible)
      problems.push_back(place_of(stage) +
                         "its state cannot be saved in a checkpoint; name the members of the state "
                         "in a visit_state");
  return problems;
}

}  // namespace sluice

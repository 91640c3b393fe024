#include "sluice/graph/graph_signature.hpp"

#include <algorithm>

#include "sluice/operators/operation.hpp"
#include "sluice/records/hash.hpp"
#include "sluice/state/key_groups.hpp"

namespace sluice {

namespace {

constexpr int checkpoint_format = 1;

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

// One line a stage, by name, as the order of calls means nothing.
std::string signature_of(const graph_description& g) {
  std::vector<std::string> lines;
  for (const stage_node& stage : g.stages) {
    if (stage.kind != stage_kind::source && stage.kind != stage_kind::sink &&
        saving_of_stage(stage) == saving::nothing)
      continue;
    std::string line = "stage " + stage.name;
    for (const auto& input : stage.inputs) {
      line += " |";
      append_fields(line, *input.fields);
      if (!input.keys.empty()) line += " by " + input.keys.names(*input.fields);
    }
    if (stage.kind == stage_kind::source) append_fields(line += " gives", *stage.outputs[0]);
    lines.push_back(std::move(line));
  }
  std::sort(lines.begin(), lines.end());
  std::string text = "checkpoint " + std::to_string(checkpoint_format) + ", key hash " +
                     std::to_string(key_hash_version) + ", key groups " +
                     std::to_string(key_group_count) + '\n';
  for (const auto& line : lines) text += line + '\n';
  return text;
}

graph_hash hash_of(const graph_description& g) { return {hash_key(signature_of(g))}; }

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

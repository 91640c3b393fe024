#include <map>
#include <memory>

#include "sluice/graph/settings.hpp"
#include "sluice/graph/settings_keys.hpp"
#include "sluice/operators/pre_aggregate.hpp"

namespace sluice {

namespace {

// A table of the schema: values by name as JSON text, tables by name.
struct schema_table {
  std::map<std::string, std::string> values;
  std::map<std::string, schema_table> tables;

  void place(std::string_view key, const std::string& value) {
    auto dot = key.find('.');
    if (dot == key.npos) {
      values.emplace(key, value);
    } else {
      tables[std::string(key.substr(0, dot))].place(key.substr(dot + 1), value);
    }
  }
};

std::string quoted(std::string_view text) { return "\"" + std::string(text) + "\""; }

// Texts with a variable are judged when it is known.
std::string text_type(std::string_view units) {
  std::string pattern = R"(\\$\\{)";
  if (!units.empty()) pattern = "^[0-9_]+(" + std::string(units) + ")$|" + pattern;
  return R"({"type": "string", "pattern": )" + quoted(pattern) + "}";
}

std::string value_schema(const setting_description& description) {
  std::string text = R"({"description": )" + quoted(description.about);
  if (description.kind == setting_kind::store || description.kind == setting_kind::text)
    return text + R"(, "default": "", "type": "string"})";
  if (!description.names.empty()) {
    auto initial = std::to_string(description.initial);
    if (description.kind == setting_kind::policy)
      initial = quoted(to_string(static_cast<batch_policy>(description.initial)));
    if (description.kind == setting_kind::name)
      initial = quoted(to_string(static_cast<pre_aggregate>(description.initial)));
    text += R"(, "default": )" + initial;
  }
  if (description.kind == setting_kind::policy) {
    text += R"(, "anyOf": [{"enum": [)";
    for (auto policy : batch_policy_names) {
      if (policy != to_string(batch_policy::automatic)) {
        text += quoted(policy) + (policy == to_string(batch_policy::both) ? "" : ", ");
      }
    }
    return text + "]}, " + text_type("") + "]}";
  }
  if (description.kind == setting_kind::name) {
    text += R"(, "anyOf": [{"enum": [)";
    for (const auto name : pre_aggregate_names)
      text += (name == pre_aggregate_names.front() ? "" : ", ") + quoted(name);
    return text + "]}, " + text_type("") + "]}";
  }
  auto units = description.kind == setting_kind::time   ? "ms|s|min|h"
               : description.kind == setting_kind::size ? "B|KiB|MiB|GiB"
                                                        : "";
  return text + R"(, "anyOf": [{"type": "integer", "minimum": )" +
         std::to_string(description.smallest) + R"(, "maximum": )" +
         std::to_string(description.largest) + "}, " + text_type(units) + "]}";
}

std::string table_schema(const schema_table& table, const std::string& indent) {
  std::string inner;
  auto append = [&](const std::string& name, const std::string& schema) {
    inner += inner.empty() ? "\n" : ",\n";
    inner += indent + "    " + quoted(name) + ": " + schema;
  };
  for (const auto& [name, value] : table.values) append(name, value);
  for (const auto& [name, below] : table.tables) append(name, table_schema(below, indent + "    "));
  return R"({"type": "object", "additionalProperties": false, "properties": {)" + inner + "\n" +
         indent + "  }}";
}

}  // namespace

std::string settings_schema() {
  schema_table graph;
  schema_table stage;
  for (const auto& description : setting_descriptions()) {
    for (auto name : description.names) graph.place(name, value_schema(description));
    for (auto name : description.stage_names) stage.place(name, value_schema(description));
  }
  graph.tables["source"];
  graph.values.emplace(
      "stage",
      R"({"description": "settings of one stage, by its name", "type": "object", "additionalProperties": )" +
          table_schema(stage, "    ") + "}");
  auto body = table_schema(graph, "");
  return "{\"$schema\": \"https://json-schema.org/draft/2020-12/schema\", \"title\": \"sluice "
         "configuration\", " +
         body.substr(1) + "\n";
}

}  // namespace sluice

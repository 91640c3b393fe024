#include <cstdio>
#include <string>
#include <vector>

#include "sluice/connectors/json_text.hpp"
#include "sluice/graph/plan.hpp"
#include "sluice/graph/run_choices.hpp"
#include "sluice/graph/run_messages.hpp"
#include "sluice/graph/run_number_text.hpp"
#include "sluice/graph/run_settings.hpp"
#include "sluice/graph/run_verbs.hpp"

namespace sluice {

namespace {

// Everything found about a graph and its settings.
struct findings {
  std::vector<std::string> mistakes;     // of the graph
  std::vector<config_problem> errors;    // of the settings
  std::vector<config_problem> warnings;  // likewise
  std::vector<std::string> closed;       // connectors that cannot be opened
  std::vector<std::string> untried;      // sinks that can only be tried by starting their output
  bool tried = false;

  std::size_t wrong() const { return mistakes.size() + errors.size() + closed.size(); }
};

std::string about_stage(const stage_node& node, const std::string& message) {
  return "stage " + node.name + ": " + message;
}

// Opens every source and asks every sink; a source that was opened is closed again.
void try_connectors(const graph_description& g, const settings& chosen, findings& found) {
  const plan planned = make_plan(g, chosen);
  for (const auto& stage : planned.stages) {
    const std::size_t first = stage.operations.front().node;
    if (first == planned_operation::no_node) continue;
    const stage_node& node = g.stages[first];
    for (std::size_t i = 0; i < stage.instances; ++i) {
      result<void> opened;
      if (node.kind == stage_kind::source) {
        source_context at;
        at.stage = node.name;
        at.instance = i;
        at.instances = stage.instances;
        at.bounds = stage.bounds;
        if (auto reader = node.open_source(at); !reader) opened = reader.failure();
      } else if (node.kind == stage_kind::sink && node.try_sink) {
        opened = node.try_sink({.stage = node.name,
                                .instance = i,
                                .instances = stage.instances,
                                .fields = node.inputs[0].fields});
      } else if (node.kind == stage_kind::sink && i == 0) {
        found.untried.push_back(node.name);
      }
      if (opened) continue;
      found.closed.push_back(about_stage(node, opened.failure().message));
      break;
    }
  }
}

findings look_at(const graph& g, const run_choices& choices) {
  findings found;
  found.mistakes = check_graph(g.description());
  settings_reading reading = read_settings(g, choices);
  found.errors = std::move(reading.errors);
  found.warnings = std::move(reading.warnings);
  found.tried = choices.connect && found.wrong() == 0;
  if (found.tried) try_connectors(g.description(), reading.values, found);
  return found;
}

std::string member(const char* name, std::string_view value) {
  std::string text = std::string{"\""} + name + "\":";
  append_json_string(text, value);
  return text;
}

std::string json_list(const std::vector<std::string>& objects) {
  std::string text;
  for (const auto& one : objects) text += (text.empty() ? "" : ",") + one;
  return "[" + text + "]";
}

std::string json_of(std::string_view at, std::string_view message, std::string_view hint) {
  return "{" + member("at", at) + "," + member("message", message) + "," + member("hint", hint) +
         "}";
}
std::string json_of(const config_problem& problem) {
  return json_of(place(problem.origin), problem.message, problem.hint);
}
// `main.cpp:12: message`
std::string json_of(std::string_view line) {
  const std::size_t end = line.find(": ");
  return json_of(line.substr(0, end), line.substr(end + 2), {});
}

std::string json_of(const graph& g, const findings& found, bool ok) {
  std::vector<std::string> errors, warnings;
  for (const auto& mistake : found.mistakes) errors.push_back(json_of(mistake));
  for (const auto& problem : found.errors) errors.push_back(json_of(problem));
  for (const auto& problem : found.closed) errors.push_back(json_of(problem));
  for (const auto& problem : found.warnings) warnings.push_back(json_of(problem));
  return "{" + member("graph", g.description().name) + ",\"ok\":" + (ok ? "true" : "false") +
         ",\"errors\":" + json_list(errors) + ",\"warnings\":" + json_list(warnings) + "}\n";
}

void say_all(const findings& found, const run_messages& say) {
  for (const auto& mistake : found.mistakes) say.error(mistake);
  for (const auto& problem : found.errors) say.error(render(problem));
  for (const auto& problem : found.closed) say.error(problem);
  for (const auto& problem : found.warnings) say.warning(render(problem));
  for (const auto& sink : found.untried)
    say.note("stage " + sink + ": not tried, opening it would start its output");
}

std::string verdict(const graph& g, const findings& found, bool ok) {
  std::string text = g.description().name + ": ";
  if (ok)
    text += "ok, " + counted(g.description().stages.size(), "stage");
  else
    text += counted(found.wrong(), "error");
  if (!found.warnings.empty()) text += ", " + counted(found.warnings.size(), "warning");
  if (found.tried && ok) text += ", sources and sinks can be opened";
  return text + "\n";
}

}  // namespace

int check_verb(const graph& g, const command_line& line) {
  const run_choices& choices = line.choices();
  const findings found = look_at(g, choices);
  const bool ok = found.wrong() == 0 && (found.warnings.empty() || !choices.deny_warnings);
  if (!choices.json) say_all(found, run_messages{choices});
  std::fputs((choices.json ? json_of(g, found, ok) : verdict(g, found, ok)).c_str(), stdout);
  return ok ? 0 : 2;
}

}  // namespace sluice

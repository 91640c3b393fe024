#include "sluice/graph/run_verbs.hpp"

#include <cstdio>

#include "sluice/graph/explain_plan.hpp"
#include "sluice/graph/graph_text.hpp"
#include "sluice/graph/placement.hpp"
#include "sluice/graph/run_choices.hpp"
#include "sluice/graph/run_messages.hpp"
#include "sluice/graph/run_nodes.hpp"
#include "sluice/graph/run_settings.hpp"
#include "sluice/graph/run_verb_texts.hpp"
#include "sluice/graph/settings_nearest.hpp"

namespace sluice {

namespace {

constexpr int fine = 0, wrong = 2;

int print(const std::string& text) {
  std::fputs(text.c_str(), stdout);
  return fine;
}

}  // namespace

int graph_verb(const graph& g, const command_line& line) {
  const run_messages say{line.choices()};
  const auto mistakes = check_graph(g.description());
  for (const auto& mistake : mistakes) say.error(mistake);
  if (!mistakes.empty()) return wrong;
  switch (line.choices().format) {
    case picture_form::text:
      return print(graph_text(g.description()));
    case picture_form::dot:
      return print(graph_dot(g.description()));
    case picture_form::mermaid:
      return print(graph_mermaid(g.description()));
  }
  return wrong;
}

int explain_verb(const graph& g, const command_line& line) {
  if (line.choices().schema_shown) return print(settings_schema());
  const auto chosen = usable_settings(g, line.choices(), run_messages{line.choices()});
  if (!chosen) return wrong;
  if (line.choices().config_shown) return print(explain(*chosen));
  const plan planned = make_plan(g.description(), *chosen);
  const auto nodes = node_names(line.choices(), *chosen);
  std::string text = explain_plan(g.description(), planned, *chosen);
  if (nodes.size() > 1) {
    const placement places = place_evenly(g.description(), planned, nodes);
    text += "\n" + placement_text(planned, places);
    const std::string wires = explain_wires(g.description(), planned, *chosen, places);
    if (!wires.empty()) text += "\n" + wires;
  }
  return print(text);
}

int list_verb() { return print(list_text()); }

int version_verb(const command_line& line) {
  return print(line.program() + ", built on sluice " + library_version() + "\n");
}

int help_verb(const command_line& line) {
  const auto& words = line.choices().words;
  const std::string topic = words.empty() ? std::string{} : words.front();
  if (topic == "settings") return print(settings_help());
  if (topic == "exit") return print(exit_help(line.exit_codes()));
  if (const std::string text = line.help(topic); !text.empty()) return print(text);
  std::vector<std::string> topics = line.verbs();
  topics.insert(topics.end(), {"settings", "exit"});
  const auto nearest = nearest_name(topic, topics);
  std::fprintf(stderr, "%s: no help on: %s%s\n", line.program().c_str(), topic.c_str(),
               nearest ? (" (did you mean " + *nearest + "?)").c_str() : "");
  return wrong;
}

}  // namespace sluice

#include "sluice/graph/graph_text.hpp"

namespace sluice {

namespace {

// Text inside a quoted string of Graphviz.
std::string dot_text(std::string_view text) {
  std::string safe;
  for (const char c : text) {
    if (c == '"' || c == '\\') safe += '\\';
    safe += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  return safe;
}

// Text inside a quoted label of Mermaid, which reads HTML and knows entities, written with # for &.
std::string mermaid_text(std::string_view text) {
  std::string safe;
  for (const char c : text) switch (c) {
      case '"':
        safe += "#quot;";
        break;
      case '#':
        safe += "#35;";
        break;
      case '<':
        safe += "#lt;";
        break;
      case '>':
        safe += "#gt;";
        break;
      default:
        safe += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    }
  return safe;
}

std::string id_of(std::size_t stage) { return "s" + std::to_string(stage); }

std::string_view dot_shape(stage_kind kind) {
  switch (kind) {
    case stage_kind::source:
      return "cds";
    case stage_kind::transform:
      return "box";
    case stage_kind::keyed:
      return "cylinder";
    case stage_kind::sink:
      return "note";
  }
  return "box";
}

// The brackets that make the shape of a node.
std::string mermaid_node(stage_kind kind, const std::string& label) {
  switch (kind) {
    case stage_kind::source:
      return "([\"" + label + "\"])";
    case stage_kind::transform:
      return "[\"" + label + "\"]";
    case stage_kind::keyed:
      return "[(\"" + label + "\")]";
    case stage_kind::sink:
      return "[/\"" + label + "\"/]";
  }
  return {};
}

}  // namespace

std::string graph_dot(const graph_description& g) {
  std::string text =
      "digraph \"" + dot_text(g.name) + "\" {\n  rankdir=LR;\n  node [fontname=\"sans-serif\"];\n";
  for (std::size_t i = 0; i < g.stages.size(); ++i) {
    const stage_node& stage = g.stages[i];
    const std::string label = "\"" + dot_text(stage.name) + "\\n" +
                              std::string{role_of(stage.kind)} + "\\n" + dot_text(stage.what) +
                              "\"";
    text += "  " + id_of(i) + " [shape=" + std::string{dot_shape(stage.kind)} + ", label=" + label +
            "];\n";
  }
  for (const auto& edge : edges_of(g))
    text += "  " + id_of(edge.from) + " -> " + id_of(edge.to) + " [label=\"" +
            dot_text(edge.label) + "\"];\n";
  return text + "}\n";
}

std::string graph_mermaid(const graph_description& g) {
  std::string text = "flowchart LR\n";
  for (std::size_t i = 0; i < g.stages.size(); ++i) {
    const stage_node& stage = g.stages[i];
    const std::string label = mermaid_text(stage.name) + "<br/>" +
                              std::string{role_of(stage.kind)} + "<br/>" + mermaid_text(stage.what);
    text += "  " + id_of(i) + mermaid_node(stage.kind, label) + "\n";
  }
  for (const auto& edge : edges_of(g))
    text += "  " + id_of(edge.from) + " -->|\"" + mermaid_text(edge.label) + "\"| " +
            id_of(edge.to) + "\n";
  return text;
}

}  // namespace sluice

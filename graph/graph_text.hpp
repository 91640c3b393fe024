#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sluice/graph/graph_description.hpp"

namespace sluice {

/// The graph as composed, drawn with characters: one stage a line, rows run downwards.
///
///   ●  lines       source      text socket, localhost:9999, at most once
///   │              line
///   ●  flat_map-1  batcher     flat_map
///   │              word, key text
///   ●  count       aggregator  aggregate count, per epoch
///   │              tally
///   ●  tallies     sink        console
///
/// Below it, what is promised about rows from sources and in sinks. `g` has no mistakes.
std::string graph_text(const graph_description& g);

/// The same as a Graphviz program, and as a Mermaid flowchart.
std::string graph_dot(const graph_description& g);
std::string graph_mermaid(const graph_description& g);

/// Rows from a stage of the graph into another, as pictures show them.
struct drawn_edge {
  std::size_t from = 0;
  std::size_t to = 0;
  std::string label;  ///< The record and, if they are spread by key, its fields: `word, key text`.

  bool operator==(const drawn_edge&) const = default;
};

/// The edges of `g` in the order of the stages they lead to.
std::vector<drawn_edge> edges_of(const graph_description& g);

/// What a stage does in the picture of a graph: source, batcher, aggregator, sink.
std::string_view role_of(stage_kind kind);

}  // namespace sluice

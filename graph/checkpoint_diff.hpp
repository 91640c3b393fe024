#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sluice/state/graph_outline.hpp"
#include "sluice/state/meta_store.hpp"

namespace sluice {

/// What is kept of a run.
struct kept_checkpoint {
  meta_truth truth;
  std::optional<graph_outline> graph;  ///< Nothing if it was made before outlines were kept.
};

/// Instances of each stage, by name.
using instance_counts = std::map<std::string, std::size_t>;

/// What becomes of one stage of a checkpoint, or of the graph.
struct stage_finding {
  std::string stage;
  std::string role;         ///< `source`, `state`, `sink`; empty if it is not known.
  std::size_t kept = 0;     ///< Instances in the checkpoint; 0: it holds nothing of the stage.
  std::size_t here = 0;     ///< Instances here; 0: not known, or there is no such stage.
  std::uint64_t bytes = 0;  ///< Of state, in files and in the commit record.
  bool differs = false;     ///< A run refuses the checkpoint because of it.
  std::string what;         ///< `same; goes on where it was`, `gone; its state would be lost`.
};

struct checkpoint_comparison {
  std::vector<stage_finding> stages;  ///< By name.
  std::vector<std::string> others;    ///< What differs and is of no stage, a sentence each.

  std::size_t differences() const;
  /// The differences in one line: `stage old is gone; its state would be lost`. Empty if none.
  std::string summary() const;
};

/// Compares what is kept with the graph of this program. Without `instances` nothing is said of
/// parallelism. Pure.
checkpoint_comparison compare(const kept_checkpoint& kept, const graph_outline& here,
                              const instance_counts& instances = {});

}  // namespace sluice

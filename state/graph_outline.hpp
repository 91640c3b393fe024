#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sluice/messages/ids.hpp"
#include "sluice/records/result.hpp"

namespace sluice {

/// One input of a stage, as far as a checkpoint depends on it.
struct input_outline {
  std::string fields;  ///< ` text:text weight:u64?`, a blank before each.
  std::string keys;    ///< ` by text`, or empty.

  bool operator==(const input_outline&) const = default;
};

/// A stage that a checkpoint holds something of.
struct stage_outline {
  enum class role : std::uint8_t { source = 1, state = 2, sink = 3 } is = role::state;
  std::string name;
  std::vector<input_outline> inputs;
  std::string gives;  ///< The fields of a source; empty for the others.

  bool operator==(const stage_outline&) const = default;
};

/// What must be the same for a checkpoint to be restored: sources, stages with state and sinks by
/// name, the records and keys of their inputs, the versions of the formats. Maps and filters
/// between them may change.
struct graph_outline {
  std::uint32_t checkpoint_format = 0;
  std::uint32_t key_hash = 0;
  std::uint32_t key_groups = 0;
  std::vector<stage_outline> stages;  ///< By name.

  bool operator==(const graph_outline&) const = default;
};

/// The text the graph hash is of: a line a stage.
std::string signature_of(const graph_outline& outline);
graph_hash hash_of(const graph_outline& outline);

/// The outline a run was begun with, as it lies beside its truth (docs/checkpoint-format.md).
struct kept_outline {
  job_id job;
  graph_outline graph;

  bool operator==(const kept_outline&) const = default;
};
std::string bytes_of(const kept_outline& kept);
/// Reads the file `bytes`, called `path` in errors: `malformed`, `PATH: what is wrong`.
result<kept_outline> read_outline(std::string_view bytes, const std::string& path);

}  // namespace sluice

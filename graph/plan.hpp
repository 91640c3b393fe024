#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sluice/graph/graph_description.hpp"
#include "sluice/graph/settings.hpp"
#include "sluice/messages/credit.hpp"
#include "sluice/operators/batching.hpp"
#include "sluice/operators/exchange.hpp"
#include "sluice/operators/stage.hpp"

namespace sluice {

/// What a planned stage does in the picture of a graph: source, batcher, aggregator, sink.
enum class stage_role : std::uint8_t { source, batcher, aggregator, sink };
std::string_view to_string(stage_role role);

/// An operation in a planned stage: a node of the graph, or the batcher's own "gather" (no node).
struct planned_operation {
  static constexpr std::size_t no_node = SIZE_MAX;
  std::size_t node = no_node;
};

/// Rows from one operation of a stage into one input of another.
struct planned_edge {
  std::size_t from_stage = 0;
  std::size_t from_operation = 0;
  std::size_t port = 0;
  std::size_t to_stage = 0;
  std::size_t input = 0;
  spread how = spread::same;
  key_columns keys;
  const schema* fields = nullptr;
  gathering gather;
  credit window;  ///< Of each of its channels.
  /// Whether rows to instances on other nodes are combined by key, and their record: null if not.
  pre_aggregate before_wire = pre_aggregate::off;
  const schema* combined = nullptr;
};

/// One stage as it will run: one actor an instance, several nodes of the graph fused into it.
struct planned_stage {
  std::string name;
  stage_role role = stage_role::batcher;
  std::size_t instances = 1;
  std::vector<planned_operation> operations;  ///< The first takes what arrives.
  std::vector<fused_link> links;
  batch_policy policy = batch_policy::both;
  std::uint64_t timer_ms = 1000;
  std::uint64_t size = 20'000;
  bool adaptive = false;
  batch_bounds bounds;
};

/// How a graph runs, in one process or several: stages to actors, edges to channels.
struct plan {
  std::vector<planned_stage> stages;
  std::vector<planned_edge> edges;
  std::uint64_t interval_ms = 1000;
  std::uint64_t commit_every = 1;
  std::uint64_t deadline_ms = 10'000;  ///< Of an epoch in a run with checkpoints; 0: none.
  std::size_t threads = 1;

  /// Number of the first instance of a stage, where all of them are counted through.
  std::size_t first_of(std::size_t stage) const;
  std::size_t actors() const;
  std::size_t channels() const;
  /// What all windows together may hold, in bytes.
  std::uint64_t window_bytes() const;
};

/// Plans `g` with `chosen`. `g` has no mistakes.
///
/// A source is an actor of its own, because it may block; a batcher follows it, into which the
/// stateless stages behind it are fused. Stateless stages behind an aggregator run in its actor.
/// Boundaries stand at exchanges, at merged streams, where the parallelism changes, where the user
/// asks for one, and before a stage with a policy, batch size or credit of its own.
plan make_plan(const graph_description& g, const settings& chosen);

/// Number of channels of `edge` that leave each instance of its first stage.
std::size_t targets_of(const plan& p, const planned_edge& edge);
/// The instance of its second stage that channel `target` of instance `sender` leads to.
std::size_t receiver_of(const plan& p, const planned_edge& edge, std::size_t sender,
                        std::size_t target);

}  // namespace sluice

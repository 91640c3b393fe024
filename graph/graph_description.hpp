#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "sluice/graph/call_site.hpp"
#include "sluice/connectors/sink.hpp"
#include "sluice/connectors/source.hpp"
#include "sluice/operators/key_columns.hpp"
#include "sluice/operators/operation.hpp"
#include "sluice/operators/row_combiner.hpp"

namespace sluice {

/// What a node of the graph is.
enum class stage_kind : std::uint8_t { source, transform, keyed, sink };

/// Where rows come from: a stage, and the port they leave it through.
struct producer {
  std::size_t stage = 0;
  std::size_t port = 0;
  bool operator==(const producer&) const = default;
};

/// One input of a stage: one record type, from one or more producers.
struct stage_input {
  std::vector<producer> from;
  const schema* fields = nullptr;
  key_columns keys;                       ///< Empty: the rows are not spread by key.
  std::optional<std::size_t> order_by{};  ///< The field whose order a stage works in.
};

/// The event-time field of a source, and by how much rows may be late.
struct event_time_field {
  std::size_t column = 0;
  std::int64_t lateness_us = 0;
};

/// A node of a graph, with the types erased.
struct stage_node {
  stage_kind kind = stage_kind::transform;
  std::string name;
  bool named = false;  ///< By the user; stages with state or a position always are.
  std::string what;    ///< `map`, `aggregate count, updates`, `csv file, a.csv`: for people.
  call_site at = call_site::current();  ///< The call that made it.
  std::vector<stage_input> inputs;
  std::vector<const schema*> outputs;  ///< One a port.
  std::size_t side_ports = 0;          ///< The last so many ports need no consumer.

  std::function<std::unique_ptr<operation>()> make;
  std::function<result<std::unique_ptr<source_reader>>(const source_context&)> open_source;
  std::function<result<std::unique_ptr<sink_writer>>(const sink_context&)> open_sink;
  /// Whether `open_sink` would succeed; null if that cannot be told without opening it.
  std::function<result<void>(const sink_context&)> try_sink;
  /// Whether rows of an epoch can be seen outside; null if that cannot be told.
  std::function<result<bool>(const sink_context&, const decided_epoch&)> shows;

  /// Of a keyed stage that takes combined rows too: their record, and who makes them …
  const schema* combined = nullptr;
  std::function<std::unique_ptr<row_combiner>()> make_combiner;
  std::string whole_rows;  ///< … or why it does not.

  std::shared_ptr<reject_log> rejects;         ///< Of a source, if it has one of its own.
  std::optional<event_time_field> event_time;  ///< Of a source.
  bool replayable = true;                      ///< What a source has read it can read again.
  bool logged = false;                         ///< … but only in a run with checkpoints.
  bool prints = false;                         ///< The rows of a sink go to stdout.
  bool stays = false;    ///< A source or sink of the process of the coordinator.
  bool commits = false;  ///< A sink that shows every row exactly once in a run with checkpoints.
  std::optional<std::int64_t> most_ahead_us;  ///< Of a source: against the slowest one.
  bool steps_aside = false;  ///< A source that leaves the watermark's minimum while it is idle.
  bool gathers = false;      ///< Keeps rows until a flush.
  bool keeps_rows = false;   ///< Gives on rows as they came, or not at all.
  bool ordered = false;      ///< Needs watermarks from every source above it.
  bool own_actor = false;    ///< Never fused into the stage before it.
};

/// A setting made in the program: of the stage of that name, or of the graph if that is empty.
struct code_setting {
  std::string stage;
  std::string key;
  std::variant<std::int64_t, std::string> value;
  call_site at = call_site::current();
};

/// A graph as it was composed. Schemas made for it live in it, so it outlives its runs.
struct graph_description {
  std::string name;
  call_site at = call_site::current();  ///< Where the graph was made.
  std::vector<stage_node> stages;
  std::vector<code_setting> settings;
  std::vector<std::string>
      mistakes;  ///< Found while composing; reported with those of `check_graph`.
  std::deque<std::string> texts;
  std::deque<schema> schemas;
};

/// All mistakes of `g`, one line each; none if it can run.
std::vector<std::string> check_graph(const graph_description& g);

/// `file.cpp:12: stage "count": ` for messages about `stage`.
std::string place_of(const stage_node& stage);
/// The same for a call that is about `stage`.
std::string place_of(const stage_node& stage, const call_site& call);

}  // namespace sluice

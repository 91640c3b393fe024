#pragma once

#include <memory>
#include <string>
#include <utility>

#include "sluice/graph/graph_description.hpp"
#include "sluice/graph/graph_error.hpp"
#include "sluice/graph/stream.hpp"

namespace sluice {

/// A dataflow graph while it is composed, and what `run` runs.
///
///   graph g{"wordcount"};
///   g.source("lines", from::text_socket{"localhost", 9999})
///       .flat_map(split_into_words)
///       .key_by(&word::text)
///       .aggregate("count", count(), emit::per_epoch)
///       .sink("tallies", to::console{});
///   return run(g, argc, argv);
///
/// Nothing is checked or opened until it runs. Not thread-safe; outlives its runs and the streams
/// made from it.
class graph {
 public:
  explicit graph(std::string name, call_site at = call_site::current())
      : description_(std::make_unique<graph_description>()) {
    description_->name = std::move(name);
    description_->at = at;
  }

  /// A stage that reads; its name is its identity in settings, metrics and checkpoints.
  template <source_connector C>
  stream<typename C::record_type> source(stage_name name, C connector) {
    stage_node made;
    made.kind = stage_kind::source;
    made.name = name.text;
    made.named = true;
    made.at = name.at;
    made.what = connector.describe();
    made.outputs = {&schema_of<typename C::record_type>()};
    if constexpr (requires { C::replayable; }) made.replayable = C::replayable;
    if constexpr (requires { connector.stays(); }) made.stays = connector.stays();
    if constexpr (requires { connector.rejects(); }) made.rejects = connector.rejects();
    if constexpr (requires { connector.logged(); }) {
      made.logged = connector.logged();
      made.replayable = made.replayable || made.logged;
    }
    made.open_source = [connector](const source_context& at) { return connector.open(at); };
    description_->stages.push_back(std::move(made));
    return {*description_, {description_->stages.size() - 1, 0}};
  }

  /// How every stage batches that is not told otherwise.
  graph& batch(batch_options options, call_site at = call_site::current());
  graph& policy(batch_policy policy, call_site at = call_site::current());
  /// COMMIT goes with every k-th marker.
  graph& commit_every(std::size_t k, call_site at = call_site::current());
  /// Any setting by its key, as in a file: `credit.rows`, `batch.pre_aggregate`.
  graph& set(std::string key, std::int64_t value, call_site at = call_site::current());
  graph& set(std::string key, std::string value, call_site at = call_site::current());

  /// The late rows of input `input` of an event-time scan, as a stream of their own.
  template <record T, record Out>
  stream<T> late(const stream<Out>& scan, std::size_t input = 0,
                 call_site at = call_site::current()) {
    return late_rows<T>(*description_, scan, input, at);
  }

  const graph_description& description() const { return *description_; }

 private:
  std::unique_ptr<graph_description> description_;
};

}  // namespace sluice

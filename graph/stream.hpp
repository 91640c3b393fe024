#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "sluice/graph/call_site.hpp"
#include "sluice/graph/graph_description.hpp"
#include "sluice/graph/stage_name.hpp"
#include "sluice/operators/batch_policy.hpp"
#include "sluice/operators/keyed_state.hpp"
#include "sluice/operators/signature.hpp"
#include "sluice/operators/transform.hpp"

namespace sluice {

template <record T, class... K>
class keyed_stream;

namespace detail {

// Makes it a mistake of `call` that the record of `columns` fields does not list field `column`.
void check_listed(graph_description& g, const stage_node& about, std::string_view call,
                  std::size_t column, std::size_t columns);

}  // namespace detail

/// How a stage, or the whole graph, batches. What is left out keeps its setting.
struct batch_options {
  std::size_t rows = 0;  ///< Rows of a column batch.
  std::chrono::milliseconds every{
      0};  ///< Time between markers; for a stage only with policy `mini`.
  std::size_t size =
      0;  ///< miniBatch.size: input rows until a flush; only of a stage with `emit::updates`.
};

/// The last stage of a branch of the graph, to set its options.
class stage_handle {
 public:
  stage_handle(graph_description& g, std::size_t stage) : graph_(&g), stage_(stage) {}

  bool belongs_to(const graph_description& g) const { return graph_ == &g; }

 protected:
  // Whether `call` is about one stage; if not, it is a mistake.
  bool one_stage(const char* call, call_site at) const;
  void rename(const stage_name& name);
  void set(const char* key, std::int64_t value, call_site at);
  void set(const char* key, std::string value, call_site at);
  void set_batch(const batch_options& options, call_site at);
  stage_node& node() const { return graph_->stages[stage_]; }

  graph_description* graph_;
  std::size_t stage_;
  bool merged_ = false;  // the rows of other stages are among these
};

/// Options every stage has; they return the stream or sink they were called on. Settings made here
/// are the weakest but for the defaults: files, environment and command line beat them.
///
/// A stateless stage given a policy, batch size or credit, here or in a file, is not fused into the
/// one before: it gets channels to have them on. A setting that can have no effect on a stage, such
/// as the policy of a source, is an error before anything runs.
template <class Self>
class with_options : public stage_handle {
 public:
  using stage_handle::stage_handle;

  /// Names a stage that was not given a name.
  Self name(stage_name name) {
    if (this->one_stage("name", name.at)) rename(name);
    return self();
  }
  /// When results leave the stage. `batch_policy::off` makes the path into it inline.
  Self policy(batch_policy policy, call_site at = call_site::current()) {
    if (this->one_stage("policy", at)) set("policy", std::string{to_string(policy)}, at);
    return self();
  }
  Self batch(batch_options options, call_site at = call_site::current()) {
    if (this->one_stage("batch", at)) set_batch(options, at);
    return self();
  }
  /// The window of each channel into the stage, in rows.
  Self credit_rows(std::size_t rows, call_site at = call_site::current()) {
    if (this->one_stage("credit_rows", at)) set("credit.rows", static_cast<std::int64_t>(rows), at);
    return self();
  }
  /// Instances of the stage.
  Self parallelism(std::size_t n, call_site at = call_site::current()) {
    if (this->one_stage("parallelism", at)) set("parallelism", static_cast<std::int64_t>(n), at);
    return self();
  }
  /// Keeps the stage in an actor of its own instead of fusing it into the one before.
  Self own_actor(call_site at = call_site::current()) {
    if (this->one_stage("own_actor", at)) node().own_actor = true;
    return self();
  }

 private:
  Self self() { return static_cast<Self&>(*this); }
};

/// The end of a branch.
class sink_handle : public with_options<sink_handle> {
 public:
  using with_options::with_options;
};

/// Rows of `T` on their way: what a stage gives on, while composing. A value; using it twice sends
/// the rows both ways.
template <record T>
class stream : public with_options<stream<T>> {
 public:
  using record_type = T;

  stream(graph_description& g, producer from)
      : with_options<stream<T>>(g, from.stage), from_{from} {}

  /// One row in, one out: `f(const T&) -> Out`.
  template <class F>
  auto map(F f, call_site at = call_site::current()) const {
    using out = std::remove_cvref_t<std::invoke_result_t<F&, const T&>>;
    static_assert(record<out>, "map: the function must return a record (SLUICE_RECORD)");
    return stream<out>{*this->graph_,
                       add<map_operation<T, out, F>>("map", at, {&schema_of<out>()}, std::move(f))};
  }

  /// Keeps the rows for which `f(const T&)` is true.
  template <class F>
  stream<T> filter(F f, call_site at = call_site::current()) const {
    static_assert(std::is_convertible_v<std::invoke_result_t<F&, const T&>, bool>,
                  "filter: the function must return bool");
    const producer made =
        add<split_operation<T, F>>("filter", at, {this->fields()}, std::move(f), false);
    this->graph_->stages[made.stage].keeps_rows = true;
    return {*this->graph_, made};
  }

  /// Rows for which `f(const T&)` is true, and the others.
  template <class F>
  std::pair<stream<T>, stream<T>> split(F f, call_site at = call_site::current()) const {
    const producer made = add<split_operation<T, F>>("split", at, {this->fields(), this->fields()},
                                                     std::move(f), true);
    this->graph_->stages[made.stage].keeps_rows = true;
    return {{*this->graph_, made}, {*this->graph_, {made.stage, 1}}};
  }

  /// One row in, any number out: `f(const T&, rows<Out>)`. With `f(const T&, rows<Out>,
  /// rows<Side>)` a pair of streams: the rows, and a side output.
  template <class F>
  auto flat_map(F f, call_site at = call_site::current()) const {
    using out = pushed_record<F, 1>;
    if constexpr (signature<std::decay_t<F>>::arity == 3) {
      using side = pushed_record<F, 2>;
      const producer made = add<side_flat_map_operation<T, out, side, F>>(
          "flat_map", at, {&schema_of<out>(), &schema_of<side>()}, std::move(f));
      return std::pair{stream<out>{*this->graph_, made},
                       stream<side>{*this->graph_, {made.stage, 1}}};
    } else {
      return stream<out>{*this->graph_, add<flat_map_operation<T, out, F>>(
                                            "flat_map", at, {&schema_of<out>()}, std::move(f))};
    }
  }

  /// A whole batch at a time: `f(const batch<T>&, rows<Out>)`.
  template <class F>
  auto map_batch(F f, call_site at = call_site::current()) const {
    using out = pushed_record<F, 1>;
    return stream<out>{*this->graph_, add<map_batch_operation<T, out, F>>(
                                          "map_batch", at, {&schema_of<out>()}, std::move(f))};
  }

  /// These rows and those of `others`, in no order between them. What comes of it is no stage, so
  /// it has no options of its own.
  template <std::same_as<stream<T>>... Others>
  stream<T> merge(const Others&... others) const {
    stream<T> all = *this;
    (all.take_in(others), ...);
    return all;
  }

  /// Rows with equal values of these fields belong together: one or more fields of type bool,
  /// integer, enum, instant or text.
  template <class... K>
  keyed_stream<T, K...> key_by(K T::*... members) const {
    static_assert(sizeof...(K) > 0, "key_by: name at least one field");
    static_assert((... && key_value<K>),
                  "key_by: a key field must be a bool, an integer, an enum, an instant or text");
    std::vector<std::size_t> columns{field_index(members)...};
    for (const std::size_t c : columns)
      detail::check_listed(*this->graph_, this->node(), "key_by", c, field_count<T>);
    return {*this->graph_, from_, std::move(columns)};
  }

  /// Ends the branch in a connector.
  template <class C>
  sink_handle sink(stage_name name, C connector) const {
    static_assert(sink_connector<C>,
                  "sink: not a connector; one has open(const sink_context&) and describe() "
                  "(connectors/sink.hpp), as to::csv has");
    stage_node made;
    made.kind = stage_kind::sink;
    made.name = name.text;
    made.named = true;
    made.at = name.at;
    made.what = connector.describe();
    made.inputs = {{from_, fields(), {}}};
    made.open_sink = [connector](const sink_context& at) { return connector.open(at); };
    if constexpr (requires(const sink_context& at) { connector.try_open(at); })
      made.try_sink = [connector](const sink_context& at) { return connector.try_open(at); };
    if constexpr (requires(const sink_context& at, const decided_epoch& of) {
                    connector.shows(at, of);
                  })
      made.shows = [connector](const sink_context& at, const decided_epoch& of) {
        return connector.shows(at, of);
      };
    if constexpr (requires { connector.prints(); }) made.prints = connector.prints();
    made.stays = made.prints;
    if constexpr (requires { connector.stays(); }) made.stays = connector.stays();
    if constexpr (requires { connector.commits(); }) made.commits = connector.commits();
    this->graph_->stages.push_back(std::move(made));
    return {*this->graph_, this->graph_->stages.size() - 1};
  }

  /// The field that says when a row happened; rows may come late by `lateness` against the newest
  /// before them. Only on a source: its watermark follows from it.
  stream<T> event_time(instant T::*member, std::chrono::microseconds lateness = {},
                       call_site at = call_site::current()) const {
    if (!this->one_stage("event_time", at)) return *this;
    stage_node& source = this->node();
    if (source.kind != stage_kind::source)
      this->graph_->mistakes.push_back(place_of(source) + "event_time belongs to a source");
    else if (field_index(member) == field_count<T>)
      detail::check_listed(*this->graph_, source, "event_time", field_count<T>, field_count<T>);
    else
      source.event_time = event_time_field{field_index(member), lateness.count()};
    return *this;
  }
  /// Keeps a source from running further ahead in event time than that of the slowest source: what
  /// it has read ahead is held as state by the stages that work in event-time order. Only on a
  /// source with event time.
  stream<T> most_ahead(std::chrono::microseconds lead, call_site at = call_site::current()) const {
    if (!this->one_stage("most_ahead", at)) return *this;
    stage_node& source = this->node();
    if (!source.event_time)
      this->graph_->mistakes.push_back(place_of(source) +
                                       "most_ahead needs a source with event_time");
    source.most_ahead_us = lead.count();
    return *this;
  }
  /// Lets a source leave the watermark to the others while it has nothing to read
  /// (docs/protocol.md 6.7). Only on a source.
  stream<T> idle_steps_aside(call_site at = call_site::current()) const {
    if (!this->one_stage("idle_steps_aside", at)) return *this;
    if (this->node().kind != stage_kind::source)
      this->graph_->mistakes.push_back(place_of(this->node()) +
                                       "idle_steps_aside belongs to a source");
    this->node().steps_aside = true;
    return *this;
  }

  const std::vector<producer>& from() const { return from_; }
  /// The names and types of the columns, as the stage before gives them.
  const schema* fields() const {
    return this->graph_->stages[from_.front().stage].outputs[from_.front().port];
  }

 private:
  template <class Operation, class... A>
  producer add(const char* what, call_site at, std::vector<const schema*> outputs,
               A... arguments) const {
    stage_node made;
    made.name = what + ("-" + std::to_string(this->graph_->stages.size()));
    made.what = what;
    made.at = at;
    made.inputs = {{from_, fields(), {}}};
    made.outputs = std::move(outputs);
    made.make = [arguments...]() -> std::unique_ptr<operation> {
      return std::make_unique<Operation>(arguments...);
    };
    this->graph_->stages.push_back(std::move(made));
    return {this->graph_->stages.size() - 1, 0};
  }
  void take_in(const stream<T>& other) {
    if (other.graph_ != this->graph_) {
      this->graph_->mistakes.push_back(place_of(this->node()) +
                                       "merged with a stream of another graph");
      return;
    }
    from_.insert(from_.end(), other.from_.begin(), other.from_.end());
    this->merged_ = true;
  }

  std::vector<producer> from_;
};

}  // namespace sluice

#include "sluice/graph/keyed_stream.hpp"

#pragma once

#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "sluice/graph/stream.hpp"
#include "sluice/operators/aggregate.hpp"
#include "sluice/operators/row_combiner.hpp"
#include "sluice/operators/ordered_scan.hpp"
#include "sluice/operators/scan.hpp"

namespace sluice {

namespace detail {

// The accumulators of a call of `aggregate`, and its emission if it was given one, last.
template <class Done, class... Rest>
struct aggregate_call;
template <class... Done>
struct aggregate_call<std::tuple<Done...>> {
  using accumulators = std::tuple<Done...>;
};
template <class... Done>
struct aggregate_call<std::tuple<Done...>, emit> {
  using accumulators = std::tuple<Done...>;
};
template <class... Done, class Next, class... Rest>
struct aggregate_call<std::tuple<Done...>, Next, Rest...>
    : aggregate_call<std::tuple<Done..., Next>, Rest...> {};

struct automatic {};

// Whether `F` can be called as `f(State&, const T&, rows<Out>)`, Out being its to say.
template <class F, class State, class T>
concept row_function =
    signature<std::decay_t<F>>::arity == 3 &&
    std::is_invocable_v<std::decay_t<F>&, State&, const T&, rows<pushed_record<F, 2>>>;

// The record an aggregate gives on: the one named, or a tally.
template <class Out, class Keys, class... A>
struct result_record {
  using type = Out;
  static_assert(record<Out>, "aggregate<Out>: Out must be a record (SLUICE_RECORD)");
};
template <class K, class A>
struct result_record<automatic, std::tuple<K>, A> {
  using type =
      tally<K, decltype(std::declval<const A&>().result(std::declval<typename A::state&>()))>;
};
template <class Keys, class... A>
struct result_record<automatic, Keys, A...> {
  static_assert(sizeof...(A) == 1 && std::tuple_size_v<Keys> == 1,
                "aggregate: with several keys or accumulators name the record of the result: "
                "aggregate<totals>(...), its fields the keys, then the results, in order");
};

// Why the states of an accumulator are not sent in the place of rows; empty if they may be.
template <class A>
std::string why_not_sent(const A& one) {
  if constexpr (sendable_accumulator<A>)
    return {};
  else if constexpr (requires { A::any_order; })
    return "the last bits of " + one.name() + " depend on the order of the rows";
  else
    return one.name() + " does not say how its state is sent (sendable_accumulator)";
}

// Adds a keyed stage to the graph.
producer add_keyed(graph_description& g, const stage_name& name, std::string what,
                   std::vector<stage_input> inputs, std::vector<const schema*> outputs,
                   std::function<std::unique_ptr<operation>()> make);
// Where the late rows of input `input` of `scan` leave; where there are none, a mistake and a stage
// to go on with.
producer late_port(graph_description& g, bool of_this_graph, const std::vector<producer>& scan,
                   std::size_t input, const schema& rows, call_site at);
// Makes a schema with these names and the types of `types`.
const schema* named_fields(graph_description& g, const schema& types,
                           std::vector<std::string> names);
// The same of rows that are combined.
const schema* combined_schema(graph_description& g, const schema& types,
                              std::vector<std::string> names);

}  // namespace detail

template <record T, class... K>
class ordered_stream;

/// Rows of `T` keyed by fields of types `K`: what is behind it keeps state for each key.
template <record T, class... K>
class keyed_stream {
 public:
  keyed_stream(graph_description& g, std::vector<producer> from, std::vector<std::size_t> columns)
      : graph_(&g), from_(std::move(from)), columns_(std::move(columns)) {}

  /// Accumulators per key (operators/aggregates.hpp or your own), and when results are given on:
  ///
  ///   .aggregate("count", count())                                  tally{key, value}, updates
  ///   .aggregate<totals>("sums", count(), sum(&row::amount), emit::final)
  template <class Out = detail::automatic, class... Args>
  auto aggregate(stage_name name, Args... args) const {
    using accumulators = typename detail::aggregate_call<std::tuple<>, Args...>::accumulators;
    const auto all = std::make_tuple(args...);
    emit when = emit::updates;
    constexpr std::size_t n = std::tuple_size_v<accumulators>;
    static_assert(n > 0, "aggregate: name at least one accumulator, such as count()");
    if constexpr (sizeof...(Args) > n) when = std::get<n>(all);
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
      return aggregated<Out>(name, when, std::get<I>(all)...);
    }
    (std::make_index_sequence<n>{});
  }

  /// Joins the rows of a key two by two: `f(T& so_far, const T& row)`.
  template <class F>
  stream<T> reduce(stage_name name, F f, emit when = emit::updates) const {
    static_assert(!holds_borrowed_text<T>(),
                  "reduce: the record has a std::string_view member; it would outlive its batch");
    static_assert(std::is_invocable_v<F&, T&, const T&>,
                  "reduce: the function takes (T&, const T&)");
    using made = reduce_operation<T, F, K...>;
    const producer p = detail::add_keyed(
        *graph_, name, "reduce, " + std::string{to_string(when)}, {input()}, {fields()},
        [columns = columns_, when, f]() -> std::unique_ptr<operation> {
          return std::make_unique<made>(columns, when, f);
        });
    graph_->stages[p.stage].gathers = when == emit::updates;
    graph_->stages[p.stage].whole_rows = "a function of the program joins them one by one";
    return {*graph_, p};
  }

  /// Row by row with a `State` per key, in the order of arrival: `f(State&, const T&, rows<Out>)`.
  template <class State, class F>
  auto scan(stage_name name, F f) const {
    static_assert(
        !holds_borrowed_text<State>(),
        "scan: the state has a std::string_view member; state owns its text (std::string)");
    static_assert(detail::row_function<F, State, T>,
                  "scan: the function takes (State&, const T&, rows<Out>)");
    using out = pushed_record<F, 2>;
    using made = scan_operation<T, out, State, std::decay_t<F>, K...>;
    return stream<out>{*graph_,
                       detail::add_keyed(*graph_, name, "scan", {input()}, {&schema_of<out>()},
                                         [columns = columns_, f]() -> std::unique_ptr<operation> {
                                           return std::make_unique<made>(columns, f);
                                         })};
  }

  /// The rows in the order of `at`; rows of one instant in the order of `tie`, a field of an
  /// integer type.
  template <std::integral Tie>
  ordered_stream<T, K...> in_event_time_order(instant T::*at, Tie T::*tie) const {
    check_order("in_event_time_order", field_index(at));
    check_order("the tie of in_event_time_order", field_index(tie));
    return {*graph_, input(), order_columns{field_index(at), field_index(tie), true}};
  }
  /// The rows in the order of `at`; rows of one instant in the order of their arrival, which may
  /// differ from run to run.
  ordered_stream<T, K...> in_event_time_order(instant T::*at) const {
    check_order("in_event_time_order", field_index(at));
    return {*graph_, input(), order_columns{field_index(at), 0, false}};
  }

 private:
  stage_input input() const { return {from_, fields(), key_columns{columns_}}; }
  const schema* fields() const { return graph_->stages[from_[0].stage].outputs[from_[0].port]; }
  void check_order(const char* call, std::size_t column) const {
    detail::check_listed(*graph_, graph_->stages[from_[0].stage], call, column, field_count<T>);
  }
  template <class A>
  void check_field_of(const A& accumulator, const stage_node& stage) const {
    if constexpr (requires { field_index<T>(accumulator.member); })
      detail::check_listed(*graph_, stage, accumulator.name(), field_index<T>(accumulator.member),
                           field_count<T>);
  }
  std::string key_name(std::size_t k) const {
    const auto& known = fields()->fields;
    return columns_[k] < known.size() ? std::string{known[columns_[k]].name} : "key";
  }

  template <class Out, class... A>
  auto aggregated(const stage_name& name, emit when, A... accumulators) const {
    static_assert((... && accumulator<A, T>),
                  "aggregate: not an accumulator of this record (operators/aggregates.hpp)");
    using out = typename detail::result_record<Out, std::tuple<K...>, A...>::type;
    static_assert(
        requires {
          out{std::declval<K>()...,
              std::declval<A&>().result(std::declval<typename A::state&>())...};
        },
        "aggregate<Out>: the fields of Out must be the keys, then the results, in order");
    using made = aggregate_operation<T, out, std::tuple<K...>, A...>;
    std::string what = "aggregate";
    const schema* fields_out = &schema_of<out>();
    ((what += " " + accumulators.name()), ...);
    if constexpr (std::same_as<Out, detail::automatic>)
      fields_out =
          detail::named_fields(*graph_, schema_of<out>(), {key_name(0), accumulators.name()...});
    const producer p = detail::add_keyed(
        *graph_, name, what + ", " + std::string{to_string(when)}, {input()}, {fields_out},
        [columns = columns_, when, fields_out, accumulators...]() -> std::unique_ptr<operation> {
          return std::make_unique<made>(columns, when, fields_out, accumulators...);
        });
    graph_->stages[p.stage].gathers = when == emit::updates;
    (check_field_of(accumulators, graph_->stages[p.stage]), ...);
    let_combine(graph_->stages[p.stage], accumulators...);
    return stream<out>{*graph_, p};
  }
  template <class... A>
  void let_combine(stage_node& stage, const A&... accumulators) const {
    for (std::string& why : std::vector<std::string>{detail::why_not_sent(accumulators)...})
      if (stage.whole_rows.empty()) stage.whole_rows = std::move(why);
    if constexpr ((... && sendable_accumulator<A>)) {
      const schema types = detail::combined_fields<std::tuple<K...>, A...>();
      std::vector<std::string> names;
      for (std::size_t k = 0; k < sizeof...(K); ++k) names.push_back(key_name(k));
      (names.insert(names.end(), detail::part_count<A>, accumulators.name()), ...);
      stage.combined = detail::combined_schema(*graph_, types, std::move(names));
      stage.make_combiner = [columns = columns_, combined = stage.combined,
                             accumulators...]() -> std::unique_ptr<row_combiner> {
        return std::make_unique<key_combiner<T, std::tuple<K...>, A...>>(columns, combined,
                                                                         accumulators...);
      };
    }
  }

  graph_description* graph_;
  std::vector<producer> from_;
  std::vector<std::size_t> columns_;
};

/// One or more inputs in event-time order, keyed alike. At one instant the rows of the first input
/// come first.
template <class Keys, record... T>
class ordered_streams {
 public:
  ordered_streams(graph_description& g, std::vector<stage_input> inputs,
                  std::vector<order_columns> orders)
      : graph_(&g), inputs_(std::move(inputs)), orders_(std::move(orders)) {
    for (std::size_t i = 0; i < inputs_.size(); ++i) inputs_[i].order_by = orders_[i].at;
  }

  /// Adds `next` as the last input.
  template <record More, class... K>
  ordered_streams<Keys, T..., More> with(const ordered_stream<More, K...>& next) const {
    static_assert(std::same_as<Keys, std::tuple<K...>>,
                  "with: both streams must be keyed by fields of the same types");
    auto inputs = inputs_;
    auto orders = orders_;
    const bool same_graph = next.belongs_to(*graph_);
    if (!same_graph)
      graph_->mistakes.push_back(place_of(graph_->stages[inputs_[0].from[0].stage]) +
                                 "joined with a stream of another graph");
    inputs.push_back(same_graph ? next.inputs()[0] : inputs_[0]);
    orders.push_back(next.orders()[0]);
    return {*graph_, std::move(inputs), std::move(orders)};
  }

  /// Row by row with a `State` per key: one function `f(State&, const T&, rows<Out>)` for each
  /// input, in their order. Late rows are counted and leave through `late`.
  template <class State, class... F>
  auto scan(stage_name name, F... f) const {
    constexpr bool one_each = sizeof...(F) == sizeof...(T);
    static_assert(one_each, "scan: one function for each input");
    if constexpr (one_each)
      static_assert((... && detail::row_function<F, State, T>),
                    "scan: each function takes (State&, const T&, rows<Out>), T being the record "
                    "of its input");
    static_assert(
        !holds_borrowed_text<State>(),
        "scan: the state has a std::string_view member; state owns its text (std::string)");
    using out = std::tuple_element_t<0, std::tuple<pushed_record<F, 2>...>>;
    static_assert((... && std::same_as<out, pushed_record<F, 2>>),
                  "scan: all functions push rows of the same record");
    using made = ordered_scan_operation<out, State, Keys, ordered_input<T, std::decay_t<F>>...>;
    std::vector<const schema*> outputs{&schema_of<out>()};
    for (const auto& in : inputs_) outputs.push_back(in.fields);
    const producer p = detail::add_keyed(
        *graph_, name, "scan in event-time order", inputs_, std::move(outputs),
        [inputs = inputs_, orders = orders_, f...]() -> std::unique_ptr<operation> {
          std::size_t i = 0;
          const auto next = [&](auto function, auto row) {
            using input = ordered_input<typename decltype(row)::type, decltype(function)>;
            input made{inputs[i].keys.columns(), orders[i], function};
            ++i;
            return made;
          };
          return [&]<class... In>(std::tuple<In...> all) {
            return std::apply([](auto... in) { return std::make_unique<made>(std::move(in)...); },
                              std::move(all));
          }(std::tuple{next(f, std::type_identity<T>{})...});
        });
    stage_node& node = graph_->stages[p.stage];
    node.ordered = true;
    node.side_ports = sizeof...(T);
    return stream<out>{*graph_, p};
  }

  bool belongs_to(const graph_description& g) const { return graph_ == &g; }
  const std::vector<stage_input>& inputs() const { return inputs_; }
  const std::vector<order_columns>& orders() const { return orders_; }

 private:
  graph_description* graph_;
  std::vector<stage_input> inputs_;
  std::vector<order_columns> orders_;
};

template <record T, class... K>
class ordered_stream : public ordered_streams<std::tuple<K...>, T> {
 public:
  ordered_stream(graph_description& g, stage_input input, order_columns order)
      : ordered_streams<std::tuple<K...>, T>(g, {std::move(input)}, {order}) {}
};

/// The late rows of input `input` of an event-time scan: those at or before a watermark that had
/// already been used.
template <record T, record Out>
stream<T> late_rows(graph_description& g, const stream<Out>& scan, std::size_t input = 0,
                    call_site at = call_site::current()) {
  return {g, detail::late_port(g, scan.belongs_to(g), scan.from(), input, schema_of<T>(), at)};
}

}  // namespace sluice

#pragma once

#include <tuple>
#include <utility>

#include "sluice/operators/aggregates.hpp"
#include "sluice/records/column_batch.hpp"
#include "sluice/state/state_codec.hpp"

namespace sluice {

namespace detail {

// The states of several accumulators beside each other; trivially copyable if they all are.
template <class... S>
struct joined_states {};
template <class S, class... Rest>
struct joined_states<S, Rest...> {
  S head{};
  [[no_unique_address]] joined_states<Rest...> tail{};
};

// `States` may be const.
template <std::size_t I, class States>
auto& state_at(States& states) {
  if constexpr (I == 0)
    return states.head;
  else
    return state_at<I - 1>(states.tail);
}

template <class A>
inline constexpr std::size_t part_count = std::tuple_size_v<typename A::parts>;

// Parts of the accumulators before number I.
template <std::size_t I, class... A>
constexpr std::size_t parts_before() {
  const std::size_t counts[] = {part_count<A>...};
  std::size_t sum = 0;
  for (std::size_t i = 0; i < I; ++i) sum += counts[i];
  return sum;
}

}  // namespace detail

template <class... S>
requires(!detail::is_plain_bytes<detail::joined_states<S...>>()) struct state_codec<
    detail::joined_states<S...>> {
  static constexpr bool possible = (... && is_savable<S>);
  template <class... T>
  static void save(snapshot_writer& to, const detail::joined_states<T...>& value) {
    if constexpr (sizeof...(T) > 0) {
      save_state(to, value.head);
      save(to, value.tail);
    }
  }
  template <class... T>
  static void load(snapshot_reader& from, detail::joined_states<T...>& value) {
    if constexpr (sizeof...(T) > 0) {
      load_state(from, value.head);
      load(from, value.tail);
    }
  }
};

/// Several accumulators over the rows of `T`, each with its own state.
template <class T, class... A>
class accumulators {
 public:
  using state = detail::joined_states<typename A::state...>;

  explicit accumulators(A... all) : all_(std::move(all)...) {}

  void add(state& s, const T& row) const { add(s, row, indices{}); }

  /// The record of a key and the results of all accumulators.
  template <class Out, class... K>
  Out result(const std::tuple<K...>& key, const state& s) const {
    return result<Out>(key, s, indices{}, std::index_sequence_for<K...>{});
  }

  /// Writes what `s` is made of into row `row` of `to`, from column `first` on.
  void split(const state& s, column_batch& to, std::size_t first, std::size_t row) const {
    split(s, to, first, row, indices{});
  }
  /// Adds to `s` what `split` wrote.
  void join(state& s, const column_batch& from, std::size_t first, std::size_t row) const {
    join(s, from, first, row, indices{});
  }

 private:
  using indices = std::index_sequence_for<A...>;

  template <std::size_t... I>
  void add(state& s, const T& row, std::index_sequence<I...>) const {
    (std::get<I>(all_).add(detail::state_at<I>(s), row), ...);
  }
  template <class Out, class Key, std::size_t... I, std::size_t... J>
  Out result(const Key& key, const state& s, std::index_sequence<I...>,
             std::index_sequence<J...>) const {
    return Out{std::get<J>(key)..., std::get<I>(all_).result(detail::state_at<I>(s))...};
  }

  template <std::size_t... I>
  void split(const state& s, column_batch& to, std::size_t first, std::size_t row,
             std::index_sequence<I...>) const {
    (write(std::get<I>(all_).split(detail::state_at<I>(s)), to,
           first + detail::parts_before<I, A...>(), row),
     ...);
  }
  template <std::size_t... I>
  void join(state& s, const column_batch& from, std::size_t first, std::size_t row,
            std::index_sequence<I...>) const {
    (std::get<I>(all_).combine(detail::state_at<I>(s),
                               std::get<I>(all_).join(read<typename A::parts>(
                                   from, first + detail::parts_before<I, A...>(), row))),
     ...);
  }

  template <class... P>
  static void write(const std::tuple<P...>& parts, column_batch& to, std::size_t column,
                    std::size_t row) {
    std::apply([&](const P&... part) { ((to.values<P>(column++)[row] = part), ...); }, parts);
  }
  template <class Parts>
  static Parts read(const column_batch& from, std::size_t column, std::size_t row) {
    Parts parts;
    std::apply([&](auto&... part) { ((part = value(part, from, column++, row)), ...); }, parts);
    return parts;
  }
  template <class P>
  static P value(const P&, const column_batch& from, std::size_t column, std::size_t row) {
    return from.values<P>(column)[row];
  }

  std::tuple<A...> all_;
};

}  // namespace sluice

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

  void add(state& s, const T& row) const {
    each([&](const auto& one, auto i) { one.add(detail::state_at<i>(s), row); });
  }
  /// The record of a key and the results of all accumulators.
  template <class Out, class... K>
  Out result(const std::tuple<K...>& key, const state& s) const {
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
      const auto of = [&](const K&... k) {
        return Out{k..., std::get<I>(all_).result(detail::state_at<I>(s))...};
      };
      return std::apply(of, key);
    }
    (std::index_sequence_for<A...>{});
  }
  /// Writes what `s` is made of into row `row` of `to`, from column `first` on.
  void split(const state& s, column_batch& to, std::size_t first, std::size_t row) const {
    each([&](const auto& one, auto i) {
      const auto write = [&]<class... P>(const P&... part) {
        ((to.values<P>(first++)[row] = part), ...);
      };
      std::apply(write, one.split(detail::state_at<i>(s)));
    });
  }
  /// Adds to `s` what `split` wrote.
  void join(state& s, const column_batch& from, std::size_t first, std::size_t row) const {
    each([&](const auto& one, auto i) {
      typename std::remove_cvref_t<decltype(one)>::parts parts;
      const auto read = [&]<class... P>(P&... part) {
        ((part = from.values<P>(first++)[row]), ...);
      };
      std::apply(read, parts);
      one.combine(detail::state_at<i>(s), one.join(parts));
    });
  }

 private:
  // Calls `f(accumulator, number)` for all, in order.
  template <class F>
  void each(F&& f) const {
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      (f(std::get<I>(all_), std::integral_constant<std::size_t, I>{}), ...);
    }
    (std::index_sequence_for<A...>{});
  }

  std::tuple<A...> all_;
};

}  // namespace sluice

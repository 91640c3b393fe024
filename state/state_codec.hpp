#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <concepts>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "sluice/records/instant.hpp"
#include "sluice/state/snapshot_bytes.hpp"

namespace sluice {

namespace detail {

struct any_visitor {
  template <class... V>
  void operator()(V&...) const {}
};
struct any_member {
  template <class V>
  operator V() const;
};

template <class V>
constexpr bool is_plain_member();

struct only_unplain {
  template <class V>
  requires(!is_plain_member<V>()) operator V() const;
};

template <class S, std::size_t... Before>
constexpr bool unplain_fits_behind(std::index_sequence<Before...>) {
  return requires { S{(static_cast<void>(Before), any_member{})..., only_unplain{}}; };
}
template <class S, std::size_t... I>
constexpr bool unplain_fits_somewhere(std::index_sequence<I...>) {
  return (... || unplain_fits_behind<S>(std::make_index_sequence<I>{}));
}

// Plain bytes that mean the same in another process: nothing that is or may hold an address among
// an aggregate's first 24 members. One with a reference cannot be made of nothing.
template <class S>
constexpr bool is_plain_bytes() {
  if constexpr (!std::is_trivially_copyable_v<S> || !std::is_default_constructible_v<S>)
    return false;
  else if constexpr (std::is_aggregate_v<S>)
    return !unplain_fits_somewhere<S>(std::make_index_sequence<24>{});
  else
    return std::is_arithmetic_v<S> || std::is_enum_v<S> || std::same_as<S, instant>;
}

template <class V>
struct unwrapped {
  using type = V;
};
template <class V>
struct unwrapped<std::optional<V>> : unwrapped<V> {};
template <class Number, class Unit>
struct unwrapped<std::chrono::duration<Number, Unit>> : unwrapped<Number> {};
template <class Clock, class Since>
struct unwrapped<std::chrono::time_point<Clock, Since>> : unwrapped<Since> {};

// As a member of an aggregate, what is made of plain bytes alone may stand too.
template <class V>
constexpr bool is_plain_member() {
  return std::is_trivially_copyable_v<V> && is_plain_bytes<typename unwrapped<V>::type>();
}

}  // namespace detail

/// How a value of type `V` is kept in a checkpoint. Specialised below for what a state may be made
/// of:
///
///   * numbers, enums, `instant`, and aggregates of nothing but these, optionals of them and times
///   of
///     std::chrono, as they lie in memory: no pointer, reference or view;
///   * classes that name their members:
///       class visits { …  template <class F> void visit_state(F&& f) { f(count_, days_); } };
///   * strings, optionals, pairs, tuples, arrays and the standard containers of these.
///
/// Unordered containers are kept in the order of their keys, so equal states are equal bytes.
template <class V>
struct state_codec {
  static constexpr bool possible = false;
};

/// True if a checkpoint can hold a `V`.
template <class V>
inline constexpr bool is_savable = state_codec<V>::possible;

template <class V>
void save_state(snapshot_writer& to, const V& value) {
  state_codec<V>::save(to, value);
}
/// Reads a value into `value`, which is as it was constructed.
template <class V>
void load_state(snapshot_reader& from, V& value) {
  state_codec<V>::load(from, value);
}

template <class V>
concept names_its_members = requires(V& v) {
  v.visit_state(detail::any_visitor{});
};

template <names_its_members V>
struct state_codec<V> {
  static constexpr bool possible = true;
  static void save(snapshot_writer& to, const V& value) {
    // visit_state is one function for both directions; saving changes nothing.
    const_cast<V&>(value).visit_state(
        [&](const auto&... member) { (save_state(to, member), ...); });
  }
  static void load(snapshot_reader& from, V& value) {
    value.visit_state([&](auto&... member) { (load_state(from, member), ...); });
  }
};

template <class V>
requires(!names_its_members<V> && detail::is_plain_bytes<V>()) struct state_codec<V> {
  static constexpr bool possible = true;
  static void save(snapshot_writer& to, const V& value) {
    to.raw({reinterpret_cast<const char*>(&value), sizeof value});
  }
  static void load(snapshot_reader& from, V& value) {
    const std::string_view bytes = from.raw(sizeof value);
    if (!bytes.empty()) std::memcpy(&value, bytes.data(), sizeof value);
  }
};

template <>
struct state_codec<std::string> {
  static constexpr bool possible = true;
  static void save(snapshot_writer& to, const std::string& value) { to.text(value); }
  static void load(snapshot_reader& from, std::string& value) { value = from.text(); }
};

template <class V>
requires(!detail::is_plain_bytes<std::optional<V>>()) struct state_codec<std::optional<V>> {
  static constexpr bool possible = is_savable<V>;
  static void save(snapshot_writer& to, const std::optional<V>& value) {
    to.value(static_cast<std::uint8_t>(value.has_value()));
    if (value) save_state(to, *value);
  }
  static void load(snapshot_reader& from, std::optional<V>& value) {
    value.reset();
    if (from.value<std::uint8_t>() != 0) load_state(from, value.emplace());
  }
};

namespace detail {

template <class Tuple>
struct tuple_codec;
template <template <class...> class Tuple, class... V>
struct tuple_codec<Tuple<V...>> {
  static constexpr bool possible = (... && is_savable<V>);
  static void save(snapshot_writer& to, const Tuple<V...>& value) {
    std::apply([&](const V&... member) { (save_state(to, member), ...); }, value);
  }
  static void load(snapshot_reader& from, Tuple<V...>& value) {
    std::apply([&](V&... member) { (load_state(from, member), ...); }, value);
  }
};

template <class List>
struct list_codec {
  using value_type = typename List::value_type;
  static constexpr bool possible = is_savable<value_type>;
  static void save(snapshot_writer& to, const List& values) {
    to.count(values.size());
    for (const auto& value : values) save_state(to, static_cast<const value_type&>(value));
  }
  static void load(snapshot_reader& from, List& values) {
    values.clear();
    for (std::size_t left = from.count(1); left > 0 && from.sound(); --left) {
      value_type value{};
      load_state(from, value);
      values.push_back(std::move(value));
    }
  }
};

// The elements of an unordered container by their keys, so that equal ones are equal bytes.
template <class Container, class KeyOf>
auto in_order(const Container& values, KeyOf key_of) {
  std::vector<const typename Container::value_type*> sorted;
  sorted.reserve(values.size());
  for (const auto& value : values) sorted.push_back(&value);
  std::sort(sorted.begin(), sorted.end(),
            [&](const auto* a, const auto* b) { return key_of(*a) < key_of(*b); });
  return sorted;
}

template <class Map>
struct map_codec {
  using key = typename Map::key_type;
  using mapped = typename Map::mapped_type;
  static constexpr bool possible = is_savable<key> && is_savable<mapped>;
  static void save(snapshot_writer& to, const Map& values) {
    to.count(values.size());
    for (const auto* entry :
         in_order(values, [](const auto& e) -> const key& { return e.first; })) {
      save_state(to, entry->first);
      save_state(to, entry->second);
    }
  }
  static void load(snapshot_reader& from, Map& values) {
    values.clear();
    for (std::size_t left = from.count(1); left > 0 && from.sound(); --left) {
      key k{};
      load_state(from, k);
      load_state(from, values[std::move(k)]);
    }
  }
};

template <class Set>
struct set_codec {
  using value_type = typename Set::value_type;
  static constexpr bool possible = is_savable<value_type>;
  static void save(snapshot_writer& to, const Set& values) {
    to.count(values.size());
    for (const auto* value : in_order(values, [](const auto& v) -> const value_type& { return v; }))
      save_state(to, *value);
  }
  static void load(snapshot_reader& from, Set& values) {
    values.clear();
    for (std::size_t left = from.count(1); left > 0 && from.sound(); --left) {
      value_type value{};
      load_state(from, value);
      values.insert(std::move(value));
    }
  }
};

}  // namespace detail

template <class A, class B>
requires(!detail::is_plain_bytes<std::pair<A, B>>()) struct state_codec<std::pair<A, B>>
    : detail::tuple_codec<std::pair<A, B>> {
};
template <class... V>
struct state_codec<std::tuple<V...>> : detail::tuple_codec<std::tuple<V...>> {};

template <class V, std::size_t N>
requires(!detail::is_plain_bytes<std::array<V, N>>()) struct state_codec<std::array<V, N>> {
  static constexpr bool possible = is_savable<V>;
  static void save(snapshot_writer& to, const std::array<V, N>& values) {
    for (const V& value : values) save_state(to, value);
  }
  static void load(snapshot_reader& from, std::array<V, N>& values) {
    for (V& value : values) load_state(from, value);
  }
};

// Containers are told by what they have, so that nobody pays for headers of those he does not use.
namespace detail {

template <class V>
concept list_like = requires(V& v, typename V::value_type&& one) {
  v.push_back(std::move(one));
  v.clear();
}
&&!std::same_as<V, std::string>;
template <class V>
concept keyed_like = requires(V& v, const typename V::key_type& key) {
  v.find(key);
  v.clear();
};
template <class V>
concept map_like = keyed_like<V> && requires {
  typename V::mapped_type;
};

}  // namespace detail

template <detail::list_like V>
requires(!names_its_members<V>) struct state_codec<V> : detail::list_codec<V> {
};
template <detail::map_like V>
requires(!names_its_members<V>) struct state_codec<V> : detail::map_codec<V> {
};
template <detail::keyed_like V>
requires(!names_its_members<V> && !detail::map_like<V>) struct state_codec<V>
    : detail::set_codec<V> {
};

}  // namespace sluice

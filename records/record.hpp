#pragma once

#include <concepts>
#include <cstddef>
#include <optional>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

#include "sluice/records/instant.hpp"
#include "sluice/records/schema.hpp"

namespace sluice {

template <class V>
struct optional_value {
  using type = V;
  static constexpr bool value = false;
};
template <class V>
struct optional_value<std::optional<V>> {
  using type = V;
  static constexpr bool value = true;
};

/// A value a column can hold as it is: bool, integers of up to 64 bits, enums, float, double, text,
/// `instant`.
template <class V>
concept plain_field =
    ((std::integral<V> || std::is_enum_v<V>)&&sizeof(V) <= 8) || std::same_as<V, float> ||
    std::same_as<V, double> || std::same_as<V, std::string_view> || std::same_as<V, instant>;

/// A member a record may have: a plain field, or `std::optional` of one.
template <class V>
concept field_value = plain_field<typename optional_value<V>::type>;

/// The stored type of a field of type `V` (enums as their integers, optionals as their values).
template <class V>
constexpr column_type column_type_of() {
  using value = typename optional_value<V>::type;
  if constexpr (std::is_enum_v<value>)
    return column_type_of<std::underlying_type_t<value>>();
  else if constexpr (std::same_as<value, bool>)
    return column_type::boolean;
  else if constexpr (std::same_as<value, float>)
    return column_type::float32;
  else if constexpr (std::same_as<value, double>)
    return column_type::float64;
  else if constexpr (std::same_as<value, std::string_view>)
    return column_type::text;
  else if constexpr (std::same_as<value, instant>)
    return column_type::instant;
  else if constexpr (std::signed_integral<value>)
    return sizeof(value) == 1   ? column_type::int8
           : sizeof(value) == 2 ? column_type::int16
           : sizeof(value) == 4 ? column_type::int32
                                : column_type::int64;
  else
    return sizeof(value) == 1   ? column_type::uint8
           : sizeof(value) == 2 ? column_type::uint16
           : sizeof(value) == 4 ? column_type::uint32
                                : column_type::uint64;
}

/// A member of record `T` and its name, as SLUICE_RECORD lists it.
template <class T, class M>
struct field {
  using value_type = M;
  M T::*member;
  std::string_view name;
};

template <class T, class M>
constexpr field<T, M> describe_field(M T::*member, std::string_view name) {
  static_assert(
      field_value<M>,
      "a record's field must be bool, an integer, an enum, float, double, std::string_view, "
      "sluice::instant, or std::optional of one of these");
  return {member, name};
}

template <class... Fields>
struct record_description {
  std::string_view name;
  std::tuple<Fields...> fields;
};

template <class... Fields>
constexpr record_description<Fields...> describe_record(std::string_view name, Fields... fields) {
  return {name, {fields...}};
}

/// A struct described with SLUICE_RECORD.
template <class T>
concept record = requires(const T* t) {
  sluice_describe(t);
};

/// Name and fields of `T`, at compile time.
template <record T>
inline constexpr auto description_of = sluice_describe(static_cast<const T*>(nullptr));

template <record T>
inline constexpr std::size_t field_count =
    std::tuple_size_v<std::remove_cvref_t<decltype(description_of<T>.fields)>>;

/// Calls `f(index constant, field)` for every field of `T`, in order.
template <record T, class F>
constexpr void for_each_field(F&& f) {
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    (f(std::integral_constant<std::size_t, I>{}, std::get<I>(description_of<T>.fields)), ...);
  }
  (std::make_index_sequence<field_count<T>>{});
}

/// Number of the field `member` of `T`; `field_count<T>` if the record does not list it.
template <record T, class M>
constexpr std::size_t field_index(M T::*member) {
  std::size_t found = field_count<T>;
  for_each_field<T>([&](auto i, const auto& f) {
    if constexpr (std::same_as<std::remove_cvref_t<decltype(f)>, field<T, M>>)
      if (f.member == member) found = i;
  });
  return found;
}

/// The schema of `T`; one object, alive as long as the program.
template <record T>
const schema& schema_of() {
  static const schema made = [] {
    std::vector<field_info> fields;
    for_each_field<T>([&](auto, const auto& f) {
      using value = typename std::remove_cvref_t<decltype(f)>::value_type;
      fields.push_back({f.name, column_type_of<value>(), optional_value<value>::value});
    });
    return schema{description_of<T>.name, std::move(fields)};
  }();
  return made;
}

/// True if all fields of the two rows are equal.
template <record T>
constexpr bool same_fields(const T& a, const T& b) {
  bool same = true;
  for_each_field<T>([&](auto, const auto& f) { same = same && a.*f.member == b.*f.member; });
  return same;
}

}  // namespace sluice

// The preprocessor's way to do something with each of up to 256 arguments.
#define SLUICE_DETAIL_PARENS ()
#define SLUICE_DETAIL_EXPAND(...) \
  SLUICE_DETAIL_EXPAND_1(         \
      SLUICE_DETAIL_EXPAND_1(SLUICE_DETAIL_EXPAND_1(SLUICE_DETAIL_EXPAND_1(__VA_ARGS__))))
#define SLUICE_DETAIL_EXPAND_1(...) \
  SLUICE_DETAIL_EXPAND_2(           \
      SLUICE_DETAIL_EXPAND_2(SLUICE_DETAIL_EXPAND_2(SLUICE_DETAIL_EXPAND_2(__VA_ARGS__))))
#define SLUICE_DETAIL_EXPAND_2(...) \
  SLUICE_DETAIL_EXPAND_3(           \
      SLUICE_DETAIL_EXPAND_3(SLUICE_DETAIL_EXPAND_3(SLUICE_DETAIL_EXPAND_3(__VA_ARGS__))))
#define SLUICE_DETAIL_EXPAND_3(...) __VA_ARGS__
#define SLUICE_DETAIL_FIELDS(T, ...) \
  __VA_OPT__(SLUICE_DETAIL_EXPAND(SLUICE_DETAIL_FIELD(T, __VA_ARGS__)))
#define SLUICE_DETAIL_FIELD(T, name, ...)     \
  , ::sluice::describe_field(&T::name, #name) \
        __VA_OPT__(SLUICE_DETAIL_AGAIN SLUICE_DETAIL_PARENS(T, __VA_ARGS__))
#define SLUICE_DETAIL_AGAIN() SLUICE_DETAIL_FIELD

/// Describes struct `T` by its fields, in the order of its columns. Stands after the struct, in its
/// namespace. Schema, column and wire layout, heads of files, keys and test output all come from
/// this line.
///
///   struct payment { std::uint64_t id; double amount; sluice::instant at; };
///   SLUICE_RECORD(payment, id, amount, at);
#define SLUICE_RECORD(T, ...)                                                  \
  [[maybe_unused]] constexpr auto sluice_describe(const T*) {                  \
    return ::sluice::describe_record(#T SLUICE_DETAIL_FIELDS(T, __VA_ARGS__)); \
  }                                                                            \
  static_assert(true)

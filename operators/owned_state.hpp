#pragma once

#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>

namespace sluice {

namespace detail {

struct any_field {
  template <class V>
  operator V() const;
};
struct only_text {
  operator std::string_view() const;
};

template <class S, std::size_t... Before, std::size_t... After>
constexpr bool text_fits_between(std::index_sequence<Before...>, std::index_sequence<After...>) {
  return requires {
    S{(static_cast<void>(Before), any_field{})..., only_text{},
      (static_cast<void>(After), any_field{})...};
  };
}

template <class S, std::size_t... I>
constexpr bool text_fits_somewhere(std::index_sequence<I...>) {
  return (... ||
          text_fits_between<S>(std::make_index_sequence<I>{}, std::make_index_sequence<0>{}));
}

}  // namespace detail

/// True if `S` is, or is an aggregate with a member among its first 24 that is, a
/// `std::string_view`: text that lives only as long as its batch, and must not stay in state.
template <class S>
constexpr bool holds_borrowed_text() {
  if constexpr (std::is_same_v<S, std::string_view>)
    return true;
  else if constexpr (std::is_aggregate_v<S>)
    return detail::text_fits_somewhere<S>(std::make_index_sequence<24>{});
  else
    return false;
}

}  // namespace sluice

#pragma once

#include <cstddef>
#include <tuple>
#include <type_traits>

namespace sluice {

/// Result and parameters of a function, or of a class with one call operator; what user code states
/// and the graph deduces records from.
template <class F>
struct signature : signature<decltype(&F::operator())> {};
template <class R, class... A>
struct signature<R (*)(A...)> {
  using result_type = R;
  template <std::size_t I>
  using argument = std::remove_cvref_t<std::tuple_element_t<I, std::tuple<A...>>>;
  static constexpr std::size_t arity = sizeof...(A);
};
template <class R, class... A>
struct signature<R(A...)> : signature<R (*)(A...)> {};
template <class C, class R, class... A>
struct signature<R (C::*)(A...)> : signature<R (*)(A...)> {};
template <class C, class R, class... A>
struct signature<R (C::*)(A...) const> : signature<R (*)(A...)> {};
template <class C, class R, class... A>
struct signature<R (C::*)(A...) noexcept> : signature<R (*)(A...)> {};
template <class C, class R, class... A>
struct signature<R (C::*)(A...) const noexcept> : signature<R (*)(A...)> {};

/// The record of parameter `I` of `F`, a `rows<Out>`.
template <class F, std::size_t I>
using pushed_record = typename signature<std::decay_t<F>>::template argument<I>::record_type;

}  // namespace sluice

#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <tuple>
#include <type_traits>

#include "sluice/records/record.hpp"

namespace sluice {

/// Gathers rows of `T` into a value: `state` starts value-initialised and owns what it holds; `add`
/// takes a row, `combine` joins two states of one key, `result` reads the value and changes
/// nothing. `name()` is its field's name in files.
template <class A, class T>
concept accumulator = requires(const A& a, typename A::state& s, const typename A::state& gathered,
                               const T& row) {
  a.add(s, row);
  a.combine(s, gathered);
  { a.result(gathered) } -> field_value;
  { a.name() } -> std::convertible_to<std::string>;
};

/// An accumulator whose states may travel: rows of a key are then gathered before they are sent to
/// another node (operators/row_combiner.hpp). It says so with
///
///   static constexpr bool any_order = true;        the result is the same, to the last bit, in
///                                                  whatever order rows are added and combined
///   using parts = std::tuple<std::uint64_t, …>;    what a state is made of: fields of a record
///   parts split(const state&) const;
///   state join(const parts&) const;                `join(split(s))` does what `s` does
template <class A>
concept sendable_accumulator = A::any_order &&
    requires(const A& a, const typename A::state& s, const typename A::parts& p) {
  { a.split(s) } -> std::same_as<typename A::parts>;
  { a.join(p) } -> std::same_as<typename A::state>;
};

namespace detail {

template <class T, class M>
std::string named_after(std::string_view what, M T::*member) {
  std::string name{what};
  for_each_field<T>([&](auto, const auto& f) {
    if constexpr (std::same_as<decltype(f.member), M T::*>)
      if (f.member == member) name += "_" + std::string{f.name};
  });
  return name;
}

template <class M>
concept number = std::integral<M> || std::floating_point<M>;

// What sums of M are kept in.
template <class M>
using sum_of =
    std::conditional_t<std::floating_point<M>, double,
                       std::conditional_t<std::signed_integral<M>, std::int64_t, std::uint64_t>>;

// A wide integer as two that are fields.
using two_halves = std::tuple<std::uint64_t, std::uint64_t>;
constexpr two_halves halves_of(__int128 value) {
  const auto bits = static_cast<unsigned __int128>(value);
  return {static_cast<std::uint64_t>(bits), static_cast<std::uint64_t>(bits >> 64)};
}
constexpr __int128 of_halves(std::uint64_t low, std::uint64_t high) {
  return static_cast<__int128>(static_cast<unsigned __int128>(high) << 64 | low);
}

}  // namespace detail

/// Rows.
struct count_accumulator {
  using state = std::uint64_t;
  static constexpr bool any_order = true;
  using parts = std::tuple<std::uint64_t>;
  template <class T>
  void add(state& s, const T&) const {
    ++s;
  }
  void combine(state& s, const state& other) const { s += other; }
  std::uint64_t result(const state& s) const { return s; }
  parts split(const state& s) const { return {s}; }
  state join(const parts& p) const { return std::get<0>(p); }
  std::string name() const { return "count"; }
};

/// Σ of a field; integers wrap at 64 bits, floating-point sums depend on the order of the rows.
template <class T, class M>
struct sum_accumulator {
  using state = detail::sum_of<M>;
  static constexpr bool any_order = !std::floating_point<M>;
  using parts = std::tuple<state>;
  M T::*member;
  void add(state& s, const T& row) const { combine(s, static_cast<state>(row.*member)); }
  void combine(state& s, const state& other) const {
    if constexpr (std::floating_point<M>)
      s += other;
    else  // a signed sum that leaves its range has no meaning in C++
      s = static_cast<state>(static_cast<std::uint64_t>(s) + static_cast<std::uint64_t>(other));
  }
  state result(const state& s) const { return s; }
  parts split(const state& s) const { return {s}; }
  state join(const parts& p) const { return std::get<0>(p); }
  std::string name() const { return detail::named_after("sum", member); }
};

/// The smallest (Sign = -1) or largest (Sign = 1) value of a field.
template <class T, class M, int Sign>
struct extreme_accumulator {
  struct state {
    M value;
    bool any;
  };
  static constexpr bool any_order = !std::floating_point<M>;  // zeros of two signs, NaN
  using parts = std::tuple<M>;
  M T::*member;
  void add(state& s, const T& row) const { take(s, row.*member); }
  void combine(state& s, const state& other) const {
    if (other.any) take(s, other.value);
  }
  M result(const state& s) const { return s.value; }
  /// Of a state that has taken a row, as every one that is sent has.
  parts split(const state& s) const { return {s.value}; }
  state join(const parts& p) const { return {std::get<0>(p), true}; }
  std::string name() const { return detail::named_after(Sign < 0 ? "min" : "max", member); }

 private:
  static void take(state& s, M value) {
    if (!s.any || (Sign < 0 ? value < s.value : s.value < value)) s = {value, true};
  }
};

/// The mean of a field; of integers exact until the one division at the end.
template <class T, class M>
struct avg_accumulator {
  struct state {
    std::conditional_t<std::floating_point<M>, double, __int128> sum;
    std::uint64_t count;
  };
  static constexpr bool any_order = !std::floating_point<M>;
  using parts = std::tuple<std::uint64_t, std::uint64_t, std::uint64_t>;
  M T::*member;
  void add(state& s, const T& row) const {
    s.sum += row.*member;
    ++s.count;
  }
  void combine(state& s, const state& other) const {
    s.sum += other.sum;
    s.count += other.count;
  }
  double result(const state& s) const {
    return s.count == 0 ? 0 : static_cast<double>(s.sum) / static_cast<double>(s.count);
  }
  parts split(const state& s) const requires any_order {
    return std::tuple_cat(detail::halves_of(s.sum), std::tuple{s.count});
  }
  state join(const parts& p) const requires any_order {
    return {detail::of_halves(std::get<0>(p), std::get<1>(p)), std::get<2>(p)};
  }
  std::string name() const { return detail::named_after("avg", member); }
};

/// The population variance of a floating-point field, by Welford's updates and their pairwise
/// joining (Chan, Golub, LeVeque 1979).
template <class T, class M>
struct variance_accumulator {
  struct state {
    double mean;
    double squares;  // Σ (x − mean)²
    std::uint64_t count;
  };
  static constexpr bool any_order = false;
  M T::*member;
  void add(state& s, const T& row) const {
    const double x = row.*member;
    const double before = x - s.mean;
    s.mean += before / static_cast<double>(++s.count);
    s.squares += before * (x - s.mean);
  }
  void combine(state& s, const state& other) const {
    if (other.count == 0) return;
    const auto a = static_cast<double>(s.count), b = static_cast<double>(other.count);
    const double apart = other.mean - s.mean;
    s.mean += apart * b / (a + b);
    s.squares += other.squares + apart * apart * a * b / (a + b);
    s.count += other.count;
  }
  double result(const state& s) const {
    return s.count == 0 ? 0 : s.squares / static_cast<double>(s.count);
  }
  std::string name() const { return detail::named_after("variance", member); }
};

/// The population variance of an integer field of up to 32 bits: exact sums, so the order of rows
/// does not show.
template <class T, std::integral M>
struct variance_accumulator<T, M> {
  static_assert(sizeof(M) <= 4,
                "exact variance is for integers of up to 32 bits; make it a double");
  struct state {
    __int128 squares;
    std::int64_t sum;
    std::uint64_t count;
  };
  static constexpr bool any_order = true;
  using parts = std::tuple<std::uint64_t, std::uint64_t, std::int64_t, std::uint64_t>;
  M T::*member;
  void add(state& s, const T& row) const {
    const auto x = static_cast<std::int64_t>(row.*member);
    s.squares += static_cast<__int128>(x) * x;
    s.sum += x;
    ++s.count;
  }
  void combine(state& s, const state& other) const {
    s.squares += other.squares;
    s.sum += other.sum;
    s.count += other.count;
  }
  double result(const state& s) const {
    if (s.count == 0) return 0;
    const auto n = static_cast<__int128>(s.count);
    const auto spread =
        static_cast<long double>(n * s.squares - static_cast<__int128>(s.sum) * s.sum);
    return static_cast<double>(spread / static_cast<long double>(n) / static_cast<long double>(n));
  }
  parts split(const state& s) const {
    return std::tuple_cat(detail::halves_of(s.squares), std::tuple{s.sum, s.count});
  }
  state join(const parts& p) const {
    return {detail::of_halves(std::get<0>(p), std::get<1>(p)), std::get<2>(p), std::get<3>(p)};
  }
  std::string name() const { return detail::named_after("variance", member); }
};

inline count_accumulator count() { return {}; }

template <class T, class M>
sum_accumulator<T, M> sum(M T::*member) {
  static_assert(detail::number<M>, "sum needs a field that is a number");
  return {member};
}
template <class T, class M>
extreme_accumulator<T, M, -1> min(M T::*member) {
  static_assert(detail::number<M> || std::same_as<M, instant>, "min needs a number or an instant");
  return {member};
}
template <class T, class M>
extreme_accumulator<T, M, 1> max(M T::*member) {
  static_assert(detail::number<M> || std::same_as<M, instant>, "max needs a number or an instant");
  return {member};
}
template <class T, class M>
avg_accumulator<T, M> avg(M T::*member) {
  static_assert(detail::number<M>, "avg needs a field that is a number");
  return {member};
}
template <class T, class M>
variance_accumulator<T, M> variance(M T::*member) {
  static_assert(detail::number<M>, "variance needs a field that is a number");
  return {member};
}

}  // namespace sluice

#pragma once

#include <concepts>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "sluice/records/assert.hpp"

namespace sluice {

/// What went wrong outside: a file, a socket, bytes from elsewhere.
enum class error_code {
  not_found,
  refused,      ///< No permission, connection refused.
  unavailable,  ///< Lost while in use; trying again may help.
  no_space,
  malformed,  ///< Bytes that are not what they should be.
  /// What is durable cannot be believed, or does not fit the graph: a person must decide. Nothing
  /// older is taken in its place.
  needs_decision,
  failed,  ///< Anything else.
};

/// An error and its sentence: what happened, then the values, lower case, no full stop.
struct error {
  error_code code = error_code::failed;
  std::string message;

  bool operator==(const error&) const = default;
};

/// A value, or the error that prevented it.
template <class V>
class [[nodiscard]] result {
 public:
  result(V value) : held_(std::in_place_index<0>, std::move(value)) {}
  /// From what becomes a V, such as a pointer to a class derived from its pointee.
  template <std::convertible_to<V> U>
  requires(!std::same_as<U, V> && !std::same_as<U, error> && !std::same_as<U, result>)
      result(U value)
      : held_(std::in_place_index<0>, std::move(value)) {}
  result(error e) : held_(std::in_place_index<1>, std::move(e)) {}

  explicit operator bool() const { return held_.index() == 0; }
  /// The value; there must be one.
  V& value() & { return check(), std::get<0>(held_); }
  const V& value() const& { return check(), std::get<0>(held_); }
  V&& value() && { return check(), std::get<0>(std::move(held_)); }
  /// The error; there must be one.
  const error& failure() const {
    SLUICE_ASSERT(held_.index() == 1, "a result that succeeded has no error");
    return std::get<1>(held_);
  }

 private:
  void check() const { SLUICE_ASSERT(held_.index() == 0, "a result that failed has no value"); }
  std::variant<V, error> held_;
};

/// Nothing, or the error that prevented it. `return {};` is success.
template <>
class [[nodiscard]] result<void> {
 public:
  result() = default;
  result(error e) : failure_(std::move(e)) {}

  explicit operator bool() const { return !failure_; }
  const error& failure() const {
    SLUICE_ASSERT(failure_.has_value(), "a result that succeeded has no error");
    return *failure_;
  }

 private:
  std::optional<error> failure_;
};

}  // namespace sluice

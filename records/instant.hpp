#pragma once

#include <compare>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

namespace sluice {

/// A point in time: microseconds since 1970-01-01 00:00:00 UTC, leap seconds not counted.
///
/// `instant::lowest()` is before everything (a watermark that promises nothing),
/// `instant::highest()` after everything (the watermark of an input that has ended).
struct instant {
  std::int64_t us = 0;

  static constexpr instant from_seconds(std::int64_t s) { return {s * 1'000'000}; }
  static constexpr instant from_milliseconds(std::int64_t ms) { return {ms * 1'000}; }
  static constexpr instant lowest() { return {std::numeric_limits<std::int64_t>::min()}; }
  static constexpr instant highest() { return {std::numeric_limits<std::int64_t>::max()}; }

  /// Whole seconds since 1970, rounded towards the past.
  constexpr std::int64_t seconds() const { return us / 1'000'000 - (us % 1'000'000 < 0 ? 1 : 0); }

  auto operator<=>(const instant&) const = default;
};

/// Returns `t` as `2018-04-01T00:00:00Z`, with as many decimals of the second (0, 3 or 6) as it
/// needs; before the year 0 and after 9999 as a whole number of µs.
std::string to_string(instant t);

/// Reads the form of `to_string`, with one to six decimals, `T` or a blank between date and time,
/// with or without the `Z`; or a whole number of µs. Returns false, and leaves `out` alone, if
/// `text` is anything else or no date of the calendar.
bool parse(std::string_view text, instant& out);

}  // namespace sluice

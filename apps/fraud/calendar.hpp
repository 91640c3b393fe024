#pragma once

#include "sluice/records/instant.hpp"

namespace sluice::fraud {

/// Whole days since 1970-01-01 UTC, rounded towards the past.
constexpr std::int64_t day_of(instant t) {
  const std::int64_t s = t.seconds();
  return s / 86'400 - (s % 86'400 < 0 ? 1 : 0);
}

/// True on Saturdays and Sundays. (1970-01-01 was a Thursday.)
constexpr bool weekend(instant t) {
  const std::int64_t days_since_saturday = ((day_of(t) + 5) % 7 + 7) % 7;
  return days_since_saturday < 2;
}

/// True from 00:00:00 to 06:59:59: the rule of the published data, where the prose says "before 6".
constexpr bool night(instant t) { return t.seconds() - day_of(t) * 86'400 < 7 * 3'600; }

}  // namespace sluice::fraud

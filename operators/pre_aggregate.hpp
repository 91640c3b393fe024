#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace sluice {

/// Whether rows of a keyed aggregate are combined before they are sent to another node.
enum class pre_aggregate : std::uint8_t {
  off,        ///< never
  on,         ///< always
  automatic,  ///< as long as it makes fewer rows; the default; written "auto"
};

inline constexpr std::array<std::string_view, 3> pre_aggregate_names{"off", "on", "auto"};

constexpr std::string_view to_string(pre_aggregate how) {
  return pre_aggregate_names[static_cast<std::size_t>(how)];
}
constexpr std::optional<pre_aggregate> parse_pre_aggregate(std::string_view name) {
  for (std::size_t i = 0; i < pre_aggregate_names.size(); ++i)
    if (pre_aggregate_names[i] == name) return static_cast<pre_aggregate>(i);
  return std::nullopt;
}

}  // namespace sluice

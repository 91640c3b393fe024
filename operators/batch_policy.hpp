#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace sluice {

/// When results leave a stage. Row and byte bounds of the channel hold under every
/// policy.
enum class batch_policy : std::uint8_t {
  off,        ///< as soon as a batch has been processed
  micro,      ///< when the marker arrives
  mini,       ///< at the stage's own timer, or after so many rows
  both,       ///< when the marker arrives, bounded by rows and bytes; the default
  automatic,  ///< starts as `both` and follows the load; written "auto"
};

/// All policies in the order of their values, with the names used in configuration files.
inline constexpr std::array<std::string_view, 5> batch_policy_names{"off", "micro", "mini", "both",
                                                                    "auto"};

/// Returns the name used in configuration files: "off", "micro", "mini", "both" or "auto".
constexpr std::string_view to_string(batch_policy policy) {
  return batch_policy_names[static_cast<std::size_t>(policy)];
}

/// Returns the policy of that name, or nothing if there is none; names are lower case.
constexpr std::optional<batch_policy> parse_batch_policy(std::string_view name) {
  for (std::size_t i = 0; i < batch_policy_names.size(); ++i) {
    if (batch_policy_names[i] == name) return static_cast<batch_policy>(i);
  }
  return std::nullopt;
}

}  // namespace sluice

#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sluice {

/// Returns the environment variable of a key: `SLUICE_MICRO_BATCH_ALLOW_LATENCY_MS` for
/// `microBatch.allowLatencyMs`, `SLUICE_STAGE_DECIDE_POLICY` for `stage.decide.policy`.
std::string variable_of_key(std::string_view key);

/// What a `SLUICE_…` variable stands for.
struct variable_meaning {
  std::vector<std::string>
      keys;           ///< settings it may mean; more than one if stage names are too alike
  bool flag = false;  ///< it belongs to a flag of the program
  std::optional<std::string> nearest;  ///< the nearest variable there is, if it means nothing
};

/// Finds what `variable` means, given the stages of the graph and the long names of the program's
/// flags. Underscores do not count: `SLUICE_BATCHROWS` is `SLUICE_BATCH_ROWS`.
variable_meaning meaning_of_variable(std::string_view variable, std::span<const std::string> stages,
                                     std::span<const std::string> flags);

}  // namespace sluice

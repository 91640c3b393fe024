#pragma once

#include <optional>

#include "sluice/graph/graph.hpp"
#include "sluice/graph/run_choices.hpp"
#include "sluice/graph/run_messages.hpp"
#include "sluice/graph/settings_reader.hpp"

namespace sluice {

/// Everything that was said about the settings of `g`: in code, in the files and flags of `chosen`,
/// in the environment.
settings_reading read_settings(const graph& g, const run_choices& chosen);

/// The settings of `g`, once graph and settings are known to be right. Otherwise nothing, and every
/// mistake has been said in a line of its own, and nothing must be started. Warnings are said too.
std::optional<settings> usable_settings(const graph& g, const run_choices& chosen,
                                        const run_messages& say);

}  // namespace sluice

#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sluice/graph/settings_candidate.hpp"
#include "sluice/graph/settings_file.hpp"

namespace sluice {

/// What became of the entries of a file: those that name a setting, and what is wrong with the
/// others.
struct matched_file {
  std::vector<setting_candidate> candidates;
  std::vector<config_problem> problems;
};

/// Finds the settings the entries of `name` stand for. An unknown key is a problem with the nearest
/// known name, a Blink key below a table one with the hint to move it, an unknown stage one with
/// the stages there are. An unknown table is reported once, not for each of its keys.
matched_file match_file(const std::string& name, std::string_view content,
                        const file_contents& contents, std::span<const std::string> stages);

/// Returns the problem of a stage that is not among `stages`, without a place.
config_problem unknown_stage(std::string_view stage, std::span<const std::string> stages);

/// Returns the problem of a key that is not known, without a place. `shown` is the whole key, `own`
/// the part of it that `scope` is about.
config_problem unknown_key(std::string_view shown, std::string_view own, key_scope scope);

}  // namespace sluice

#pragma once

#include <set>
#include <span>
#include <vector>

#include "sluice/graph/settings_candidate.hpp"
#include "sluice/graph/settings_reader.hpp"

namespace sluice {

/// Decides which of `candidates` are in force and checks the outcome as a whole. `found` is what
/// was wrong before; it is returned with everything found now. What was given of
/// `idle` is an error.
settings_reading decide_settings(std::span<const setting_candidate> candidates,
                                 std::span<const sourced_problem> found,
                                 std::span<const idle_setting> idle,
                                 const variable_lookup& variable);

/// What is not known about settings because something was wrong before. A check that rests on it
/// would report what follows from another error.
struct setting_doubts {
  std::set<setting_id> misread;  ///< a value was given for these and not understood
  bool incomplete = false;  ///< something else was not understood, so no default can be trusted

  bool about(const setting& entry) const {
    return misread.contains(entry.id) ||
           (incomplete && entry.origin.layer == setting_layer::standard);
  }
};

/// Checks values against each other: windows hold the largest batch (docs/protocol.md L11), an
/// interval of a stage goes with policy `mini`, a time without a size is a warning (P6). Problems
/// come without the line of the file.
std::vector<config_problem> check_settings(const settings& chosen, const setting_doubts& doubts);

}  // namespace sluice

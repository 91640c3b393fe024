#pragma once

#include <string>
#include <string_view>

#include "sluice/graph/settings_scan.hpp"

namespace sluice {

/// What is wrong with a statement that is not TOML, in the words of someone who wrote a setting.
struct syntax_fault {
  std::string message;
  std::string hint;
};

/// Names the fault of `broken`. `parser_says` is the TOML parser's own description, used where
/// nothing plainer is known.
syntax_fault name_fault(const statement& broken, std::string_view parser_says);

/// Names the fault of a statement that repeats or contradicts `earlier`, with both lines.
syntax_fault name_repetition(const statement& earlier, const statement& later);

/// Returns a path as it would be written: parts joined by dots, quoted where they must be.
std::string written_path(const std::vector<std::string>& path);

}  // namespace sluice

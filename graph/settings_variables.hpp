#pragma once

#include <string>
#include <string_view>

#include "sluice/graph/settings_value.hpp"

namespace sluice {

/// A text with its variables replaced, or what is wrong with it.
struct replaced_text {
  std::string text;
  bool any = false;   ///< a variable was in it
  std::string wrong;  ///< empty if all went well; names the variable, never its value
};

/// Replaces `${NAME}` by the variable, which must be set, and `${NAME:-default}` by the variable
/// or, if it is unset or empty, by the default (POSIX shell, parameter expansion). Replacements are
/// not looked into.
replaced_text replace_variables(std::string_view text, const variable_lookup& variable);

}  // namespace sluice

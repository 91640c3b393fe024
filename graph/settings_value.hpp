#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "sluice/graph/settings_keys.hpp"

namespace sluice {

/// How a value was written, which decides what it may be: an integer of a file or of code; a quoted
/// text of a file; free text, whose quotes the shell took; or something no setting takes, such as a
/// date.
enum class value_form : std::uint8_t { integer, quoted, free_text, other };

/// A value as it was given, not yet understood.
struct given_value {
  value_form form = value_form::free_text;
  std::int64_t number = 0;  ///< of an integer
  std::string text;         ///< of a text, variables not yet replaced
  std::string shown;        ///< as written, for messages
};

/// A value understood, or what is wrong with it.
struct understood_value {
  std::optional<std::int64_t> value;
  std::string wrong;  ///< "wrong type", "unknown unit", …; empty if there is a value
  std::string hint;
  std::string text = {};  ///< of a store; `value` is 0
};

/// Returns the value of an environment variable, or nothing if it is not set.
using variable_lookup = std::function<std::optional<std::string>(std::string_view)>;

/// Understands `given` as a value of `description`; checks type, unit and range.
/// In a quoted text `${NAME}` and `${NAME:-default}` are replaced first; the replacement is never
/// part of a message, because it may be a secret.
understood_value understand(const setting_description& description, const given_value& given,
                            const variable_lookup& variable);

/// Returns what a value of `description` may be, for messages: `1 to 86400000 ms, or "500ms", …`.
std::string allowed_values(const setting_description& description);

/// Returns `value`, or of a store `text`, as `explain` prints it: `1000 ms`, `both`, `none`.
std::string format_value(const setting_description& description, std::int64_t value,
                         std::string_view text);

}  // namespace sluice

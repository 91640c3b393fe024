#pragma once

#include <string>
#include <string_view>

namespace sluice {

/// Appends `text` as a JSON string in quotes (RFC 8259, 7). Bytes that are not UTF-8 become U+FFFD,
/// one each.
void append_json_string(std::string& out, std::string_view text);

/// True if `text` is a JSON number (RFC 8259, 6): no leading zeros, no `+`, no `NaN`.
bool is_json_number(std::string_view text);

}  // namespace sluice

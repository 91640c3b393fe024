#pragma once

#include <cstddef>
#include <string_view>

namespace sluice {

/// Bytes at the front of `text` that are whole characters of UTF-8 (RFC 3629: no surrogates, no
/// overlong forms, nothing above U+10FFFF).
std::size_t utf8_prefix(std::string_view text);

inline bool is_utf8(std::string_view text) { return utf8_prefix(text) == text.size(); }

/// What a text field may not hold in any input: empty if `text` is UTF-8 without NUL, the reason
/// for rejecting it otherwise.
std::string_view text_problem(std::string_view text);

}  // namespace sluice

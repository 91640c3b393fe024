#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// What names of output, stages and fences are put together from, and taken apart into.

namespace sluice {

/// `00003`
std::string five_digits(std::size_t number);

/// `part-00003`
std::string part_of(std::size_t instance);

/// Twenty digits, so that every number there is stands in the order of text:
/// `00000000000000000042`.
std::string twenty_digits(std::uint64_t number);

/// Takes a number off the front of `text`; nothing, and `text` as it was, if there is none.
std::optional<std::uint64_t> take_number(std::string_view& text);

/// Takes `what` off the front of `text`; false, and `text` as it was, if it begins otherwise.
bool take(std::string_view& text, std::string_view what);

}  // namespace sluice

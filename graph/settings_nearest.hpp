#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace sluice {

/// Returns how many characters have to be inserted, removed or replaced to make `b` out of `a`
/// (Levenshtein 1966), compared byte by byte.
std::size_t edit_distance(std::string_view a, std::string_view b);

/// Returns the name most like `word`, the first of several, if fewer than about a third of its
/// characters differ; nothing if none is that near.
std::optional<std::string> nearest_name(std::string_view word, std::span<const std::string> names);

}  // namespace sluice

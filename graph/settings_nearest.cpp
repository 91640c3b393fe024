#include "sluice/graph/settings_nearest.hpp"

#include <algorithm>
#include <numeric>
#include <vector>

namespace sluice {

namespace {

// Names are short; a longer word is near to none of them and not worth the square of its length.
constexpr std::size_t longest_word = 128;

}  // namespace

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
    }
  }
  return row[b.size()];
}

std::optional<std::string> nearest_name(std::string_view word, std::span<const std::string> names) {
  if (word.size() > longest_word) return std::nullopt;
  std::optional<std::string> best;
  std::size_t limit = (word.size() + 2) / 3 + 1;  // exclusive
  for (const auto& name : names) {
    auto distance = edit_distance(word, name);
    if (distance < limit && distance < name.size()) {
      best = name;
      limit = distance;
    }
  }
  return best;
}

}  // namespace sluice

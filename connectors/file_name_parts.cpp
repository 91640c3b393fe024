#include "sluice/connectors/file_name_parts.hpp"

#include <charconv>
#include <cstdio>

namespace sluice {

std::string five_digits(std::size_t number) {
  char text[32];
  std::snprintf(text, sizeof text, "%05zu", number);
  return text;
}

std::string part_of(std::size_t instance) { return "part-" + five_digits(instance); }

std::string twenty_digits(std::uint64_t number) {
  char text[32];
  std::snprintf(text, sizeof text, "%020llu", static_cast<unsigned long long>(number));
  return text;
}

std::optional<std::uint64_t> take_number(std::string_view& text) {
  std::uint64_t number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (problem != std::errc{}) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return number;
}

bool take(std::string_view& text, std::string_view what) {
  if (!text.starts_with(what)) return false;
  text.remove_prefix(what.size());
  return true;
}

}  // namespace sluice

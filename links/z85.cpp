#include "sluice/links/z85.hpp"

#include <cstdint>
#include <limits>

namespace sluice {

namespace {

constexpr std::string_view digits =
    "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#";
constexpr std::uint64_t base = 85;
constexpr std::size_t group_bytes = 4, group_characters = 5;
static_assert(digits.size() == base);

}  // namespace

std::string to_z85(const key_value& key) {
  std::string text(key_characters, '0');
  for (std::size_t group = 0; group < key_bytes / group_bytes; ++group) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < group_bytes; ++i) value = value << 8 | key[group * group_bytes + i];
    for (std::size_t i = group_characters; i > 0; --i, value /= base)
      text[group * group_characters + i - 1] = digits[value % base];
  }
  return text;
}

std::optional<key_value> read_z85(std::string_view text) {
  if (text.size() != key_characters) return std::nullopt;
  key_value key{};
  for (std::size_t group = 0; group < key_bytes / group_bytes; ++group) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < group_characters; ++i) {
      const std::size_t digit = digits.find(text[group * group_characters + i]);
      if (digit == digits.npos) return std::nullopt;
      value = value * base + digit;
    }
    if (value > std::numeric_limits<std::uint32_t>::max()) return std::nullopt;
    for (std::size_t i = group_bytes; i > 0; --i, value >>= 8)
      key[group * group_bytes + i - 1] = static_cast<unsigned char>(value);
  }
  return key;
}

}  // namespace sluice

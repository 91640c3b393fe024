#include "sluice/records/utf8.hpp"

#include <cstdint>
#include <cstring>

namespace sluice {

namespace {

constexpr std::uint64_t high_bits = 0x8080808080808080;
constexpr std::uint64_t ones = 0x0101010101010101;

std::uint64_t load(const char* from) {
  std::uint64_t word;
  std::memcpy(&word, from, sizeof word);
  return word;
}

// Bytes of the character at the front of `text`, 0 if it is none.
std::size_t character(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return 1;
  const std::size_t size = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || text.size() < size) return 0;
  for (std::size_t i = 1; i < size; ++i)
    if ((byte(i) & 0xc0) != 0x80) return 0;
  const unsigned char second = byte(1);
  if ((lead == 0xe0 && second < 0xa0) || (lead == 0xed && second > 0x9f) ||
      (lead == 0xf0 && second < 0x90) || (lead == 0xf4 && second > 0x8f))
    return 0;
  return size;
}

}  // namespace

std::size_t utf8_prefix(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    if (text.size() - at >= 8 && (load(text.data() + at) & high_bits) == 0) {
      at += 8;
      continue;
    }
    const std::size_t size = character(text.substr(at));
    if (size == 0) return at;
    at += size;
  }
  return at;
}

// One pass over plain ASCII, eight bytes at a time; anything else is looked at again.
std::string_view text_problem(std::string_view text) {
  std::size_t at = 0;
  bool plain = true;
  for (; plain && text.size() - at >= 8; at += 8) {
    const std::uint64_t word = load(text.data() + at);
    plain = ((word | (word - ones)) & high_bits) == 0;
  }
  for (; plain && at < text.size(); ++at) plain = static_cast<signed char>(text[at]) > 0;
  if (plain) return {};
  if (!is_utf8(text)) return "not UTF-8";
  if (text.find('\0') != std::string_view::npos) return "a NUL character";
  return {};
}

}  // namespace sluice

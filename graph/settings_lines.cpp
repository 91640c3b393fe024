#include "sluice/graph/settings_lines.hpp"

namespace sluice {

namespace {

bool begins_character(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) != 0x80; }

// Offset of the character at `column`, or of the end.
std::size_t offset_of(std::string_view line, std::uint32_t column) {
  std::uint32_t at = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (begins_character(line[i]) && ++at == column) return i;
  }
  return line.size();
}

}  // namespace

settings_lines::settings_lines(std::string_view text) {
  for (std::size_t begin = 0; begin <= text.size();) {
    auto end = text.find('\n', begin);
    if (end == text.npos) end = text.size();
    auto line = text.substr(begin, end - begin);
    if (line.ends_with('\r')) line.remove_suffix(1);
    lines_.push_back(line);
    begin = end + 1;
  }
}

std::string_view settings_lines::line(std::uint32_t number) const {
  return number >= 1 && number <= lines_.size() ? lines_[number - 1] : std::string_view{};
}

std::string_view settings_lines::slice(std::uint32_t number, std::uint32_t begin,
                                       std::uint32_t end) const {
  auto text = line(number);
  auto from = offset_of(text, begin);
  auto to = offset_of(text, end);
  return to > from ? text.substr(from, to - from) : std::string_view{};
}

std::uint32_t settings_lines::column(std::uint32_t number, std::size_t offset) const {
  std::uint32_t at = 1;
  for (char byte : line(number).substr(0, offset)) at += begins_character(byte) ? 1 : 0;
  return at;
}

}  // namespace sluice

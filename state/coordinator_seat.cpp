#include "sluice/state/coordinator_seat.hpp"

#include <charconv>

#include "sluice/records/assert.hpp"

namespace sluice {

namespace {

constexpr std::string_view first_line = "sluice coordinator 1";
constexpr std::size_t hex_digits = 16;  // of each half of an incarnation

std::string hex(std::uint64_t number) {
  std::string text(hex_digits, '0');
  for (std::size_t i = hex_digits; i-- > 0; number >>= 4) text[i] = "0123456789abcdef"[number & 15];
  return text;
}

std::optional<std::uint64_t> number_of_hex(std::string_view text) {
  std::uint64_t number = 0;
  const char* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, number, 16);
  if (text.size() != hex_digits || read.ec != std::errc{} || read.ptr != end) return std::nullopt;
  return number;
}

// Takes the next line off `text`, without its end; nothing if there is no whole one.
std::optional<std::string_view> take_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  if (end == text.npos) return std::nullopt;
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return line;
}

// What follows `name` and a blank on the next line.
std::optional<std::string_view> take_value(std::string_view& text, std::string_view name) {
  const auto line = take_line(text);
  if (!line || !line->starts_with(name) || line->substr(name.size()).substr(0, 1) != " ")
    return std::nullopt;
  return line->substr(name.size() + 1);
}

}  // namespace

std::string seat_text(const seat_holder& who) {
  std::string text = std::string{first_line} + "\nnode " + who.node + "\nincarnation " +
                     hex(who.incarnation.value[0]) + hex(who.incarnation.value[1]) + "\n";
  std::size_t lines = 3;
  for (const auto& address : who.addresses) {
    text += "address " + address + "\n";
    ++lines;
  }
  for (const char c : text) lines -= c == '\n';
  SLUICE_ASSERT(lines == 0, "names and addresses of nodes have no line ends");
  return text;
}

result<seat_holder> read_seat_text(std::string_view text) {
  const error wrong{error_code::malformed, "this names no coordinator"};
  if (take_line(text) != first_line) return wrong;
  const auto node = take_value(text, "node");
  const auto incarnation = take_value(text, "incarnation");
  if (!node || !incarnation || incarnation->size() != 2 * hex_digits) return wrong;
  const auto high = number_of_hex(incarnation->substr(0, hex_digits));
  const auto low = number_of_hex(incarnation->substr(hex_digits));
  if (!high || !low) return wrong;
  seat_holder who{std::string{*node}, {{*high, *low}}, {}};
  while (!text.empty()) {
    const auto address = take_value(text, "address");
    if (!address) return wrong;
    who.addresses.emplace_back(*address);
  }
  return who;
}

}  // namespace sluice

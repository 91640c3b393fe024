#include "sluice/links/connection_name.hpp"

#include <charconv>

#include "sluice/records/utf8.hpp"

namespace sluice {

namespace {

constexpr std::size_t digits_of_half = 16;

void put_half(std::string& to, std::uint64_t half) {
  char digits[digits_of_half];
  const auto end = std::to_chars(digits, digits + digits_of_half, half, 16).ptr;
  to.append(digits_of_half - static_cast<std::size_t>(end - digits), '0').append(digits, end);
}

std::optional<std::uint64_t> read_number(std::string_view digits, int base) {
  std::uint64_t number = 0;
  const auto [end, fault] =
      std::from_chars(digits.data(), digits.data() + digits.size(), number, base);
  if (fault != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  return number;
}

}  // namespace

bool is_node_name(std::string_view name) {
  return !name.empty() && name.size() <= most_node_bytes && is_utf8(name) &&
         name.find_first_of(std::string_view("/\0", 2)) == std::string_view::npos;
}

std::string to_routing_id(const connection_name& name) {
  std::string id = name.node + '/';
  put_half(id, name.incarnation.value[0]);
  put_half(id, name.incarnation.value[1]);
  return id + '/' + std::to_string(name.number);
}

std::optional<connection_name> read_routing_id(std::string_view id) {
  const std::size_t first = id.find('/');
  if (first == std::string_view::npos || !is_node_name(id.substr(0, first))) return std::nullopt;
  const std::string_view rest = id.substr(first + 1);
  if (rest.size() < 2 * digits_of_half + 2 || rest[2 * digits_of_half] != '/') return std::nullopt;
  const auto high = read_number(rest.substr(0, digits_of_half), 16);
  const auto low = read_number(rest.substr(digits_of_half, digits_of_half), 16);
  const auto number = read_number(rest.substr(2 * digits_of_half + 1), 10);
  if (!high || !low || !number) return std::nullopt;
  connection_name name{std::string(id.substr(0, first)), {{*high, *low}}, *number};
  if (to_routing_id(name) != id) return std::nullopt;
  return name;
}

}  // namespace sluice

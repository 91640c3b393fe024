#include "sluice/operators/keyed_state.hpp"

#include <algorithm>

namespace sluice::detail {

void append_key(std::vector<char>& bytes, std::uint64_t value) {
  const std::size_t at = bytes.size();
  bytes.resize(at + sizeof value);
  std::memcpy(bytes.data() + at, &value, sizeof value);
}

void append_key(std::vector<char>& bytes, std::string_view value) {
  const auto length = static_cast<std::uint32_t>(value.size());
  const std::size_t at = bytes.size();
  bytes.resize(at + sizeof length);
  std::memcpy(bytes.data() + at, &length, sizeof length);
  bytes.insert(bytes.end(), value.begin(), value.end());
}

std::uint64_t take_key_integer(std::string_view& bytes) {
  std::uint64_t value = 0;
  const std::size_t there = std::min(sizeof value, bytes.size());
  if (there != 0) std::memcpy(&value, bytes.data(), there);
  bytes.remove_prefix(there);
  return value;
}

std::string_view take_key_text(std::string_view& bytes) {
  std::uint32_t length = 0;
  const std::size_t there = std::min(sizeof length, bytes.size());
  if (there != 0) std::memcpy(&length, bytes.data(), there);
  const std::string_view text = bytes.substr(there, length);
  bytes.remove_prefix(there + text.size());
  return text;
}

}  // namespace sluice::detail

#include "sluice/operators/keyed_state.hpp"

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
  std::memcpy(&value, bytes.data(), sizeof value);
  bytes.remove_prefix(sizeof value);
  return value;
}

std::string_view take_key_text(std::string_view& bytes) {
  std::uint32_t length = 0;
  std::memcpy(&length, bytes.data(), sizeof length);
  const std::string_view text = bytes.substr(sizeof length, length);
  bytes.remove_prefix(sizeof length + length);
  return text;
}

}  // namespace sluice::detail

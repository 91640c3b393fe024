#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace sluice {

/// The bytes of a key, and the characters that write it down.
inline constexpr std::size_t key_bytes = 32;
inline constexpr std::size_t key_characters = 40;

using key_value = std::array<unsigned char, key_bytes>;

/// A key as text: five printable characters for each four bytes, without space, quote or backslash
/// (rfc.zeromq.org/spec/32, Z85).
std::string to_z85(const key_value& key);
/// Nothing if `text` is not what `to_z85` makes.
std::optional<key_value> read_z85(std::string_view text);

}  // namespace sluice

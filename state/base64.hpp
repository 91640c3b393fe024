#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sluice {

/// `bytes` in base64 (RFC 4648, 4), with padding.
std::string base64_of(std::string_view bytes);
/// The bytes `text` stands for; nothing if it is not what `base64_of` writes.
std::optional<std::string> bytes_of_base64(std::string_view text);

}  // namespace sluice

#pragma once

#include <cstdint>
#include <span>

namespace sluice {

/// CRC32C (Castagnoli) of `bytes`, as iSCSI and RFC 3720 (B.4) count it. Guards frames and files.
/// `before` is the checksum of the bytes in front, so that what comes in pieces is counted alike:
/// `crc32c(b, crc32c(a))` is that of a and b joined. Of no bytes it is 0. Any thread.
std::uint32_t crc32c(std::span<const char> bytes, std::uint32_t before = 0);

}  // namespace sluice

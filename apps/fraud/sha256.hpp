#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace sluice::fraud {

/// SHA-256 of a text that may come in pieces (FIPS 180-4, section 6.2). A fingerprint to compare
/// results by; not for secrets.
class sha256 {
 public:
  /// Appends `text` to what has been hashed.
  void add(std::string_view text);

  /// Returns the hash of everything added so far as 64 lower-case hex digits; more may be added
  /// afterwards.
  std::string hex() const;

 private:
  void compress(const unsigned char* block);

  std::array<std::uint32_t, 8> state_ = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                         0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  std::array<unsigned char, 64> block_{};  // the first `length_ % 64` bytes wait for the others
  std::uint64_t length_ = 0;               // bytes added
};

/// SHA-256 of `text`, as 64 lower-case hex digits.
std::string sha256_hex(std::string_view text);

}  // namespace sluice::fraud

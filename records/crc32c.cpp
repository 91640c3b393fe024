#include "sluice/records/crc32c.hpp"

#include <algorithm>
#include <cstddef>

#include <isa-l/crc.h>

namespace sluice {

std::uint32_t crc32c(std::span<const char> bytes, std::uint32_t before) {
  // ISA-L leaves the inversion at the start and at the end to its caller, takes no `const` though
  // it writes nothing, and counts the length in an int.
  constexpr std::size_t most = std::size_t{1} << 30;
  std::uint32_t state = ~before;
  while (!bytes.empty()) {
    const auto piece = bytes.first(std::min(bytes.size(), most));
    auto* begin = reinterpret_cast<unsigned char*>(const_cast<char*>(piece.data()));
    state = ::crc32_iscsi(begin, static_cast<int>(piece.size()), state);
    bytes = bytes.subspan(piece.size());
  }
  return ~state;
}

}  // namespace sluice

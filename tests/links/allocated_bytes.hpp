#pragma once

#include <cstdint>

namespace sluice {

/// Bytes asked of `operator new` since the program started. Linking this file replaces the global
/// operators by counting ones.
std::uint64_t allocated_bytes();

}  // namespace sluice

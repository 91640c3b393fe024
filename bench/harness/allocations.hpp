#pragma once

#include <cstdint>

namespace sluice::bench {

/// Calls of `operator new` since the program started, by all threads. Linking this file replaces
/// the global operators by counting ones.
std::uint64_t allocations();

/// Bytes these calls asked for.
std::uint64_t allocated_bytes();

}  // namespace sluice::bench

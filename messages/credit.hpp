#pragma once

#include <cstdint>

namespace sluice {

/// How far the sender on a channel may go: row numbers below `rows`, bytes below `bytes`, both
/// counted since the channel opened. Limits only grow, so a lost or doubled grant does no harm
/// (docs/protocol.md L4, I7).
struct credit {
  std::uint64_t rows = 0;
  std::uint64_t bytes = 0;

  bool operator==(const credit&) const = default;
};

}  // namespace sluice

#pragma once

#include <cstdint>
#include <string>

namespace sluice {

/// Bytes of memory this process has resident now; 0 if the system does not say.
std::uint64_t resident_bytes();

/// Bytes this process may have: the smallest `memory.max` of its control group (cgroup v2) and of
/// those above, or the physical memory where none is set.
std::uint64_t memory_limit_bytes();

/// The same with `own`, the text of /proc/self/cgroup, for a tree of control groups mounted at
/// `root`; `physical` where none sets less.
std::uint64_t memory_limit_bytes(const std::string& own, const std::string& root,
                                 std::uint64_t physical);

}  // namespace sluice

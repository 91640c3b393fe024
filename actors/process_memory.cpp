#include "sluice/actors/process_memory.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <sstream>

#include <unistd.h>

namespace sluice {

namespace {

std::uint64_t system_value(int name) {
  const long value = ::sysconf(name);
  return value > 0 ? static_cast<std::uint64_t>(value) : 0;
}

// `/a/b` of the line `0::/a/b`; nothing without cgroup v2, or where the group lies outside of what
// this process sees (`/../b`).
std::string group_of(const std::string& own) {
  std::istringstream lines(own);
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with("0::/") && line.find("/..") == std::string::npos) return line.substr(3);
  return {};
}

}  // namespace

std::uint64_t resident_bytes() {
  std::uint64_t all = 0, resident = 0;
  std::ifstream{"/proc/self/statm"} >> all >> resident;
  return resident * system_value(_SC_PAGESIZE);
}

std::uint64_t memory_limit_bytes() {
  std::ifstream own{"/proc/self/cgroup"};
  return memory_limit_bytes({std::istreambuf_iterator<char>{own}, {}}, "/sys/fs/cgroup",
                            system_value(_SC_PHYS_PAGES) * system_value(_SC_PAGESIZE));
}

std::uint64_t memory_limit_bytes(const std::string& own, const std::string& root,
                                 std::uint64_t physical) {
  std::uint64_t least = physical;
  for (std::string group = group_of(own); !group.empty();) {
    std::uint64_t limit = 0;
    if (std::ifstream{root + group + "/memory.max"} >> limit) least = std::min(least, limit);
    // The group of a container is the root of what it sees, and may set a limit itself.
    const bool top = group == "/";
    group.erase(std::max<std::size_t>(group.rfind('/'), 1));
    if (top) break;
  }
  return least;
}

}  // namespace sluice

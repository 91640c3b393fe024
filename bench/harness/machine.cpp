#include "sluice/bench/harness/machine.hpp"

#include <sys/utsname.h>
#include <unistd.h>

#include <fstream>
#include <vector>

#include "bench_revision.hpp"
#include "sluice/bench/harness/cpu_usage.hpp"

namespace sluice::bench {
namespace {

std::string cpu_name() {
  std::ifstream in{"/proc/cpuinfo"};
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("model name")) return line.substr(line.find(':') + 2);
  }
  return "unknown";
}

}  // namespace

json_object machine_facts() {
  utsname system{};
  uname(&system);
  return json_object{}
      .add("cpu", cpu_name())
      .add("cores", sysconf(_SC_NPROCESSORS_ONLN))
      .add("l2_kib", sysconf(_SC_LEVEL2_CACHE_SIZE) / 1024)
      .add("mem_mib", sysconf(_SC_PHYS_PAGES) / 1024 * (sysconf(_SC_PAGESIZE) / 1024))
      .add("kernel", system.release);
}

std::optional<std::string> pinned_to() {
  const std::vector<int> cpus = allowed_cpus();
  if (static_cast<long>(cpus.size()) == sysconf(_SC_NPROCESSORS_ONLN)) return std::nullopt;
  std::string out;
  for (const int cpu : cpus) out += (out.empty() ? "" : ",") + std::to_string(cpu);
  return out;
}

std::string build_name() { return SLUICE_BENCH_BUILD; }

std::string revision() { return SLUICE_BENCH_REVISION; }

long resident_mib() {
  std::ifstream in{"/proc/self/statm"};
  long total = 0, resident = 0;
  in >> total >> resident;
  return resident * (sysconf(_SC_PAGESIZE) / 1024) / 1024;
}

}  // namespace sluice::bench

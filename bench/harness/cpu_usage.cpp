#include "sluice/bench/harness/cpu_usage.hpp"

#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <fstream>
#include <iterator>
#include <string>
#include <system_error>

#include "sluice/bench/harness/stopwatch.hpp"

namespace sluice::bench {
namespace {

using std::chrono::nanoseconds;

// The columns of a cpuN line: user nice system idle iowait irq softirq steal …
constexpr std::size_t idle_column = 3;
constexpr std::size_t iowait_column = 4;
constexpr std::size_t columns = 8;

std::string read_all(const char* path) {
  std::ifstream in{path};
  return {std::istreambuf_iterator<char>{in}, {}};
}

std::uint64_t take_number(std::string_view& text) {
  std::uint64_t value = 0;
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return value;
}

std::uint64_t busy_on(const std::vector<int>& cpus) {
  const std::vector<std::uint64_t> ticks = busy_ticks(read_all("/proc/stat"));
  std::uint64_t sum = 0;
  for (const int cpu : cpus) sum += ticks.size() > static_cast<std::size_t>(cpu) ? ticks[cpu] : 0;
  return sum;
}

}  // namespace

nanoseconds clock_tick() { return nanoseconds{std::chrono::seconds{1}} / sysconf(_SC_CLK_TCK); }

std::vector<std::uint64_t> busy_ticks(std::string_view proc_stat) {
  std::vector<std::uint64_t> out;
  while (!proc_stat.empty()) {
    const std::size_t end = std::min(proc_stat.find('\n'), proc_stat.size());
    std::string_view line = proc_stat.substr(0, end);
    proc_stat.remove_prefix(std::min(end + 1, proc_stat.size()));
    if (!line.starts_with("cpu") || line.starts_with("cpu ")) continue;  // the sum of all is no CPU
    line.remove_prefix(3);
    const std::size_t cpu = take_number(line);
    if (out.size() <= cpu) out.resize(cpu + 1);
    for (std::size_t column = 0; column < columns; ++column) {
      const std::uint64_t ticks = take_number(line);
      if (column != idle_column && column != iowait_column) out[cpu] += ticks;
    }
  }
  return out;
}

std::vector<int> allowed_cpus() {
  cpu_set_t set;
  CPU_ZERO(&set);
  sched_getaffinity(0, sizeof set, &set);
  std::vector<int> out;
  for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
    if (CPU_ISSET(cpu, &set)) out.push_back(cpu);
  }
  return out;
}

void pin_to_one_cpu() {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(allowed_cpus().back(), &set);
  if (sched_setaffinity(0, sizeof set, &set) != 0) {
    throw std::system_error{errno, std::generic_category(), "cannot pin to one CPU"};
  }
}

double foreign_share(nanoseconds busy, nanoseconds own, nanoseconds wall, nanoseconds tick,
                     std::size_t cpus) {
  const nanoseconds available = wall * cpus;
  if (available <= nanoseconds{0}) return 0;
  const nanoseconds foreign = busy - own - 2 * tick * cpus;
  return std::clamp(static_cast<double>(foreign.count()) / static_cast<double>(available.count()),
                    0.0, 1.0);
}

double foreign_share_during(const std::function<void()>& work) {
  const std::vector<int> cpus = allowed_cpus();
  const auto begin = std::chrono::steady_clock::now();
  const std::uint64_t busy_before = busy_on(cpus);
  const nanoseconds own_before = process_cpu_time();
  work();
  const nanoseconds own = process_cpu_time() - own_before;
  const std::uint64_t busy = busy_on(cpus) - busy_before;
  const nanoseconds wall = std::chrono::steady_clock::now() - begin;
  return foreign_share(clock_tick() * busy, own, wall, clock_tick(), cpus.size());
}

}  // namespace sluice::bench

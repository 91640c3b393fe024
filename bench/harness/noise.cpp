#include "sluice/bench/harness/noise.hpp"

#include <sched.h>

#include <algorithm>
#include <cstdint>
#include <thread>

#include "sluice/bench/inputs/keyed_rows.hpp"

namespace sluice::bench {
namespace {

using std::chrono::nanoseconds;
using clock = std::chrono::steady_clock;

constexpr nanoseconds noticed = std::chrono::microseconds{2};
constexpr std::size_t batch_rows = 8192;

double ratio(nanoseconds a, nanoseconds b) {
  return static_cast<double>(a.count()) / static_cast<double>(b.count());
}

double waits_longer(const std::vector<nanoseconds>& gaps, nanoseconds than, nanoseconds total) {
  nanoseconds sum{0};
  for (const nanoseconds gap : gaps) sum += std::max(nanoseconds{0}, gap - than);
  return ratio(sum, total);
}

// The probe may leave the CPU the benchmark is pinned to: it asks what the machine could do.
void use_any_cpu() {
  cpu_set_t all;
  CPU_ZERO(&all);
  for (unsigned cpu = 0; cpu < std::thread::hardware_concurrency() || cpu < 2; ++cpu)
    CPU_SET(cpu, &all);
  sched_setaffinity(0, sizeof all, &all);
}

double rows_in(nanoseconds during) {
  const keyed_rows rows{{}};
  std::vector<std::uint64_t> keys(batch_rows);
  std::vector<std::int64_t> values(batch_rows);
  std::uint64_t done = 0;
  const auto end = clock::now() + during;
  while (clock::now() < end) {
    rows.fill(done, keys, values);
    done += batch_rows;
  }
  return static_cast<double>(done);
}

double rows_of_threads(std::size_t threads, nanoseconds during) {
  std::vector<double> rows(threads);
  {
    std::vector<std::jthread> running;
    for (double& mine : rows) {
      running.emplace_back([&mine, during] {
        use_any_cpu();
        mine = rows_in(during);
      });
    }
  }
  double sum = 0;
  for (const double mine : rows) sum += mine;
  return sum;
}

long online_cpus() {
  std::size_t cpus = 0;
  std::jthread{[&] {
    use_any_cpu();
    cpu_set_t set;
    CPU_ZERO(&set);
    sched_getaffinity(0, sizeof set, &set);
    cpus = static_cast<std::size_t>(CPU_COUNT(&set));
  }}.join();
  return static_cast<long>(cpus);
}

}  // namespace

pauses summarize(const std::vector<nanoseconds>& gaps, nanoseconds total) {
  pauses out;
  for (const nanoseconds gap : gaps) {
    out.lost += ratio(gap, total);
    out.longest_ms = std::max(out.longest_ms, ratio(gap, std::chrono::milliseconds{1}));
  }
  out.wait_100us = waits_longer(gaps, std::chrono::microseconds{100}, total);
  out.wait_1ms = waits_longer(gaps, std::chrono::milliseconds{1}, total);
  return out;
}

pauses probe_pauses(nanoseconds during) {
  std::vector<nanoseconds> gaps;
  gaps.reserve(1 << 16);
  const auto begin = clock::now();
  auto last = begin;
  while (last - begin < during) {
    const auto now = clock::now();
    if (now - last > noticed) gaps.push_back(now - last);
    last = now;
  }
  return summarize(gaps, last - begin);
}

std::optional<double> probe_second_thread(nanoseconds during) {
  if (online_cpus() < 2) return std::nullopt;
  const double one = rows_of_threads(1, during);
  return rows_of_threads(2, during) / one;
}

json_object noise_record(const pauses& before, const pauses& after,
                         std::optional<double> second_thread) {
  return json_object{}
      .add("s2", second_thread)
      .add("lost_before", before.lost)
      .add("lost_after", after.lost)
      .add("wait_100us", std::max(before.wait_100us, after.wait_100us))
      .add("wait_1ms", std::max(before.wait_1ms, after.wait_1ms))
      .add("pause_max_ms", std::max(before.longest_ms, after.longest_ms));
}

}  // namespace sluice::bench

#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

namespace sluice::bench {

/// Clock ticks every CPU was busy or stolen since boot, by CPU number, from the text of
/// `/proc/stat`. CPUs that are not listed stand as 0.
std::vector<std::uint64_t> busy_ticks(std::string_view proc_stat);

/// How long a tick is.
std::chrono::nanoseconds clock_tick();

/// CPUs this process may run on, ascending.
std::vector<int> allowed_cpus();

/// Restricts this process, threads to come included, to one CPU: the last it is allowed.
/// Throws `std::system_error` if the system refuses.
void pin_to_one_cpu();

/// Share of the time on `cpus` CPUs that others used: `busy` is what all processes used there while
/// `wall` passed, `own` what ours did. 0 … 1; two ticks a CPU are forgiven, which is how coarsely
/// the system counts.
double foreign_share(std::chrono::nanoseconds busy, std::chrono::nanoseconds own,
                     std::chrono::nanoseconds wall, std::chrono::nanoseconds tick,
                     std::size_t cpus);

/// Runs `work` and returns the share of its CPUs that other processes used meanwhile.
double foreign_share_during(const std::function<void()>& work);

}  // namespace sluice::bench

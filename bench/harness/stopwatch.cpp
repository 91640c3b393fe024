#include "sluice/bench/harness/stopwatch.hpp"

#include <sys/resource.h>

#include "sluice/bench/harness/allocations.hpp"

namespace sluice::bench {
namespace {

std::chrono::nanoseconds cpu_time(int who) {
  rusage usage{};
  getrusage(who, &usage);
  return std::chrono::seconds{usage.ru_utime.tv_sec + usage.ru_stime.tv_sec} +
         std::chrono::microseconds{usage.ru_utime.tv_usec + usage.ru_stime.tv_usec};
}

double seconds(std::chrono::nanoseconds time) {
  return std::chrono::duration<double>(time).count();
}

}  // namespace

std::chrono::nanoseconds process_cpu_time() {
  return cpu_time(RUSAGE_SELF) + cpu_time(RUSAGE_CHILDREN);
}

stopwatch::stopwatch()
    : created_{std::chrono::steady_clock::now()},
      cpu_before_{process_cpu_time()},
      allocations_before_{allocations()} {}

double stopwatch::wall_s() const { return seconds(timed_); }

double stopwatch::cpu_s() const {
  const double life = seconds(std::chrono::steady_clock::now() - created_);
  return seconds(process_cpu_time() - cpu_before_) * (life > 0 ? wall_s() / life : 0);
}

std::uint64_t stopwatch::allocated() const { return allocations() - allocations_before_; }

}  // namespace sluice::bench

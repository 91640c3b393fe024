// Runs the scenarios on a build with one bug put into it, until something notices. Every seed runs
// in a process of its own, because a broken invariant aborts. Exits with 0 if the bug was caught.
#include <sys/wait.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <string>

#include "sluice/tests/sim/audit.hpp"
#include "sluice/tests/sim/cluster_audit.hpp"
#include "sluice/tests/sim/diamond.hpp"
#include "sluice/tests/sim/event_time.hpp"
#include "sluice/tests/sim/word_count.hpp"

namespace {

constexpr std::uint64_t seeds_to_try = 400;
constexpr unsigned seconds_a_seed = 20;

int run_all(std::uint64_t seed) {
  ::alarm(seconds_a_seed);
  for (const std::string& problem :
       {sluice::sim::count_words(seed).problem, sluice::sim::run_diamond(seed).problem,
        sluice::sim::merge_labels(seed).problem, sluice::sim::audit_with_crashes(seed).run.problem,
        sluice::sim::audit_with_stop(seed, {.at = sluice::traced::answered, .nth = seed % 10 + 1})
            .run.problem,
        sluice::sim::audit_on_cluster(seed).run.problem,
        sluice::sim::audit_on_cluster(seed, sluice::sim::two_coordinators).run.problem}) {
    if (problem.empty()) continue;
    std::printf("%s\n", problem.c_str());
    std::fflush(stdout);
    return 1;
  }
  return 0;
}

// True if `run(seed)`, in a process of its own, does not end well.
bool notices(int (*run)(std::uint64_t), std::uint64_t seed) {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(run(seed));
  int status = 0;
  if (child < 0 || ::waitpid(child, &status, 0) != child) ::_exit(2);
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return false;
  std::printf("caught with seed %llu\n", static_cast<unsigned long long>(seed));
  return true;
}

int run_cluster(std::uint64_t seed) {
  ::alarm(seconds_a_seed);
  const std::string problem = sluice::sim::audit_on_cluster(seed).run.problem;
  if (problem.empty()) return 0;
  std::printf("%s\n", problem.c_str());
  std::fflush(stdout);
  return 1;
}

}  // namespace

int main() {
  for (std::uint64_t seed = 1; seed <= 20; ++seed)
    if (notices(run_all, seed)) return 0;
  for (const std::uint64_t seed : sluice::sim::seeds_that_found)
    if (notices(run_cluster, seed)) return 0;
  for (std::uint64_t seed = 21; seed <= seeds_to_try; ++seed)
    if (notices(run_all, seed)) return 0;
  std::printf("survived %llu seeds\n", static_cast<unsigned long long>(seeds_to_try));
  return 1;
}

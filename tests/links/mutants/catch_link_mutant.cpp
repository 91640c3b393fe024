// Runs simulated links on a build with one bug put into it, until something notices. Every seed
// runs in a process of its own, because a broken invariant aborts. Exits with 0 if the bug was
// caught.
#include <sys/wait.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <string>

#include "sluice/tests/sim/link_world.hpp"

namespace {

constexpr std::uint64_t seeds_to_try = 200;
constexpr unsigned seconds_a_seed = 20;

int run(std::uint64_t seed) {
  ::alarm(seconds_a_seed);
  const std::string problem = sluice::sim::run_link(seed).problem;
  if (problem.empty()) return 0;
  std::printf("%s\n", problem.c_str());
  std::fflush(stdout);
  return 1;
}

}  // namespace

int main() {
  for (std::uint64_t seed = 1; seed <= seeds_to_try; ++seed) {
    const pid_t child = ::fork();
    if (child == 0) ::_exit(run(seed));
    int status = 0;
    if (child < 0 || ::waitpid(child, &status, 0) != child) return 2;
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) continue;
    std::printf("caught with seed %llu\n", static_cast<unsigned long long>(seed));
    return 0;
  }
  std::printf("survived %llu seeds\n", static_cast<unsigned long long>(seeds_to_try));
  return 1;
}

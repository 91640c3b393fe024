// Runs simulated links on a build with one bug put into it, until something notices. Exits with 0
// if the bug was caught.
#include "sluice/tests/mutants/notices.hpp"
#include "sluice/tests/sim/link_world.hpp"

int main() {
  using namespace sluice::sim;
  constexpr std::uint64_t seeds_to_try = 200;
  for (std::uint64_t seed = 1; seed <= seeds_to_try; ++seed)
    if (notices([](std::uint64_t s) { return run_link(s).problem; }, seed)) return 0;
  return survived(seeds_to_try);
}

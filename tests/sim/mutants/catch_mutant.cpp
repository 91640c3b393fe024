// Runs the scenarios on a build with one bug put into it, until something notices. Exits with 0 if
// the bug was caught.
#include "sluice/tests/mutants/notices.hpp"
#include "sluice/tests/sim/audit.hpp"
#include "sluice/tests/sim/cluster_audit.hpp"
#include "sluice/tests/sim/diamond.hpp"
#include "sluice/tests/sim/event_time.hpp"
#include "sluice/tests/sim/word_count.hpp"

namespace sluice::sim {

namespace {

constexpr std::uint64_t seeds_to_try = 400;

std::string run_all(std::uint64_t seed) {
  for (std::string problem :
       {count_words(seed).problem, run_diamond(seed).problem, merge_labels(seed).problem,
        audit_with_crashes(seed).run.problem,
        audit_with_stop(seed, {.at = traced::answered, .nth = seed % 10 + 1}).run.problem,
        audit_on_cluster(seed).run.problem, audit_on_cluster(seed, two_coordinators).run.problem})
    if (!problem.empty()) return problem;
  return {};
}

std::string run_cluster(std::uint64_t seed) { return audit_on_cluster(seed).run.problem; }

int catch_mutant() {
  for (std::uint64_t seed = 1; seed <= 20; ++seed)
    if (notices(run_all, seed)) return 0;
  for (const std::uint64_t seed : seeds_that_found)
    if (notices(run_cluster, seed)) return 0;
  for (std::uint64_t seed = 21; seed <= seeds_to_try; ++seed)
    if (notices(run_all, seed)) return 0;
  return survived(seeds_to_try);
}

}  // namespace

}  // namespace sluice::sim

int main() { return sluice::sim::catch_mutant(); }

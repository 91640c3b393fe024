#include <set>

#include "sluice/tests/sim/diamond.hpp"
#include "sluice/tests/sim/event_time.hpp"
#include "sluice/tests/sim/seeds.hpp"
#include "sluice/tests/sim/word_count.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice::sim {

namespace {

// Runs the seeds, 1 in 20 of them twice, and looks at what they leave.
template <class Scenario>
void check_seeds(Scenario scenario) {
  std::set<std::uint64_t> traces;
  std::uint64_t seeds = 0;
  const auto problem = first_problem(500, [&](std::uint64_t seed) {
    const auto once = scenario(seed);
    ++seeds;
    traces.insert(once.run.trace);
    if (once.problem.empty() && seed % 20 == 0 && scenario(seed).run.trace != once.run.trace)
      return "seed " + std::to_string(seed) + " ran differently the second time";
    return once.problem;
  });
  CHECK(problem == "");
  CHECK(traces.size() == seeds);
}

}  // namespace

TEST_CASE("words are counted as by a plain loop at every commit of 500 seeds", "[sim][C1][F204]") {
  check_seeds(count_words);
}

TEST_CASE("a join has seen what lay before each commit, and nothing more, in 500 seeds",
          "[sim][S33][C6]") {
  check_seeds(run_diamond);
}

TEST_CASE("streams are merged by event time as by a plain loop in 500 seeds", "[sim][F602][F401]") {
  check_seeds(merge_labels);
}

}  // namespace sluice::sim

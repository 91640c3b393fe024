#include "sluice/tests/sim/check_seeds.hpp"
#include "sluice/tests/sim/diamond.hpp"
#include "sluice/tests/sim/event_time.hpp"
#include "sluice/tests/sim/word_count.hpp"

namespace sluice::sim {

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

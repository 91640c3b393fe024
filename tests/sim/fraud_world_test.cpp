#include "sluice/tests/sim/fraud_world.hpp"

#include "sluice/tests/sim/check_seeds.hpp"

namespace sluice::sim {

TEST_CASE("the small fraud world is judged as by a plain loop in 500 seeds", "[sim][C1][F602]") {
  check_seeds(run_fraud_world);
}

}  // namespace sluice::sim

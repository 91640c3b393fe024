#include <string>

#include "sluice/tests/sim/check_seeds.hpp"
#include "sluice/tests/sim/cluster_audit.hpp"

namespace sluice::sim {

namespace {

struct checked_run {
  simulated_run run;
  std::string problem;
};

}  // namespace

TEST_CASE(
    "whatever happens to a cluster, every row is committed once and every commit is a cut",
    "[sim][cluster][F30][F1][F2][F3][F4][F5][F6][F8][F9][F10][X1][X3][X5][X6][X7][X8][X9][X13]"
    "[X14][X17][X22][X24][X25][I1][I2][I3][I4][I5][I6][I7][I8][I9][I10][I11]") {
  cluster_run sum;
  check_seeds([&](std::uint64_t seed) {
    const cluster_run ran = audit_on_cluster(seed);
    sum.faults += ran.faults;
    sum.resets += ran.resets;
    sum.recoveries += ran.recoveries;
    sum.zombies += ran.zombies;
    sum.stale += ran.stale;
    sum.resent += ran.resent;
    return checked_run{ran.run, ran.run.problem};
  });
  INFO(sum.faults << " faults, " << sum.resets << " resets, " << sum.recoveries << " recoveries, "
                  << sum.zombies << " zombies, " << sum.stale << " stale frames, " << sum.resent
                  << " sent again");
  CHECK(sum.faults > 0);
  CHECK(sum.recoveries > 0);
  CHECK(sum.zombies > 0);
  CHECK(sum.stale > 0);
  CHECK(sum.resent > 0);
}

}  // namespace sluice::sim

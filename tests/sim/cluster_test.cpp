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

TEST_CASE("what once went wrong in a cluster does not again", "[sim][cluster][F30]") {
  for (const std::uint64_t seed : seeds_that_found) CHECK(audit_on_cluster(seed).run.problem == "");
}

TEST_CASE("a node that is killed at any step of an epoch costs no row and doubles none",
          "[sim][cluster][S28][X7][X9][F2]") {
  const auto calm = [](cluster_options& o) {
    o.nodes = 3;
    o.most_faults = 0;
    o.faults = {.kills = false,
                .pauses = false,
                .partitions = false,
                .resets = false,
                .power = false,
                .unsure = false,
                .network = false};
  };
  for (const std::uint64_t seed : {4, 7}) {
    const cluster_run whole = audit_on_cluster(seed, calm);
    REQUIRE(whole.run.problem == "");
    // From the beginning of the last epoch but one to the end, and the beginning of the run.
    const std::uint64_t last = whole.run.steps;
    const std::uint64_t first = last > 400 ? last - 400 : 1;
    for (std::uint64_t step = first; step < last; ++step)
      for (std::size_t node = 0; node < 3; ++node) {
        const cluster_run ran = audit_on_cluster(seed, [&](cluster_options& o) {
          calm(o);
          o.kill = cluster_kill{step, node};
        });
        INFO("seed " << seed << ", node " << node << " killed at step " << step);
        REQUIRE(ran.run.problem == "");
      }
  }
}

TEST_CASE("two coordinators at once do no harm", "[sim][cluster][F5][X1][X7][X22][I3]") {
  std::uint64_t zombies = 0;
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    const cluster_run ran = audit_on_cluster(seed, two_coordinators);
    INFO("seed " << seed);
    REQUIRE(ran.run.problem == "");
    zombies += ran.zombies;
  }
  CHECK(zombies > 100);
}

TEST_CASE("connections that end cost no recovery", "[sim][cluster][F8][I11]") {
  std::uint64_t resets = 0;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    const cluster_run ran = audit_on_cluster(seed, [](cluster_options& o) {
      o.most_faults = 40;
      o.faults = {.kills = false,
                  .pauses = false,
                  .partitions = false,
                  .resets = true,
                  .power = false,
                  .unsure = false,
                  .network = true};
    });
    INFO("seed " << seed);
    REQUIRE(ran.run.problem == "");
    CHECK(ran.generations == 1);
    resets += ran.resets;
  }
  CHECK(resets > 100);
}

}  // namespace sluice::sim

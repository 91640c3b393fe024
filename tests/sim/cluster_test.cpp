#include <cstdlib>
#include <string>
#include <utility>

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

namespace {

constexpr std::size_t nodes_of_calm = 3;

void calm(cluster_options& o) {
  o.nodes = nodes_of_calm;
  o.most_faults = 0;
  o.faults = no_faults;
}

void check_with_kill(std::uint64_t seed, std::uint64_t step, std::size_t node) {
  const cluster_run ran = audit_on_cluster(seed, [&](cluster_options& o) {
    calm(o);
    o.kill = cluster_kill{step, node};
  });
  INFO("seed " << seed << ", node " << node << " killed at step " << step);
  REQUIRE(ran.run.problem == "");
}

// The steps of a run between two seals, so of a whole epoch and what comes of it; of a run with one
// seal or none its last steps.
std::pair<std::uint64_t, std::uint64_t> steps_of_an_epoch(std::uint64_t seed) {
  const cluster_run whole = audit_on_cluster(seed, calm);
  REQUIRE(whole.run.problem == "");
  if (whole.second_seal != 0) return {whole.first_seal, whole.second_seal};
  const std::uint64_t last = whole.run.steps;
  return {last > 400 ? last - 400 : 1, last};
}

}  // namespace

TEST_CASE("a node that is killed at any step of an epoch costs no row and doubles none",
          "[sim][cluster][S28][X7][X9][F2]") {
  for (const std::uint64_t seed : {4, 7}) {
    const std::uint64_t last = audit_on_cluster(seed, calm).run.steps;
    // To the end, so that END is among them.
    for (std::uint64_t step = last > 400 ? last - 400 : 1; step < last; ++step)
      for (std::size_t node = 0; node < nodes_of_calm; ++node) check_with_kill(seed, step, node);
  }
}

// Every step, every node and a hundred seeds take long: SLUICE_EVERY_STEP asks for them all.
TEST_CASE("with a hundred seeds, a node that is killed at some step of an epoch costs no row",
          "[sim][cluster][S28][X7][F2]") {
  const bool every = std::getenv("SLUICE_EVERY_STEP") != nullptr;
  std::uint64_t killed = 0;
  const auto problem = first_problem(100, [&](std::uint64_t seed) {
    const auto [first, last] = steps_of_an_epoch(seed);
    seeded_random random{seed ^ 0x528};
    for (std::uint64_t step = first; every && step <= last; ++step)
      for (std::size_t node = 0; node < nodes_of_calm; ++node, ++killed)
        check_with_kill(seed, step, node);
    for (std::size_t i = 0; !every && i < 2 * nodes_of_calm; ++i, ++killed)
      check_with_kill(seed, random.between(first, last), i % nodes_of_calm);
    return std::string{};
  });
  CHECK(problem == "");
  INFO(killed << " kills");
  CHECK(killed > 0);
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

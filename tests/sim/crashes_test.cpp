#include "sluice/tests/sim/audit.hpp"
#include "sluice/tests/sim/check_seeds.hpp"

namespace sluice::sim {

namespace {

struct checked_run {
  simulated_run run;
  std::string problem;
};

}  // namespace

TEST_CASE("whatever is killed, every row is committed once and every commit is a cut",
          "[sim][crashes][S28][F30][F16][I1][I2][I4][I5][X7][X8][X9][X14][X17][X24]") {
  std::uint64_t crashes = 0;
  check_seeds([&](std::uint64_t seed) {
    auto ran = audit_with_crashes(seed);
    crashes += ran.crashes;
    return checked_run{ran.run, ran.run.problem};
  });
  INFO("crashes in all: " << crashes);
  CHECK(crashes > 0);
}

}  // namespace sluice::sim

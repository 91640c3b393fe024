#include <array>
#include <string>

#include "sluice/sim/seeded_random.hpp"
#include "sluice/tests/sim/audit.hpp"
#include "sluice/tests/sim/seeds.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice::sim {

namespace {

using wish = crash_options::wish;

// What happens at each step of an epoch (docs/protocol.md 6.4).
struct step {
  const char* name;
  traced is;
};
constexpr std::array<step, 9> steps{{{"E1", traced::tick},
                                     {"E2", traced::cut},
                                     {"E3", traced::marker_in},
                                     {"E4", traced::written},
                                     {"E5", traced::answered},
                                     {"E6", traced::sealed},
                                     {"E7", traced::commit},
                                     {"E8", traced::committed},
                                     {"E9", traced::passed}}};

std::uint64_t runs_of(wish how, std::uint64_t most_crashes, std::uint64_t& kept) {
  std::uint64_t runs = 0;
  for (const step& at : steps) {
    const auto problem = first_problem(25, [&](std::uint64_t seed) {
      seeded_random random{seed * 31 + static_cast<std::uint64_t>(at.is)};
      const auto ran = audit_with_stop(
          seed,
          {.how = how, .at = at.is, .nth = random.between(1, 12), .most_crashes = most_crashes});
      kept += ran.kept;
      ++runs;
      return ran.run.problem;
    });
    INFO(at.name);
    CHECK(problem == "");
  }
  return runs;
}

}  // namespace

TEST_CASE("a run that is kept at any step of an epoch goes on as if nobody had asked",
          "[sim][stop][X11][X15]") {
  std::uint64_t kept = 0;
  const auto runs = runs_of(wish::keep, 0, kept);
  INFO(runs << " runs, " << kept << " kept");
  CHECK(kept > runs / 2);  // the others had ended before
}

TEST_CASE("a kept checkpoint counts though the next process dies at once",
          "[sim][stop][X11][X15]") {
  std::uint64_t kept = 0;
  const auto runs = runs_of(wish::keep, 3, kept);
  INFO(runs << " runs, " << kept << " kept");
  CHECK(kept > runs / 4);
}

TEST_CASE("a run that is drained at any step of an epoch ends with what it has read",
          "[sim][stop][X11]") {
  std::uint64_t kept = 0;
  runs_of(wish::drain, 0, kept);
  CHECK(kept == 0);
}

}  // namespace sluice::sim

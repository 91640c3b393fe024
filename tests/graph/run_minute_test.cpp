#include "sluice/graph/run.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "sluice/sluice.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice {
namespace {

struct number {
  std::uint64_t value;
};
SLUICE_RECORD(number, value);

}  // namespace

// The schedule is absolute: being late once makes no later marker late, so the number of epochs is
// kept on a machine that pauses now and then. How late the latest was is said beside a failure.
TEST_CASE("a minute of real time has sixty epochs of a second", "[run][actors][S13][slow]") {
  constexpr int seconds = 60;
  constexpr std::uint64_t rate = 500;
  graph g{"minute"};
  g.batch({.every = std::chrono::seconds{1}}).policy(batch_policy::micro);
  g.source("numbers", from::generate<number>{[](std::uint64_t row, number& n) { n.value = row; },
                                             {.count = rate * seconds, .rate = rate}})
      .sink("out", to::nothing{});
  std::vector<std::uint64_t> done_ms;
  run_options options;
  options.on_epoch = [&](epoch_id, std::uint64_t elapsed_ms) { done_ms.push_back(elapsed_ms); };
  const auto ran = run_graph(g, settings_in_code(g), options);
  REQUIRE(ran);
  REQUIRE(ran.value().finished);
  // The last is END, which waits for nothing.
  std::uint64_t latest = 0;
  for (std::size_t i = 0; i + 1 < done_ms.size(); ++i)
    latest = std::max(latest, done_ms[i] - std::min(done_ms[i], 1000 * (i + 1)));
  INFO("the latest epoch was done " << latest << " ms after its second");
  CHECK(ran.value().instances.back().work.rows_in == rate * seconds);
  CHECK(std::abs(static_cast<int>(done_ms.size()) - seconds) <= 1);
}

}  // namespace sluice

#include "sluice/graph/run.hpp"

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

// The schedule is absolute: being late once makes no later marker late. On a machine that does
// nothing for half a second this fails, and says by how much.
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
  CHECK(ran.value().instances.back().work.rows_in == rate * seconds);
  CHECK(std::abs(static_cast<int>(done_ms.size()) - seconds) <= 1);
  // The last is END, which waits for nothing; the others keep the phase of the first.
  for (std::size_t i = 0; i + 1 < done_ms.size(); ++i) {
    const double late = static_cast<double>(done_ms[i]) - static_cast<double>(done_ms[0]) -
                        1000.0 * static_cast<double>(i);
    INFO("epoch " << i + 1 << " is late by " << late << " ms");
    CHECK(std::abs(late) < 500);
  }
}

}  // namespace sluice

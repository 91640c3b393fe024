#include "sluice/graph/settings.hpp"
#include "sluice/operators/run_status.hpp"
#include "sluice/sluice.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice {
namespace {

struct number {
  std::uint64_t value;
};
SLUICE_RECORD(number, value);

// The input ends at the moment at which a report is due, so that one is often under way at the end.
TEST_CASE("the last counts are those of the end, whatever reports are under way", "[run][actors]") {
  constexpr std::uint64_t rows = 200;
  graph g{"numbers"};
  g.source("numbers", from::generate<number>{[](std::uint64_t row, number& n) { n.value = row; },
                                             {.count = rows, .rate = 10'000}})
      .sink("out", to::nothing{});
  const settings chosen = settings_in_code(g);
  for (int run = 0; run < 100; ++run) {
    run_options options;
    options.report_every = std::chrono::milliseconds(20);
    options.on_status = [](const run_status&) {};
    const auto ran = run_graph(g, chosen, options);
    REQUIRE(ran);
    INFO("run " << run);
    CHECK(ran.value().instances.front().source.rows == rows);
    CHECK(ran.value().instances.back().work.rows_in == rows);
    CHECK(ran.value().instances.back().work.markers == ran.value().done.value);
  }
}

}  // namespace
}  // namespace sluice

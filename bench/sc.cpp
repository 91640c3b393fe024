// SC: what spreading costs. The keyed sum, results at the end: T1 one loop, T2 the graph with one
// worker, T3 with two workers and an exchange over two aggregators, T4 in two processes over ipc.

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "sluice/bench/bounds/tight_sum.hpp"
#include "sluice/bench/harness/noise.hpp"
#include "sluice/bench/harness/program.hpp"
#include "sluice/bench/inputs/keyed_answers.hpp"
#include "sluice/bench/graphs/node_run.hpp"
#include "sluice/bench/graphs/spread_graph.hpp"
#include "sluice/bench/used_settings.hpp"
#include "sluice/records/assert.hpp"

namespace sluice::bench {
namespace {

// Contenders. T1 times S2: as fast as one loop a core would be, on what the second core is worth at
// that moment.
const std::string t1 = "T1", t1_s2 = "T1 S2", t2 = "T2", t3 = "T3", t4 = "T4 ipc";

std::vector<comparison> lines_of(const keyed_input& input) {
  const auto line = [&](const std::string& contender, const std::string& bound,
                        std::uint64_t threads) {
    return comparison{.variant = to_string(input) + "/" + contender + " to " + bound,
                      .contender = contender,
                      .bound = bound,
                      .settings = used_settings(settings{}.batch_rows(), threads),
                      .judge_allocations = false};  // docs/decisions/allocations.md
  };
  std::vector<comparison> lines{line(t2, t1, 1), line(t3, t1_s2, 2), line(t3, t1, 2),
                                line(t4, t2, 1), line(t4, t1, 1)};
  lines[0].gate = 0.85;
  lines[0].goal = 0.97;
  lines[1].gate = 0.65;
  lines[1].goal = 0.85;
  if (input.keys == 1'000) {
    lines[3].gate = 0.75;
    lines[3].goal = 0.9;
  }
  return lines;
}

contest spreading(const keyed_input& input, std::uint64_t rows) {
  const auto expected = keyed_answer(input, rows);
  SLUICE_ASSERT(expected, "the answer of every size is listed");
  return {
      .name = to_string(input), .expected = *expected, .lines = lines_of(input), .prepare = [=] {
        const auto loop = std::make_shared<tight_sum>(input, rows, settings{}.batch_rows(),
                                                      /*warm=*/true);
        const keyed_stretch all{.input = input, .rows = rows};
        const auto spread = [=](spread_run how) {
          how.of = all;
          return [how, pool = buffer_pool{}] { return run_spread(how, pool); };
        };
        return std::vector<contender>{
            {t1, [=] { return loop->run(); }},
            {t1_s2,
             [=] {
               outcome of_one = loop->run();
               of_one.wall_s /= probe_second_thread(std::chrono::milliseconds{125}).value_or(1);
               return of_one;
             }},
            {t2, spread({})},
            {t3, spread({.instances = 2, .threads = 2})},
            {t4, spread({.instances = 2, .nodes = 2})}};
      }};
}

std::vector<contest> all_of(size s) {
  const std::uint64_t rows = s == size::smoke  ? 1'000'000
                             : s == size::gate ? std::uint64_t{1} << 25
                                               : 100'000'000;
  return {spreading({distribution::uniform, 1'000, key_kind::opaque}, rows),
          spreading({distribution::uniform, 100'000, key_kind::opaque}, rows)};
}

}  // namespace
}  // namespace sluice::bench

int main(int argc, char** argv) {
  using namespace sluice::bench;
  if (is_node(argc, argv)) return spread_node(argc, argv);
  return run_program({.bench = "SC", .placement = placement::as_started, .contests = all_of}, argc,
                     argv);
}

// KS: the keyed sum in one process, a graph of actors against one loop around the
// same aggregate. Class F: results once, at the end.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sluice/bench/bounds/tight_sum.hpp"
#include "sluice/bench/harness/program.hpp"
#include "sluice/bench/inputs/keyed_answers.hpp"
#include "sluice/bench/keyed_graph.hpp"
#include "sluice/bench/used_settings.hpp"
#include "sluice/records/assert.hpp"

namespace sluice::bench {
namespace {

constexpr std::size_t full_batch = 8192, small_batch = 1024;

std::string engine(std::size_t batch_rows) { return "engine/" + std::to_string(batch_rows); }

// The gates and goals (docs/benchmarks.md).
std::vector<comparison> lines_of(const keyed_input& input) {
  const bool dense = input.kind == key_kind::dense;
  std::vector<comparison> lines;
  for (const std::size_t batch_rows : {full_batch, small_batch}) {
    const bool full = batch_rows == full_batch;
    lines.push_back({.variant = to_string(input) + "/F/" + std::to_string(batch_rows),
                     .contender = engine(batch_rows),
                     .bound = "tight",
                     .gate = !full   ? 0.75
                             : dense ? 0.80
                                     : 0.85,
                     .goal = !full   ? 0.88
                             : dense ? 0.95
                                     : 0.97,
                     .settings = used_settings(batch_rows),
                     .judge_allocations = false});  // docs/decisions/allocations.md
  }
  return lines;
}

contest keyed_sum_contest(const keyed_input& input, std::uint64_t rows, bool warm) {
  const auto expected = keyed_answer(input, rows);
  SLUICE_ASSERT(expected, "the answer of every size is listed");
  return {
      .name = to_string(input), .expected = *expected, .lines = lines_of(input), .prepare = [=] {
        const auto bound = std::make_shared<tight_sum>(input, rows, full_batch, warm);
        std::vector<contender> all{{"tight", [=] { return bound->run(); }}};
        for (const std::size_t batch_rows : {full_batch, small_batch}) {
          const keyed_run how{.input = input, .rows = rows, .batch_rows = batch_rows, .warm = warm};
          all.push_back({engine(batch_rows),
                         [how, pool = buffer_pool{}] { return run_keyed_graph(how, pool); }});
        }
        return all;
      }};
}

std::vector<contest> keyed_sums_of(size s) {
  const std::uint64_t rows = s == size::smoke  ? 1'000'000
                             : s == size::gate ? std::uint64_t{1} << 25
                                               : 100'000'000;
  std::vector<contest> out;
  for (const std::uint64_t keys : {1'000, 100'000, 10'000'000}) {
    for (const keyed_input& input : {keyed_input{distribution::uniform, keys, key_kind::opaque},
                                     keyed_input{distribution::zipf, keys, key_kind::opaque},
                                     keyed_input{distribution::uniform, keys, key_kind::dense}}) {
      out.push_back(keyed_sum_contest(input, rows, /*warm=*/s != size::smoke));
    }
  }
  return out;
}

}  // namespace
}  // namespace sluice::bench

int main(int argc, char** argv) {
  return sluice::bench::run_program({.bench = "KS", .contests = sluice::bench::keyed_sums_of}, argc,
                                    argv);
}

// BS (a): what the size of batches is worth. The keyed sum of 100,000 opaque keys
// with batches of 1 to 65,536 rows, against the loop and against batches of one row.

#include <memory>
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

constexpr keyed_input input{distribution::uniform, 100'000, key_kind::opaque};
constexpr std::size_t sizes[] = {1, 16, 64, 256, 1024, 4096, 8192, 16'384, 65'536};

std::string engine(std::size_t batch_rows) { return "rows " + std::to_string(batch_rows); }

answer listed(std::uint64_t rows) {
  const auto known = keyed_answer(input, rows);
  SLUICE_ASSERT(known, "the answer of every size is listed");
  return *known;
}

comparison line(std::size_t batch_rows, const std::string& bound) {
  return {.variant = to_string(input) + "/F/" + std::to_string(batch_rows) + '/' + bound,
          .contender = engine(batch_rows),
          .bound = bound,
          .settings = used_settings(batch_rows),
          .judge_allocations = false};
}

std::vector<contest> batch_sizes(size s) {
  const std::uint64_t many = s == size::smoke ? 1'000'000 : std::uint64_t{1} << 24;
  const std::uint64_t few = s == size::smoke ? 1'000'000 : std::uint64_t{1} << 20;
  const bool warm = s != size::smoke;

  std::vector<comparison> lines;
  for (const std::size_t batch_rows : sizes) lines.push_back(line(batch_rows, "tight"));
  lines.push_back(line(8192, engine(1)));
  lines.back().gate = 20;
  lines.back().goal = 100;

  return {{.name = to_string(input),
           .expected = listed(many),
           .lines = std::move(lines),
           .prepare = [=] {
             const auto bound = std::make_shared<tight_sum>(input, many, 8192, warm);
             std::vector<contender> all{{"tight", [=] { return bound->run(); }}};
             for (const std::size_t batch_rows : sizes) {
               const keyed_run how{.input = input,
                                   .rows = batch_rows < 64 ? few : many,
                                   .batch_rows = batch_rows,
                                   .warm = warm};
               all.push_back({engine(batch_rows),
                              [how, pool = buffer_pool{}] { return run_keyed_graph(how, pool); },
                              listed(how.rows)});
             }
             return all;
           }}};
}

}  // namespace
}  // namespace sluice::bench

int main(int argc, char** argv) {
  return sluice::bench::run_program({.bench = "BS", .contests = sluice::bench::batch_sizes}, argc,
                                    argv);
}

#include "sluice/bench/bounds/column_copy.hpp"

#include <cstring>
#include <numeric>

#include "sluice/bench/harness/stopwatch.hpp"
#include "sluice/bench/inputs/random.hpp"

namespace sluice::bench {
namespace {

constexpr std::size_t columns = 3;

answer sum_of(const std::vector<std::uint64_t>& values, std::size_t rows) {
  return {rows, {{"sum", std::accumulate(values.begin(), values.end(), std::uint64_t{0})}}};
}

// Out of line, so that copies of the same bytes are not merged.
[[gnu::noinline]] void copy_columns(std::uint64_t* to, const std::uint64_t* from,
                                    std::size_t rows) {
  for (std::size_t column = 0; column < columns; ++column) {
    std::memcpy(to + column * rows, from + column * rows, rows * sizeof *to);
  }
}

}  // namespace

column_copy::column_copy(std::size_t batch_rows)
    : from_(columns * batch_rows), to_(columns * batch_rows), batch_rows_{batch_rows} {
  for (std::size_t i = 0; i < from_.size(); ++i) from_[i] = mix(i);
}

outcome column_copy::run(std::uint64_t rows) {
  stopwatch watch;
  watch.start();
  std::uint64_t copied = 0;
  for (; copied < rows; copied += batch_rows_) copy_columns(to_.data(), from_.data(), batch_rows_);
  watch.stop();
  outcome out{.rows = copied,
              .result = {},
              .wall_s = watch.wall_s(),
              .cpu_s = watch.cpu_s(),
              .allocations = watch.allocated()};
  out.result = sum_of(to_, batch_rows_);
  return out;
}

answer column_copy::expected() const { return sum_of(from_, batch_rows_); }

}  // namespace sluice::bench

#include "sluice/bench/bounds/tight_sum.hpp"

#include <utility>

#include "sluice/bench/harness/stopwatch.hpp"

namespace sluice::bench {

tight_sum::tight_sum(const keyed_input& input, std::uint64_t rows, std::size_t batch_rows,
                     bool warm)
    : rows_(input, rows, warm),
      count_(rows),
      warm_(warm),
      bounds_{.rows = batch_rows},
      batch_(std::make_shared<column_batch>(schema_of<keyed_row>(), pool_, batch_rows)),
      aggregate_(make_keyed_sum(emit::final)) {
  sums_so_far nothing{pool_, bounds_, warm_};
  while (!rows_.warmed_up()) {
    rows_.fill(*batch_);
    aggregate_->process(0, batch_, nothing);
  }
}

outcome tight_sum::run() {
  sums_so_far sums{pool_, bounds_, warm_};
  stopwatch watch;
  watch.start();
  while (!rows_.ended()) {
    rows_.fill(*batch_);
    aggregate_->process(0, batch_, sums);
  }
  aggregate_->finish(sums);
  while (aggregate_->resume(sums)) {
  }
  watch.stop();
  rows_.rewind();
  const answer after = sums.result();
  answer of_this_run = after;
  for (std::size_t i = 0; i < before_.sums.size(); ++i)
    of_this_run.sums[i].second -= before_.sums[i].second;
  before_ = after;
  return {.rows = count_,
          .result = std::move(of_this_run),
          .wall_s = watch.wall_s(),
          .cpu_s = watch.cpu_s(),
          .allocations = watch.allocated()};
}

}  // namespace sluice::bench

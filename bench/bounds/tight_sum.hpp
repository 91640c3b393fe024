#pragma once

#include "sluice/bench/bounds/keyed_sum.hpp"
#include "sluice/bench/harness/contest.hpp"

namespace sluice::bench {

/// The bound of a graph that makes keyed sums: one thread, one loop: fill a batch, run the engine's
/// own aggregate on it, next batch; at the end take its results. No actor, message, credit or
/// marker. Batch and table are kept from run to run.
class tight_sum {
 public:
  tight_sum(const keyed_input& input, std::uint64_t rows, std::size_t batch_rows, bool warm);

  /// One timed run over all rows, emission and checksum included.
  outcome run();

 private:
  // Takes the results; what was counted in earlier runs is in them.
  class sums_so_far : public outputs {
   public:
    sums_so_far(const buffer_pool& pool, batch_bounds bounds, bool warm)
        : outputs(pool, bounds), sums_(warm) {}
    void put(std::size_t, batch_ptr totals) override {
      if (totals) sums_.add(*totals);
    }
    answer result() const { return sums_.result(); }

   private:
    total_sums sums_;
  };

  keyed_batches rows_;
  std::uint64_t count_;
  bool warm_;
  buffer_pool pool_;
  batch_bounds bounds_;
  std::shared_ptr<column_batch> batch_;
  std::unique_ptr<keyed_sum> aggregate_;
  answer before_;  // sums after the last run
};

}  // namespace sluice::bench

#pragma once

#include <cstdint>
#include <vector>

#include "sluice/bench/bounds/count_sum.hpp"
#include "sluice/bench/harness/contest.hpp"
#include "sluice/bench/inputs/keyed_rows.hpp"

namespace sluice::bench {

/// When results are written to the output batch.
enum class emission_class {
  final,    // F: every key, once at the end
  updates,  // B: the keys that changed, after every marker
};

/// How `tight` runs.
struct tight_settings {
  std::uint64_t rows = std::uint64_t{1} << 25;
  std::size_t batch_rows = 8192;
  std::uint64_t marker_rows = std::uint64_t{1} << 20;
  emission_class emission = emission_class::final;
};

/// The bound of the keyed sum: one thread, one loop: generate a batch, probe the table, next batch,
/// emit. Buffers and table are kept, the keys are present before the first run.
class tight {
 public:
  tight(const keyed_input& input, const tight_settings& settings);

  /// One timed run over all rows, emission included.
  outcome run();

 private:
  // Writes a result to the output batch, which starts over when it is full; keys without rows have
  // none.
  void emit(std::uint64_t key, const count_sum& state);

  tight_settings settings_;
  keyed_rows rows_;
  keyed_table<count_sum> table_;
  std::vector<std::uint64_t> keys_;
  std::vector<std::int64_t> values_;
  std::vector<std::uint64_t> out_keys_;
  std::vector<count_sum> out_states_;
  std::size_t out_rows_ = 0;
};

}  // namespace sluice::bench

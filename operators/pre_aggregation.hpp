#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "sluice/operators/batching.hpp"
#include "sluice/operators/pre_aggregate.hpp"
#include "sluice/operators/pre_aggregation_counters.hpp"
#include "sluice/operators/row_combiner.hpp"

namespace sluice {

/// Combines the rows of a keyed aggregate before they leave for another node, a batch at a time
/// (FEATURES F701, F203, S12, P10):
///
///   exchange ──batch──▶ take ──combined, or as it was──▶ outlet ──▶ other node
///                             ──as it was──────────────▶ outlet ──▶ this node
///
/// Nothing is kept from one batch to the next: so no marker passes rows that came before it, no
/// checkpoint has to hold any, and the outlet counts the credit of what is sent. A batch that would
/// get larger is sent as it was, so what fits a window with whole rows fits it with combined ones.
///
/// With `automatic` it goes by the rule of `batching`: above 0.8 rows sent by rows taken it sends
/// whole rows and looks again at one batch of 16, below 0.7 it combines again.
class pre_aggregation {
 public:
  /// `away[t]`: target number t of the exchange is on another node.
  pre_aggregation(std::unique_ptr<row_combiner> combiner, pre_aggregate how, std::vector<bool> away,
                  buffer_pool pool);

  /// What is to be sent to `target` in place of `rows`, which are not empty.
  batch_ptr take(std::size_t target, const batch_ptr& rows);

  pre_aggregation_counters counters() const;

 private:
  batch_ptr combined(const batch_ptr& rows);

  std::unique_ptr<row_combiner> combiner_;
  batching rule_;
  std::vector<bool> away_;
  buffer_pool pool_;
  std::uint64_t rows_in_ = 0;
  std::uint64_t rows_out_ = 0;
  std::size_t sent_ = 0;  // in place of the rows the rule counts
};

}  // namespace sluice

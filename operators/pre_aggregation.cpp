#include "sluice/operators/pre_aggregation.hpp"

#include <utility>

namespace sluice {

pre_aggregation::pre_aggregation(std::unique_ptr<row_combiner> combiner, pre_aggregate how,
                                 std::vector<bool> away, buffer_pool pool)
    : combiner_(std::move(combiner)),
      rule_(batch_policy::micro, 0, how == pre_aggregate::automatic),
      away_(std::move(away)),
      pool_(std::move(pool)) {}

batch_ptr pre_aggregation::take(std::size_t target, const batch_ptr& rows) {
  if (!away_[target]) return rows;
  batch_ptr sent = rule_.bypassing() && !rule_.sampling() ? rows : combined(rows);
  rows_in_ += rows->size();
  rows_out_ += sent->size();
  static_cast<void>(rule_.took(rows->size()));  // nothing waits here for its flush
  sent_ += sent->size();
  if (rule_.bypassing() || rule_.gathered_rows() >= batching::smallest_sample)
    rule_.flushed(std::exchange(sent_, 0));
  return sent;
}

batch_ptr pre_aggregation::combined(const batch_ptr& rows) {
  batch_ptr fewer = combiner_->combine(*rows, pool_);
  return fewer->bytes() < rows->bytes() ? fewer : rows;
}

pre_aggregation_counters pre_aggregation::counters() const {
  return {rows_in_, rows_out_, rule_.switched(), rule_.switch_ratio(), rule_.output_ratio()};
}

}  // namespace sluice

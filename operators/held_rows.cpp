#include "sluice/operators/held_rows.hpp"

#include <algorithm>
#include <tuple>

#include "sluice/operators/key_columns.hpp"

namespace sluice {

void held_rows::keep(std::size_t input, const batch_ptr& rows, std::vector<std::uint32_t>& late) {
  const order_columns& order = inputs_[input];
  const instant* at = rows->values<instant>(order.at);
  std::vector<std::uint64_t> ties(order.has_tie ? rows->size() : 0);
  if (order.has_tie) widen(*rows, order.tie, ties);

  if (free_.empty()) {
    free_.push_back(static_cast<std::uint32_t>(batches_.size()));
    batches_.emplace_back();
  }
  const std::uint32_t slot = free_.back();
  std::size_t kept = 0;
  for (std::uint32_t i = 0; i < rows->size(); ++i) {
    if (at[i] <= used_) {
      late.push_back(i);
      continue;
    }
    waiting_[input].rows.push_back({at[i].us, order.has_tie ? ties[i] : 0, arrivals_++, slot, i,
                                    static_cast<std::uint32_t>(input)});
    waiting_[input].earliest = std::min(waiting_[input].earliest, at[i].us);
    ++kept;
  }
  if (kept == 0) return;
  free_.pop_back();
  batches_[slot] = {rows, kept};
}

void held_rows::release(instant watermark) {
  if (watermark <= used_) return;
  used_ = watermark;
  released_.erase(released_.begin(), released_.begin() + static_cast<std::ptrdiff_t>(next_));
  next_ = 0;
  const auto old = static_cast<std::ptrdiff_t>(released_.size());
  for (auto& input : waiting_) {
    if (input.earliest > watermark.us) continue;
    const auto first = std::stable_partition(input.rows.begin(), input.rows.end(),
                                             [&](const held& h) { return h.at > watermark.us; });
    released_.insert(released_.end(), first, input.rows.end());
    input.rows.erase(first, input.rows.end());
    input.earliest = std::numeric_limits<std::int64_t>::max();
    for (const held& h : input.rows) input.earliest = std::min(input.earliest, h.at);
  }
  std::sort(released_.begin() + old, released_.end(), [](const held& a, const held& b) {
    return std::tie(a.at, a.input, a.tie, a.arrival) < std::tie(b.at, b.input, b.tie, b.arrival);
  });
}

std::vector<held_rows::held>& held_rows::take(std::size_t most) {
  for (const held& h : taken_)
    if (--batches_[h.batch].left == 0) {
      batches_[h.batch].rows = nullptr;
      free_.push_back(h.batch);
    }
  const std::size_t n = std::min(most, released_.size() - next_);
  const auto from = released_.begin() + static_cast<std::ptrdiff_t>(next_);
  taken_.assign(from, from + static_cast<std::ptrdiff_t>(n));
  next_ += n;
  return taken_;
}

std::size_t held_rows::size() const {
  std::size_t rows = released_.size() - next_;
  for (const auto& input : waiting_) rows += input.rows.size();
  return rows;
}

}  // namespace sluice

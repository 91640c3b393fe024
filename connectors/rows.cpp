#include "sluice/connectors/rows.hpp"

#include <algorithm>
#include <cstdint>
#include <span>

#include "sluice/connectors/row_filler.hpp"

namespace sluice {

stored_rows::stored_rows(batch_ptr all, const source_context& at)
    : all_(std::move(all)), next_(at.instance), step_(at.instances) {
  if (all_) out_ = std::make_unique<row_filler>(all_->fields(), at.pool, at.bounds);
}

stored_rows::~stored_rows() = default;

result<read_batch> stored_rows::read() {
  if (!all_) return read_batch{nullptr, read_state::end};
  for (; next_ < all_->size() && !out_->full(); next_ += step_) {
    const auto row = static_cast<std::uint32_t>(next_);
    out_->batch().append(*all_, std::span{&row, 1});
    out_->add();
  }
  batch_ptr rows = out_->take();
  const bool done = next_ >= all_->size() && out_->empty();
  return read_batch{std::move(rows), done ? read_state::end : read_state::more};
}

read_progress stored_rows::progress() const {
  if (!all_) return {};
  return {std::min<std::uint64_t>(next_, all_->size()), all_->size()};
}

}  // namespace sluice

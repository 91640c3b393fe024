#include "sluice/connectors/row_filler.hpp"

#include <algorithm>
#include <utility>

namespace sluice {

row_filler::row_filler(const schema& fields, const buffer_pool& pool, batch_bounds bounds)
    : schema_(&fields), pool_(pool), bounds_(bounds), fit_(bounds.rows) {
  if (fields.row_bytes != 0) fit_ = std::min(fit_, bounds.bytes / fields.row_bytes);
  fit_ = std::max<std::size_t>(fit_, 1);
  for (std::size_t c = 0; c < fields.fields.size(); ++c)
    if (fields.fields[c].type == column_type::text) texts_.push_back(c);
}

void row_filler::open() {
  batch_ = std::make_shared<column_batch>(*schema_, pool_, fit_, text_room_);
}

std::size_t row_filler::row_bytes(std::size_t row) const {
  std::size_t sum = schema_->row_bytes;
  for (const std::size_t c : texts_) sum += std::as_const(*batch_).text_at(c, row).size();
  return sum;
}

void row_filler::add() {
  last_ = row_bytes(rows_);
  bytes_ += last_;
  ++rows_;
}

batch_ptr row_filler::take() {
  if (rows_ == 0) return nullptr;
  std::shared_ptr<column_batch> taken = std::move(batch_);
  if (!texts_.empty()) text_room_ = taken->text_room();
  const bool one_too_many = bytes_ > bounds_.bytes && rows_ > 1;
  const std::size_t keep = rows_ - (one_too_many ? 1 : 0);
  taken->resize(keep);
  rows_ = bytes_ = 0;
  if (one_too_many) {
    batch().append(*taken, keep, 1);
    rows_ = 1;
    bytes_ = last_;
  }
  return taken;
}

}  // namespace sluice

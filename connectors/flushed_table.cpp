#include "sluice/connectors/flushed_table.hpp"

#include <utility>

namespace sluice {

namespace {
constexpr std::size_t block = 1 << 20;
constexpr std::chrono::seconds patience{60};
}  // namespace

flushed_table::flushed_table(std::shared_ptr<transaction_port> table, row_format format,
                             row_refusal refuse)
    : table_(std::move(table)), format_(format), refuse_(std::move(refuse)) {}

result<void> flushed_table::write(const column_batch& rows) {
  if (auto refused = refuse_(rows); !refused) return refused;
  for (std::size_t row = 0; row < rows.size(); ++row) format_.row(buffer_, rows, row);
  return buffer_.size() < block ? result<void>{} : flush({});
}

result<void> flushed_table::flush(epoch_id) {
  if (buffer_.empty()) return {};
  auto done = insert();
  if (!done) table_->rollback();
  buffer_.clear();
  return done;
}

result<void> flushed_table::insert() {
  if (auto begun = table_->begin(patience); !begun) return begun;
  if (auto inserted = table_->insert(buffer_); !inserted) return inserted;
  if (auto ended = table_->insert({}); !ended) return ended;
  return table_->commit();
}

}  // namespace sluice

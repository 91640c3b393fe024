#include "sluice/operators/credit_window.hpp"

#include <algorithm>

#include "sluice/records/assert.hpp"

namespace sluice {

void credit_window::spend(std::uint64_t rows, std::uint64_t bytes) {
  SLUICE_ASSERT(admits(rows, bytes), "rows are sent only with credit in hand");
  sent_.rows += rows;
  sent_.bytes += bytes;
}

void credit_window::raise(const credit& limit) {
  limit_.rows = std::max(limit_.rows, limit.rows);
  limit_.bytes = std::max(limit_.bytes, limit.bytes);
}

credit credit_ledger::open() {
  granted_ = {consumed_.rows + window_.rows, consumed_.bytes + window_.bytes};
  return granted_;
}

void credit_ledger::arrived(std::uint64_t rows, std::uint64_t bytes) {
  arrived_.rows += rows;
  arrived_.bytes += bytes;
  SLUICE_ASSERT(arrived_.rows <= granted_.rows && arrived_.bytes <= granted_.bytes,
                "a channel carries no more than it was granted");
  most_.rows = std::max(most_.rows, queued_rows());
  most_.bytes = std::max(most_.bytes, queued_bytes());
}

std::optional<credit> credit_ledger::consumed(std::uint64_t rows, std::uint64_t bytes) {
  consumed_.rows += rows;
  consumed_.bytes += bytes;
  SLUICE_ASSERT(consumed_.rows <= arrived_.rows && consumed_.bytes <= arrived_.bytes,
                "only what arrived is consumed");
  const std::uint64_t open_rows = consumed_.rows + window_.rows - granted_.rows;
  const std::uint64_t open_bytes = consumed_.bytes + window_.bytes - granted_.bytes;
  if (open_rows < (window_.rows + 3) / 4 && open_bytes < (window_.bytes + 3) / 4)
    return std::nullopt;
  return open();
}

std::optional<credit> credit_ledger::quiet() {
  const bool owed = consumed_.rows + window_.rows != granted_.rows ||
                    consumed_.bytes + window_.bytes != granted_.bytes;
  if (!owed || queued_rows() != 0) return std::nullopt;
  return open();
}

}  // namespace sluice

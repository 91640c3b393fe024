#include "sluice/apps/fraud/committed_rows.hpp"

namespace sluice::fraud {

void held_batches::hold(const place& at, std::vector<batch_ptr> rows) {
  const std::lock_guard lock(mutex_);
  held_[at] = std::move(rows);
}

std::vector<batch_ptr> held_batches::take(const place& at) {
  const std::lock_guard lock(mutex_);
  const auto found = held_.find(at);
  if (found == held_.end()) return {};
  auto rows = std::move(found->second);
  held_.erase(found);
  return rows;
}

void held_batches::drop(std::size_t instance) {
  const std::lock_guard lock(mutex_);
  std::erase_if(held_, [&](const auto& one) { return one.first.instance == instance; });
}

}  // namespace sluice::fraud

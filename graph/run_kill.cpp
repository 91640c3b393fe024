#include "sluice/graph/run_kill.hpp"

#include <utility>

namespace sluice {

void run_kill::take(const run_status& status) {
  const std::lock_guard lock(mutex_);
  if (!after_ || !children_ || !seen_.node.empty() || status.commits == 0) return;
  std::uint64_t rows = 0;
  for (const auto& one : status.instances) rows += one.source.rows;
  seen_.rows_at_kill = rows;
  due_ = rows >= *after_;
}

bool run_kill::kill_if_due() {
  const std::lock_guard lock(mutex_);
  if (!std::exchange(due_, false)) return false;
  seen_.node = children_->nodes().back().node;
  killed_at_ = clock::now();
  children_->end(seen_.node);
  return true;
}

void run_kill::take(const begun_generation& begun) {
  const std::lock_guard lock(mutex_);
  if (seen_.node.empty() || begun_again_) return;
  begun_again_ = true;
  seen_.after = begun;
}

void run_kill::committed() {
  const std::lock_guard lock(mutex_);
  if (!begun_again_ || seen_.recovered) return;
  seen_.recovered = true;
  seen_.first_commit_ms = static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::milliseconds>(clock::now() - killed_at_).count());
}

shown_recovery run_kill::seen() const {
  const std::lock_guard lock(mutex_);
  return seen_;
}

}  // namespace sluice

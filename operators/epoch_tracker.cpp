#include "sluice/operators/epoch_tracker.hpp"

#include <algorithm>
#include <iterator>

#include "sluice/records/assert.hpp"

namespace sluice {

std::optional<epoch_tracker::opening> epoch_tracker::tick(std::uint64_t now_ms) {
  if (due_ == 0) due_ = options_.interval_ms;
  if (now_ms < due_) return std::nullopt;
  due_ = (now_ms / options_.interval_ms + 1) * options_.interval_ms;
  waiting_ = true;
  return open_if_allowed();
}

std::optional<epoch_tracker::opening> epoch_tracker::exhausted() {
  ++exhausted_;
  SLUICE_ASSERT(exhausted_ <= options_.sources, "a source is exhausted once");
  waiting_ = true;
  return open_if_allowed();
}

std::optional<epoch_tracker::opening> epoch_tracker::keep() {
  keeping_ = waiting_ = true;
  return open_if_allowed();
}

std::optional<epoch_tracker::opening> epoch_tracker::open_if_allowed() {
  if (!waiting_ || kept_at_ != 0 || ends_sent_ == options_.sources ||
      undecided() >= most_undecided || opened_ >= options_.reserved_to.value)
    return std::nullopt;
  waiting_ = false;
  ++opened_;
  const bool ends = !keeping_ && exhausted_ > ends_sent_;
  if (ends) ends_sent_ = exhausted_;
  if (keeping_) kept_at_ = opened_;
  const bool commit = keeping_ || ends || opened_ % options_.commit_every == 0;
  open_[opened_] = {commit, ended_sinks_};
  return opening{{opened_}, commit, keeping_};
}

std::optional<epoch_tracker::opening> epoch_tracker::passed(epoch_id epoch, bool end) {
  const auto found = open_.find(epoch.value);
  SLUICE_ASSERT(found != open_.end(), "a sink passes only epochs that are open");
  ++found->second.passed;
  if (end) {  // this sink has nothing to say about later epochs
    ++ended_sinks_;
    for (auto later = std::next(found); later != open_.end(); ++later) ++later->second.passed;
  }
  while (!open_.empty() && open_.begin()->second.passed == options_.sinks) {
    done_ = open_.begin()->first;
    commits_ += open_.begin()->second.commit ? 1 : 0;
    open_.erase(open_.begin());
  }
  return open_if_allowed();
}

std::optional<epoch_tracker::opening> epoch_tracker::reserve(epoch_id to) {
  options_.reserved_to = std::max(options_.reserved_to, to);
  return open_if_allowed();
}

std::size_t epoch_tracker::undecided() const {
  std::size_t n = 0;
  for (const auto& [number, e] : open_) n += e.commit ? 1 : 0;
  return n;
}

std::size_t epoch_tracker::acknowledged(epoch_id epoch) const {
  const auto found = open_.find(epoch.value);
  if (found != open_.end()) return found->second.passed;
  return epoch.value <= done_ ? options_.sinks : 0;
}

}  // namespace sluice

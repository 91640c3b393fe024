#include "sluice/sim/sim_link.hpp"

#include <utility>

namespace sluice::sim {

void sim_wire::put(frame_bytes frame) {
  if (!strikes(faults_.dropped)) fresh_.push_back(std::move(frame));
}

std::optional<frame_bytes> sim_wire::take() {
  if (size() == 0) return std::nullopt;
  if (stale_.empty() || (!fresh_.empty() && random_->once_in(2))) {
    frame_bytes next = std::move(fresh_.front());
    fresh_.pop_front();
    return next;
  }
  const auto which = static_cast<std::ptrdiff_t>(random_->below(stale_.size()));
  frame_bytes old = stale_[static_cast<std::size_t>(which)];
  if (!strikes(faults_.doubled)) stale_.erase(stale_.begin() + which);
  return old;
}

void sim_wire::reset() {
  for (frame_bytes& frame : fresh_)
    if (!strikes(faults_.lost)) stale_.push_back(std::move(frame));
  fresh_.clear();
}

}  // namespace sluice::sim

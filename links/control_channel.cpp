#include "sluice/links/control_channel.hpp"

#include <algorithm>
#include <utility>

#include "sluice/records/assert.hpp"

namespace sluice {

bool is_numbered(frame_type type) {
  switch (type) {
    case frame_type::hello:
    case frame_type::rows:
    case frame_type::marker:
    case frame_type::grant:
    case frame_type::resume:
    case frame_type::fenced:
    case frame_type::heartbeat:
      return false;
    default:
      return true;
  }
}

void control_channel::push(control_frame frame) {
  SLUICE_ASSERT(is_numbered(type_of(frame)), "what repeats itself is not kept");
  kept_.push_back(std::move(frame));
}

std::optional<numbered_frame> control_channel::write(std::chrono::milliseconds now) {
  if (next_ == acked_ + kept_.size()) return std::nullopt;
  if (next_ == acked_) moved_ = now;  // nothing was on its way
  if (next_ < written_) ++counters_.resent;
  numbered_frame out{next_, kept_[next_ - acked_]};
  ++next_;
  written_ = std::max(written_, next_);
  return out;
}

bool control_channel::acknowledged(std::uint64_t received, std::chrono::milliseconds now) {
  if (received > written_) return false;
  if (received <= acked_) return true;
  kept_.erase(kept_.begin(), kept_.begin() + static_cast<std::ptrdiff_t>(received - acked_));
  acked_ = received;
  next_ = std::max(next_, acked_);
  moved_ = now;
  patience_ = least_patience;
  return true;
}

void control_channel::reconnected(std::chrono::milliseconds now) {
  patience_ = least_patience;
  rewind(now);
}

void control_channel::tick(std::chrono::milliseconds now) {
  if (next_ == acked_ || now - moved_ < patience_) return;
  patience_ = std::min(2 * patience_, most_patience);
  rewind(now);
}

void control_channel::rewind(std::chrono::milliseconds now) {
  next_ = acked_;
  moved_ = now;
}

void control_channel::forget_before(generation_id current) {
  const auto unwritten = kept_.begin() + static_cast<std::ptrdiff_t>(written_ - acked_);
  kept_.erase(std::remove_if(
                  unwritten, kept_.end(),
                  [&](const control_frame& frame) { return place_of(frame).generation < current; }),
              kept_.end());
}

bool control_channel::take(std::uint64_t seq) {
  if (seq < received_) ++counters_.repeated;
  if (seq > received_) ++counters_.ahead;
  if (seq != received_) return false;
  ++received_;
  return true;
}

void control_channel::restart() {
  const control_counters counted = counters_;
  *this = {};
  counters_ = counted;
}

}  // namespace sluice

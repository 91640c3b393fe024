#include "sluice/links/outgoing_channel.hpp"

#include <algorithm>
#include <utility>

#include "sluice/records/assert.hpp"

namespace sluice {

namespace {

// More doubling would make a channel wait for minutes.
constexpr unsigned most_doubling = 6;

}  // namespace

outgoing_channel::outgoing_channel(const job_id& job, generation_id generation, channel_id channel,
                                   const credit& window, const buffer_pool& pool)
    : job_(job), generation_(generation), channel_(channel), window_(window), pool_(pool) {}

void outgoing_channel::push(batch_ptr rows, instant watermark, std::chrono::milliseconds now) {
  const credit cost{rows->size(), rows->bytes()};
  keep({std::move(rows), watermark, {}, cost, {}, {}}, now);
}

void outgoing_channel::push(const marker& m, std::chrono::milliseconds now) {
  keep({nullptr, {}, m, {}, {}, {}}, now);
}

void outgoing_channel::keep(kept_frame frame, std::chrono::milliseconds now) {
  if (arrived_ == high()) moved_ = now;  // nothing was on its way
  sent_ = {sent_.rows + frame.cost.rows, sent_.bytes + frame.cost.bytes};
  held_ = {held_.rows + frame.cost.rows, held_.bytes + frame.cost.bytes};
  SLUICE_ASSERT(sent_.rows <= limit_.rows && sent_.bytes <= limit_.bytes,
                "a channel carries no more than it was granted");
  SLUICE_ASSERT(held_.rows <= window_.rows && held_.bytes <= window_.bytes,
                "what is kept for sending again fits the window");
  kept_.push_back(std::move(frame));
}

std::optional<frame_bytes> outgoing_channel::write(std::chrono::milliseconds now) {
  if (!open_ || next_ == high()) return std::nullopt;
  SLUICE_ASSERT(next_ >= acked_ && next_ < high(), "what is to be written is kept");
  kept_frame& frame = kept_[next_ - acked_];
  const frame_number at{job_, generation_, channel_, next_};
  if (!frame.bytes.owner)
    frame.bytes = frame.rows ? rows_frame(std::move(frame.rows), frame.watermark, at, pool_)
                             : marker_frame(frame.mark, at);
  if (next_ < written_) {
    ++counters_.resent;
    counters_.resent_rows += frame.cost.rows;
  }
  frame.written = now;
  ++next_;
  written_ = std::max(written_, next_);
  return frame.bytes;
}

std::optional<credit> outgoing_channel::take(const grant_frame& grant,
                                             std::chrono::milliseconds now) {
  if (grant.generation != generation_) return std::nullopt;
  SLUICE_ASSERT(grant.consumed <= high(), "only what was sent is consumed");
  open_ = true;
  moved(grant.consumed, now);
  while (acked_ < grant.consumed) {
    const credit& cost = kept_.front().cost;
    held_ = {held_.rows - cost.rows, held_.bytes - cost.bytes};
    kept_.pop_front();
    ++acked_;
  }
  next_ = std::max(next_, acked_);
  const credit before = limit_;
  limit_.rows = std::max(limit_.rows, grant.limit.rows);
  limit_.bytes = std::max(limit_.bytes, grant.limit.bytes);
  if (limit_ == before) return std::nullopt;
  return limit_;
}

std::optional<credit> outgoing_channel::take(const resume_frame& resume,
                                             std::chrono::milliseconds now) {
  if (resume.granted.generation != generation_) return std::nullopt;
  SLUICE_ASSERT(resume.expected <= high(), "nobody expects what comes after the next frame");
  const std::optional<credit> raised = take(resume.granted, now);
  if (resume.expected < acked_) {  // late: consumed since it was written
    ++counters_.late;
    return raised;
  }
  moved(resume.expected, now);
  const bool at_once = resume.why == resume_reason::gap || resume.why == resume_reason::reconnected;
  if (!at_once && !overdue(resume.expected, now)) return raised;
  if (resume.expected < next_) ++counters_.rewinds;
  if (!at_once && patience_doubled_ < most_doubling) ++patience_doubled_;
  next_ = resume.expected;
  return raised;
}

std::chrono::milliseconds outgoing_channel::patience() const {
  // Of what is kept, not of a whole window: a line that carries little shows its delay, not its
  // speed.
  auto drain = drain_;
  if (window_.bytes != 0)
    drain =
        drain * static_cast<std::int64_t>(held_.bytes) / static_cast<std::int64_t>(window_.bytes);
  return std::max(least_patience, 4 * drain) * (1u << patience_doubled_);
}

// Frames below `to` have arrived: the channel moves, and its speed is measured by their bytes.
void outgoing_channel::moved(std::uint64_t to, std::chrono::milliseconds now) {
  if (to <= arrived_) return;
  std::uint64_t bytes = 0;
  for (std::uint64_t seq = std::max(arrived_, acked_); seq < to; ++seq)
    bytes += kept_[seq - acked_].cost.bytes;
  if (bytes != 0) {
    const auto took = (now - moved_) * window_.bytes / bytes;
    drain_ = drain_ == drain_.zero() ? took : (3 * drain_ + took) / 4;
  }
  arrived_ = to;
  moved_ = now;
  patience_doubled_ = 0;
}

// A frame that the inlet waits for was written long ago, and nothing has arrived since.
bool outgoing_channel::overdue(std::uint64_t expected, std::chrono::milliseconds now) const {
  if (expected >= next_) return false;
  const auto since = std::max(kept_[expected - acked_].written, moved_);
  return now - since >= patience();
}

}  // namespace sluice

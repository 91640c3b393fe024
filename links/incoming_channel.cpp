#include "sluice/links/incoming_channel.hpp"

#include "sluice/records/assert.hpp"

namespace sluice {

resume_frame incoming_channel::open(const credit& limit, std::chrono::milliseconds now) {
  SLUICE_ASSERT(!open_, "a channel is opened once");
  open_ = true;
  granted_ = limit;
  moved_ = now;
  return say(resume_reason::opened, now);
}

frame_fault incoming_channel::standing(const frame_head& head) const {
  if (head.place.generation < generation_) return frame_fault::old_generation;
  if (head.place.generation > generation_) return frame_fault::newer_generation;
  if (head.seq < expected_) return frame_fault::repeated;
  if (head.seq > expected_) return frame_fault::ahead;
  return frame_fault::none;
}

incoming_answer incoming_channel::arrive(const frame_head& head, const credit& cost,
                                         std::chrono::milliseconds now) {
  using verdict = incoming_answer::verdict;
  switch (standing(head)) {
    case frame_fault::none:
      break;
    case frame_fault::repeated:
      ++counters_.repeated;
      if (!open_ || now - said_ < repeat_after) return {verdict::drop, {}};
      return {verdict::drop, say(resume_reason::idle, now)};
    case frame_fault::ahead:
      ++counters_.ahead;
      if (!open_ || asked_for_ == expected_) return {verdict::drop, {}};
      asked_for_ = expected_;
      return {verdict::drop, say(resume_reason::gap, now)};
    default:
      return {verdict::drop, {}};
  }
  if (cost.rows > granted_.rows - arrived_.rows || cost.bytes > granted_.bytes - arrived_.bytes)
    return {verdict::broken, {}};
  arrived_ = {arrived_.rows + cost.rows, arrived_.bytes + cost.bytes};
  expected_ = head.seq + 1;
  waiting_.push_back(arrived_.rows);
  moved_ = now;
  consume();
  return {verdict::deliver, {}};
}

grant_frame incoming_channel::granted(const credit& limit) {
  SLUICE_ASSERT(open_ && limit.rows >= granted_.rows && limit.bytes >= granted_.bytes,
                "limits of an open channel only grow");
  granted_ = limit;
  consume();
  told_ = consumed_;
  return {generation_, channel_, consumed_, granted_};
}

std::optional<resume_frame> incoming_channel::reconnected(std::chrono::milliseconds now) {
  if (!open_) return std::nullopt;
  return say(resume_reason::reconnected, now);
}

// Markers are consumed without a grant, as they cost nothing: the sender hears of it here, or it
// would keep them for ever on a channel that carries nothing else.
std::optional<resume_frame> incoming_channel::tick(std::chrono::milliseconds now) {
  const bool quiet = now - moved_ >= repeat_after;
  if (!open_ || now - said_ < repeat_after || (!quiet && told_ == consumed_)) return std::nullopt;
  return say(expected_ == 0 ? resume_reason::opened : resume_reason::idle, now);
}

resume_frame incoming_channel::say(resume_reason why, std::chrono::milliseconds now) {
  said_ = now;
  told_ = consumed_;
  ++counters_.resumes;
  return {{generation_, channel_, consumed_, granted_}, expected_, why};
}

// A frame is consumed when all rows up to its end are; a marker when all rows before it are.
void incoming_channel::consume() {
  const std::uint64_t rows = granted_.rows - window_.rows;
  while (!waiting_.empty() && waiting_.front() <= rows) {
    waiting_.pop_front();
    ++consumed_;
  }
  SLUICE_ASSERT(consumed_ <= expected_, "only what arrived is consumed");
}

}  // namespace sluice

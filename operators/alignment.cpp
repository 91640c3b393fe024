#include "sluice/operators/alignment.hpp"

#include <algorithm>

#include "sluice/records/assert.hpp"

namespace sluice {

alignment::alignment(std::size_t channels) : channels_(channels) {}

std::optional<marker> alignment::arrive(std::size_t from, const marker& m) {
  channel_state& channel = channels_[from];
  SLUICE_ASSERT(m.epoch > channel.reached, "epochs on a channel grow");
  SLUICE_ASSERT(!channel.ended, "nothing follows END on a channel");
  SLUICE_ASSERT(!channel.blocked, "a blocked channel is not read");
  SLUICE_ASSERT(m.commit || !m.end, "END is a commit");
  channel.reached = m.epoch;
  channel.ended = m.end;
  channel.idle = m.idle;
  channel.blocked = m.commit;
  channel.watermark = std::max(channel.watermark, m.watermark);

  bool all = true;
  for (const auto& c : channels_) all = all && (c.ended || c.reached >= m.epoch);
  if (!all || m.epoch <= passed_) return std::nullopt;

  passed_ = m.epoch;
  marker passing{.epoch = m.epoch, .commit = m.commit, .end = true, .idle = true};
  for (auto& c : channels_) {
    c.blocked = c.blocked && c.reached > m.epoch;  // at a later commit it goes on waiting
    passing.end = passing.end && c.ended;
    passing.idle = passing.idle && (c.idle || c.ended);
  }
  passing.idle = passing.idle && !passing.end;
  passing.watermark = watermark();
  return passing;
}

void alignment::promise(std::size_t from, instant watermark) {
  channels_[from].watermark = std::max(channels_[from].watermark, watermark);
}

bool alignment::ended() const {
  return std::all_of(channels_.begin(), channels_.end(), [](const auto& c) { return c.ended; });
}

instant alignment::watermark() {
  instant lowest = instant::highest();
  bool any = false;
  for (const auto& c : channels_) {
    if (c.ended || c.idle) continue;
    any = true;
    lowest = std::min(lowest, c.watermark);
  }
  if (any)
    watermark_ = std::max(watermark_, lowest);
  else if (ended())
    watermark_ = instant::highest();
  return watermark_;
}

}  // namespace sluice

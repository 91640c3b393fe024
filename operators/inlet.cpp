#include "sluice/operators/inlet.hpp"

#include <utility>

namespace sluice {

inlet::inlet(std::vector<inlet_channel> channels) : alignment_(channels.size()) {
  for (const auto& c : channels) channels_.push_back({c.input, credit_ledger{c.window}, {}});
}

void inlet::arrive(std::size_t channel, batch_ptr rows, instant watermark) {
  channels_[channel].ledger.arrived(rows->size(), rows->bytes());
  channels_[channel].queue.push_back({std::move(rows), watermark, {}});
}

void inlet::arrive(std::size_t channel, const marker& m) {
  channels_[channel].queue.push_back({nullptr, instant::lowest(), m});
}

std::optional<arrival> inlet::next() {
  for (std::size_t tried = 0; tried < channels_.size();) {
    const std::size_t c = turn_;
    channel_state& channel = channels_[c];
    if (channel.queue.empty() || alignment_.blocked(c)) {
      turn_ = (turn_ + 1) % channels_.size();
      ++tried;
      continue;
    }
    entry front = std::move(channel.queue.front());
    channel.queue.pop_front();
    if (front.rows) {
      turn_ = (turn_ + 1) % channels_.size();
      alignment_.wake(c);
      alignment_.promise(c, front.watermark);
      return arrival{c, std::move(front.rows), {}};
    }
    if (const auto passing = alignment_.arrive(c, front.mark)) return arrival{c, nullptr, *passing};
    tried = 0;  // the marker may have let others go
  }
  return std::nullopt;
}

}  // namespace sluice

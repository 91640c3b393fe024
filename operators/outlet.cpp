#include "sluice/operators/outlet.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "sluice/operators/stage_failure.hpp"

namespace sluice {

outlet::outlet(std::vector<credit> windows) {
  for (const credit& w : windows) channels_.push_back({w, {}, {}});
}

namespace {

// Credit counts rows, not the room around them: thousands of batches of a few rows each, in buffers
// for many, would fill the memory long before the window.
batch_ptr fitted(const batch_ptr& rows, const buffer_pool& pool) {
  constexpr std::size_t much = 4;
  return rows->size() < rows->capacity() / much ? slice(*rows, 0, rows->size(), pool) : rows;
}

}  // namespace

void outlet::push(std::size_t channel, const batch_ptr& given, instant watermark,
                  const buffer_pool& pool, channel_sender& to) {
  channel_state& c = channels_[channel];
  const batch_ptr rows = fitted(given, pool);
  const std::size_t bytes = rows->bytes();
  if (rows->size() > c.largest.rows || bytes > c.largest.bytes) {
    if (rows->size() == 1)
      throw stage_failure("a row is larger than credit.max_bytes: " + std::to_string(bytes) +
                          " bytes, window " + std::to_string(c.largest.bytes));
    const std::size_t half = rows->size() / 2;  // the promise holds only behind the last piece
    push(channel, slice(*rows, 0, half, pool), instant::lowest(), pool, to);
    return push(channel, slice(*rows, half, rows->size() - half, pool), watermark, pool, to);
  }
  if (c.queue.empty() && c.window.admits(rows->size(), bytes)) {
    c.window.spend(rows->size(), bytes);
    return to.send(channel, rows, watermark);
  }
  c.queue.push_back({rows, watermark, {}});
  ++waiting_;
}

void outlet::push(const marker& m, channel_sender& to) {
  for (std::size_t i = 0; i < channels_.size(); ++i) {
    if (channels_[i].queue.empty()) {
      to.send(i, m);
    } else {
      channels_[i].queue.push_back({nullptr, instant::lowest(), m});
      ++waiting_;
    }
  }
}

void outlet::grant(std::size_t channel, const credit& limit, channel_sender& to) {
  channels_[channel].window.raise(limit);
  drain(channel, to);
}

void outlet::drain(std::size_t channel, channel_sender& to) {
  channel_state& c = channels_[channel];
  while (!c.queue.empty()) {
    const entry& front = c.queue.front();
    if (front.rows) {
      const std::size_t bytes = front.rows->bytes();
      if (!c.window.admits(front.rows->size(), bytes)) return;
      c.window.spend(front.rows->size(), bytes);
      to.send(channel, front.rows, front.watermark);
    } else {
      to.send(channel, front.mark);
    }
    c.queue.pop_front();
    --waiting_;
  }
}

std::uint64_t outlet::rows_under_way() const {
  std::uint64_t most = 0;
  for (const auto& c : channels_) most = std::max(most, c.window.under_way(c.largest.rows));
  return most;
}

std::size_t outlet::waiting_rows() const {
  std::size_t rows = 0;
  for (const auto& c : channels_)
    for (const auto& e : c.queue) rows += e.rows ? e.rows->size() : 0;
  return rows;
}

}  // namespace sluice

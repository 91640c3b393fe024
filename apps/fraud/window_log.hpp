#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <utility>
#include <vector>

#include "sluice/records/instant.hpp"

namespace sluice::fraud {

/// Rows of one window and the sum of their values.
struct window_total {
  std::uint32_t count = 0;
  std::int64_t sum = 0;
  bool operator==(const window_total&) const = default;
};

/// Counts and sums the entries of one key over several sliding windows at once, exactly, at every
/// entry.
///
/// `Seconds` are the lengths of the windows, ascending; at time t a window of length W holds the
/// entries with t - W < at <= t. One ring holds what is in the longest window; each window is a
/// cursor into it, so an entry is added once and leaves each window once: amortised constant time,
/// whatever the lengths.
///
///      ring   o───o─o──o─────o─o─o──o        at, value
///             ▲         ▲          ▲
///             longest   ...        shortest   first entry still inside
///
/// Time never runs backwards: `add` and `advance` throw `std::logic_error` on an instant before the
/// last one.
template <std::int64_t... Seconds>
class window_log {
 public:
  static constexpr std::size_t windows = sizeof...(Seconds);

  struct entry {
    instant at;
    std::int64_t value = 0;
    bool operator==(const entry&) const = default;
  };

  /// Moves the time to `at` and adds an entry there.
  void add(instant at, std::int64_t value) {
    advance(at);
    if (end_ - starts_[windows - 1] == ring_.size()) grow();
    slot(end_++) = {at, value};
    for (auto& sum : sums_) sum += value;
  }

  /// Moves the time to `now`; entries that every window has passed are forgotten.
  void advance(instant now) {
    if (now < now_) throw std::logic_error("the time of a window log ran backwards");
    now_ = now;
    for (std::size_t w = 0; w < windows; ++w)
      while (starts_[w] != end_ && slot(starts_[w]).at.us <= now.us - lengths[w])
        sums_[w] -= slot(starts_[w]++).value;
  }

  /// The entries of window `w` (0 is the shortest) at the time last moved to.
  window_total within(std::size_t w) const { return {end_ - starts_[w], sums_[w]}; }

  /// Entries kept.
  std::size_t size() const { return end_ - starts_[windows - 1]; }

  /// Entries there is room for: a power of two, less than twice the most ever kept (4 at least).
  std::size_t capacity() const { return ring_.size(); }

  /// Calls `f(entry)` for every entry kept, oldest first. Adding them to an empty log gives this
  /// log as it was at its newest entry.
  template <class F>
  void for_each(F&& f) const {
    for (std::uint32_t i = starts_[windows - 1]; i != end_; ++i) f(slot(i));
  }

  /// For checkpoints.
  template <class F>
  void visit_state(F&& f) {
    f(ring_, starts_, sums_, end_, now_);
  }

 private:
  static constexpr std::array<std::int64_t, windows> lengths = {Seconds * 1'000'000 ...};

  // Positions count all entries ever added, modulo 2^32, and the ring's size is a power of two.
  entry& slot(std::uint32_t position) { return ring_[position & (ring_.size() - 1)]; }
  const entry& slot(std::uint32_t position) const { return ring_[position & (ring_.size() - 1)]; }

  void grow() {
    std::vector<entry> larger(ring_.empty() ? 4 : 2 * ring_.size());
    for (std::uint32_t i = starts_[windows - 1]; i != end_; ++i)
      larger[i & (larger.size() - 1)] = slot(i);
    ring_ = std::move(larger);
  }

  std::vector<entry> ring_;
  std::array<std::uint32_t, windows> starts_{};
  std::array<std::int64_t, windows> sums_{};
  std::uint32_t end_ = 0;
  instant now_ = instant::lowest();
};

}  // namespace sluice::fraud

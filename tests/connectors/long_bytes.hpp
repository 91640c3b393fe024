#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <utility>

#include "sluice/connectors/byte_source.hpp"

namespace sluice::test {

constexpr std::size_t hundred_mb = 100'000'000;

/// The most bytes a reader of `long_bytes` made room for at once: what is held is at most twice
/// that.
inline std::size_t largest_room = 0;

/// `head`, then `unit` over and over to `bytes` bytes, then `tail`; never in memory at once.
class long_bytes final : public byte_source {
 public:
  long_bytes(std::string head, std::string unit, std::size_t bytes, std::string tail)
      : head_(std::move(head)), unit_(std::move(unit)), bytes_(bytes), tail_(std::move(tail)) {}

  result<bytes_read> read(std::span<char> room) override {
    largest_room = std::max(largest_room, room.size());
    std::size_t n = 0;
    for (; n < room.size() && at_ < head_.size() + bytes_ + tail_.size(); ++n, ++at_)
      room[n] = at_ < head_.size()            ? head_[at_]
                : at_ < head_.size() + bytes_ ? unit_[(at_ - head_.size()) % unit_.size()]
                                              : tail_[at_ - head_.size() - bytes_];
    return bytes_read{n, n == 0 ? bytes_state::end : bytes_state::some};
  }

 private:
  std::string head_, unit_;
  std::size_t bytes_;
  std::string tail_;
  std::size_t at_ = 0;
};

}  // namespace sluice::test

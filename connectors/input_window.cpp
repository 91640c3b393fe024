#include "sluice/connectors/input_window.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace sluice {

input_window::input_window(std::unique_ptr<byte_source> bytes, std::size_t block)
    : bytes_(std::move(bytes)), block_(block) {
  make_room(block_);
}

void input_window::make_room(std::size_t bytes) {
  const std::size_t rest = to_ - from_;
  if (size_ - to_ >= bytes) return;
  if (rest + bytes > size_) {
    auto larger = std::make_unique<char[]>(rest + bytes + padding);
    if (rest != 0) std::memcpy(larger.get(), room_.get() + from_, rest);
    room_ = std::move(larger);
    size_ = rest + bytes;
  } else {
    std::memmove(room_.get(), room_.get() + from_, rest);
  }
  from_ = 0;
  to_ = rest;
}

result<bytes_state> input_window::fill() {
  if (ended_) return bytes_state::end;
  const std::size_t wanted = std::max(block_, to_ - from_);
  make_room(wanted);
  auto got = bytes_->read({room_.get() + to_, wanted});
  if (!got) return got.failure();
  to_ += got.value().count;
  room_[to_] = '\0';  // in the padding
  ended_ = got.value().state == bytes_state::end;
  return got.value().state;
}

result<void> input_window::seek(std::uint64_t offset) {
  if (auto there = bytes_->seek(offset); !there) return there;
  from_ = to_ = 0;
  offset_ = offset;
  ended_ = false;
  return {};
}

result<void> input_window::skip_byte_order_mark() {
  constexpr std::string_view mark = "\xef\xbb\xbf";
  while (rest().size() < mark.size()) {
    auto state = fill();
    if (!state) return state.failure();
    if (state.value() != bytes_state::some) break;
  }
  if (rest().starts_with(mark)) use(mark.size());
  return {};
}

}  // namespace sluice

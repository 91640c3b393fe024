#pragma once

#include <cstdint>
#include <string_view>

namespace sluice {

/// What a frame between two processes is (docs/wire-format.md). The numbers are those on the wire.
enum class frame_type : std::uint8_t {
  hello = 1,
  rows = 2,
  marker = 3,
  grant = 4,
  resume = 5,
  fenced = 6,
  start = 7,
  started = 8,
  open = 9,
  ack = 10,
  commit = 11,
  link_broken = 12,
  heartbeat = 13,
  stop = 14,
  exhausted = 15,
  passed = 16,
  failed = 17,
  progress = 18,
  pace = 19,
  drain = 20,
  report_request = 21,
  report = 22,
};

/// True if a frame may be of type number `value`.
constexpr bool is_frame_type(std::uint8_t value) { return value >= 1 && value <= 22; }

/// True for the frames that have a place in the sequence of a channel (docs/protocol.md L1).
constexpr bool has_sequence(frame_type type) {
  return type == frame_type::rows || type == frame_type::marker;
}

/// True for the frames that belong to a channel: those of its sequence, and what answers them.
constexpr bool has_channel(frame_type type) {
  return has_sequence(type) || type == frame_type::grant || type == frame_type::resume;
}

/// The word for `type` in messages: `rows`, `link_broken`, …
std::string_view to_string(frame_type type);

}  // namespace sluice

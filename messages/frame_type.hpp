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
  backlog = 6,
  fenced = 7,
  start = 8,
  started = 9,
  open = 10,
  ack = 11,
  commit = 12,
  committed = 13,
  link_broken = 14,
  heartbeat = 15,
  stop = 16,
  exhausted = 17,
  passed = 18,
  failed = 19,
  progress = 20,
  pace = 21,
  drain = 22,
  report_request = 23,
  report = 24,
};

/// True if a frame may be of type number `value`.
constexpr bool is_frame_type(std::uint8_t value) { return value >= 1 && value <= 24; }

/// True for the frames that have a place in the sequence of a channel (docs/protocol.md L1).
constexpr bool has_sequence(frame_type type) {
  return type == frame_type::rows || type == frame_type::marker;
}

/// True for the frames that belong to a channel: those of its sequence, and what answers them.
constexpr bool has_channel(frame_type type) {
  return has_sequence(type) || type == frame_type::grant || type == frame_type::resume ||
         type == frame_type::backlog;
}

/// The word for `type` in messages: `rows`, `link_broken`, …
std::string_view to_string(frame_type type);

}  // namespace sluice

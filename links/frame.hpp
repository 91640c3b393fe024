#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "sluice/messages/control.hpp"
#include "sluice/records/result.hpp"

namespace sluice {

/// Bytes of the fixed part in front of every frame (docs/wire-format.md).
inline constexpr std::size_t prologue_bytes = 68;
inline constexpr std::uint8_t frame_version = 2;

/// Bits of a prologue's flags: of markers and `open`, the last one of rows.
inline constexpr std::uint16_t commit_flag = 1;
inline constexpr std::uint16_t end_flag = 2;
inline constexpr std::uint16_t idle_flag = 4;
inline constexpr std::uint16_t combined_flag = 8;

/// What the prologue of a frame says.
struct frame_head {
  frame_type type = frame_type::hello;
  std::uint16_t flags = 0;
  std::uint32_t header_bytes = 0;
  std::uint32_t payload_bytes = 0;
  job_id job;
  frame_place place;
  std::uint64_t seq = 0;   ///< Place in its sequence; 0 for frames without.
  std::uint32_t rows = 0;  ///< Of a rows frame.
  std::uint32_t checksum = 0;

  bool operator==(const frame_head&) const = default;
};

/// What a receiver finds wrong with a frame, in the order in which it looks (docs/protocol.md 4).
enum class frame_fault : std::uint8_t {
  none,
  too_short,         ///< No room for a prologue.
  too_long,          ///< Above the limit.
  wrong_magic,       ///< No frame of ours.
  wrong_version,     ///< Of another format.
  wrong_length,      ///< Declared and real length differ, or the header is above its limit.
  unknown_type,      ///< Of no type there is.
  other_job,         ///< Of another run.
  old_generation,    ///< Its sender is to be told (`fenced_frame`), if the checksum is right.
  newer_generation,  ///< This end has not begun that generation yet.
  unknown_channel,   ///< No such channel in the plan.
  repeated,          ///< Its number is below the one expected.
  ahead,  ///< Its number is above it: something is missing (only if the checksum is right).
  wrong_checksum,
  wrong_header,   ///< Its header is not what its type has.
  wrong_columns,  ///< Its columns are not rows of the channel's record.
};

std::string_view to_string(frame_fault fault);

/// True for what must not happen to a current frame on a sound link: the run is rolled back (5.3).
/// Everything else is dropped and counted.
constexpr bool breaks_link(frame_fault fault) {
  return fault == frame_fault::wrong_checksum || fault == frame_fault::wrong_header ||
         fault == frame_fault::wrong_columns;
}

struct frame_limits {
  std::size_t frame_bytes = std::size_t{8} << 20;
  std::uint32_t rows = 65'536;  ///< Rows of one batch.
};

/// What a receiver takes frames for. `standing` tells what the channel of a frame makes of it:
/// `none`, `repeated`, `ahead` (incoming_channel.hpp) or `unknown_channel`.
struct frame_expectation {
  frame_limits limits;
  job_id job;
  generation_id generation;
  std::function<frame_fault(const frame_head&)> standing;
};

/// A frame as far as it was looked at; `head` is empty with faults up to `wrong_version`.
struct frame_finding {
  frame_fault fault = frame_fault::none;
  frame_head head;

  bool operator==(const frame_finding&) const = default;
};

/// Looks at `frame` in the order of `frame_fault`, up to its checksum; header and columns come
/// after
/// (`read_control_frame`, batch_frame.hpp). Stops at the first fault, so nothing is computed for a
/// frame that is dropped. An `ahead` frame has a right checksum: a resume may follow from it.
/// Allocates nothing; takes any bytes.
frame_finding find_fault(std::string_view frame, const frame_expectation& of);

/// True if the checksum of `frame`, which has a whole prologue, is right: before it is answered.
bool intact(std::string_view frame);

// Parts of a frame in which `find_fault` found nothing; they live as long as the frame.
std::string_view header_of(std::string_view frame, const frame_head& head);
std::string_view payload_of(std::string_view frame, const frame_head& head);

/// Bytes in front of the payload: prologue, header and padding to 64.
constexpr std::size_t payload_offset(std::size_t header_bytes) {
  return (prologue_bytes + header_bytes + 63) / 64 * 64;
}

/// Writes prologue and header to the front of `frame`, zeros behind them up to the payload, which
/// is there already, and the checksum. `frame` is as long as `head` says.
void seal_frame(std::span<char> frame, const frame_head& head, std::string_view header);

/// A frame without payload: `head` and `header`.
std::string small_frame(frame_head head, std::string_view header);

/// The frame that says `what` in run `job`; `seq` is its number if it has one
/// (control_channel.hpp). An error if its header would be too large.
result<std::string> control_bytes(const job_id& job, const control_frame& what,
                                  std::uint64_t seq = 0);
/// Reads the header of a frame that is neither rows nor a marker; `malformed` is `wrong_header`.
result<control_frame> read_control_frame(std::string_view frame, const frame_head& head);

}  // namespace sluice

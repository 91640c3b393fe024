#include "sluice/links/frame.hpp"

#include <bit>
#include <cstring>
#include <type_traits>
#include <utility>

#include "sluice/messages/wire.hpp"
#include "sluice/records/assert.hpp"
#include "sluice/records/crc32c.hpp"

namespace sluice {

static_assert(std::endian::native == std::endian::little, "frames are little-endian as memory is");

namespace {

constexpr std::string_view magic = "SLCE";

// Where the parts of a prologue lie (docs/wire-format.md).
constexpr std::size_t version_at = 4;
constexpr std::size_t type_at = 5;
constexpr std::size_t flags_at = 6;
constexpr std::size_t header_bytes_at = 8;
constexpr std::size_t payload_bytes_at = 12;
constexpr std::size_t job_at = 16;
constexpr std::size_t generation_at = 32;
constexpr std::size_t seq_at = 40;
constexpr std::size_t epoch_at = 48;
constexpr std::size_t channel_at = 56;
constexpr std::size_t rows_at = 60;
constexpr std::size_t checksum_at = 64;
static_assert(checksum_at + 4 == prologue_bytes);

template <class V>
V load(std::string_view frame, std::size_t at) {
  V value;
  std::memcpy(&value, frame.data() + at, sizeof value);
  return value;
}

template <class V>
void store(std::span<char> frame, std::size_t at, std::type_identity_t<V> value) {
  std::memcpy(frame.data() + at, &value, sizeof value);
}

std::size_t frame_bytes(std::size_t header_bytes, std::size_t payload_bytes) {
  return payload_bytes == 0 ? prologue_bytes + header_bytes
                            : payload_offset(header_bytes) + payload_bytes;
}

std::uint32_t checksum(std::string_view frame) {
  return crc32c(frame.substr(prologue_bytes), crc32c(frame.substr(0, checksum_at)));
}

frame_head head_of(std::string_view frame) {
  frame_head head;
  head.type = static_cast<frame_type>(load<std::uint8_t>(frame, type_at));
  head.flags = load<std::uint16_t>(frame, flags_at);
  head.header_bytes = load<std::uint32_t>(frame, header_bytes_at);
  head.payload_bytes = load<std::uint32_t>(frame, payload_bytes_at);
  head.job.value = load<std::array<std::uint64_t, 2>>(frame, job_at);
  head.place.generation.value = load<std::uint64_t>(frame, generation_at);
  head.place.channel.value = load<std::uint32_t>(frame, channel_at);
  head.place.epoch.value = load<std::uint64_t>(frame, epoch_at);
  head.seq = load<std::uint64_t>(frame, seq_at);
  head.rows = load<std::uint32_t>(frame, rows_at);
  head.checksum = load<std::uint32_t>(frame, checksum_at);
  return head;
}

frame_fault fault_of_format(std::string_view frame, const frame_limits& limits) {
  if (frame.size() < prologue_bytes) return frame_fault::too_short;
  if (frame.size() > limits.frame_bytes) return frame_fault::too_long;
  if (!frame.starts_with(magic)) return frame_fault::wrong_magic;
  if (load<std::uint8_t>(frame, version_at) != frame_version) return frame_fault::wrong_version;
  return frame_fault::none;
}

frame_fault fault_of_place(std::string_view frame, const frame_head& head,
                           const frame_expectation& of) {
  if (head.header_bytes > most_header_bytes ||
      frame.size() != frame_bytes(head.header_bytes, head.payload_bytes))
    return frame_fault::wrong_length;
  if (!is_frame_type(static_cast<std::uint8_t>(head.type))) return frame_fault::unknown_type;
  if (head.job != of.job) return frame_fault::other_job;
  if (head.place.generation < of.generation) return frame_fault::old_generation;
  if (head.place.generation > of.generation) return frame_fault::newer_generation;
  return has_channel(head.type) ? of.standing(head) : frame_fault::none;
}

}  // namespace

std::string_view to_string(frame_fault fault) {
  switch (fault) {
    case frame_fault::none:
      return "none";
    case frame_fault::too_short:
      return "too short";
    case frame_fault::too_long:
      return "too long";
    case frame_fault::wrong_magic:
      return "wrong magic";
    case frame_fault::wrong_version:
      return "wrong version";
    case frame_fault::wrong_length:
      return "wrong length";
    case frame_fault::unknown_type:
      return "unknown type";
    case frame_fault::other_job:
      return "other job";
    case frame_fault::old_generation:
      return "old generation";
    case frame_fault::newer_generation:
      return "newer generation";
    case frame_fault::unknown_channel:
      return "unknown channel";
    case frame_fault::repeated:
      return "repeated";
    case frame_fault::ahead:
      return "ahead";
    case frame_fault::wrong_checksum:
      return "wrong checksum";
    case frame_fault::wrong_header:
      return "wrong header";
    case frame_fault::wrong_columns:
      return "wrong columns";
  }
  return "?";
}

frame_finding find_fault(std::string_view frame, const frame_expectation& of) {
  if (const auto fault = fault_of_format(frame, of.limits); fault != frame_fault::none)
    return {fault, {}};
  frame_finding found{frame_fault::none, head_of(frame)};
  found.fault = fault_of_place(frame, found.head, of);
  // Dropping may come before the checksum, acting may not.
  if (found.fault == frame_fault::none || found.fault == frame_fault::ahead)
    if (checksum(frame) != found.head.checksum) found.fault = frame_fault::wrong_checksum;
  return found;
}

bool intact(std::string_view frame) {
  return frame.size() >= prologue_bytes &&
         checksum(frame) == load<std::uint32_t>(frame, checksum_at);
}

std::string_view header_of(std::string_view frame, const frame_head& head) {
  return frame.substr(prologue_bytes, head.header_bytes);
}

std::string_view payload_of(std::string_view frame, const frame_head& head) {
  return head.payload_bytes == 0 ? std::string_view{}
                                 : frame.substr(frame.size() - head.payload_bytes);
}

void seal_frame(std::span<char> frame, const frame_head& head, std::string_view header) {
  SLUICE_ASSERT(header.size() == head.header_bytes &&
                    frame.size() == frame_bytes(head.header_bytes, head.payload_bytes),
                "a frame is as long as its prologue says");
  std::memcpy(frame.data(), magic.data(), magic.size());
  store<std::uint8_t>(frame, version_at, frame_version);
  store<std::uint8_t>(frame, type_at, static_cast<std::uint8_t>(head.type));
  store<std::uint16_t>(frame, flags_at, head.flags);
  store<std::uint32_t>(frame, header_bytes_at, head.header_bytes);
  store<std::uint32_t>(frame, payload_bytes_at, head.payload_bytes);
  store<std::array<std::uint64_t, 2>>(frame, job_at, head.job.value);
  store<std::uint64_t>(frame, generation_at, head.place.generation.value);
  store<std::uint64_t>(frame, seq_at, head.seq);
  store<std::uint64_t>(frame, epoch_at, head.place.epoch.value);
  store<std::uint32_t>(frame, channel_at, head.place.channel.value);
  store<std::uint32_t>(frame, rows_at, head.rows);
  std::memcpy(frame.data() + prologue_bytes, header.data(), header.size());
  const std::size_t end = prologue_bytes + header.size();
  std::memset(frame.data() + end, 0, frame.size() - head.payload_bytes - end);
  store<std::uint32_t>(frame, checksum_at, checksum({frame.data(), frame.size()}));
}

std::string small_frame(frame_head head, std::string_view header) {
  head.header_bytes = static_cast<std::uint32_t>(header.size());
  head.payload_bytes = 0;
  std::string frame(prologue_bytes + header.size(), '\0');
  seal_frame(frame, head, header);
  return frame;
}

result<std::string> control_bytes(const job_id& job, const control_frame& what, std::uint64_t seq) {
  auto header = to_wire(what);
  if (!header) return header.failure();
  frame_head head;
  head.type = type_of(what);
  head.job = job;
  head.place = place_of(what);
  head.seq = seq;
  return small_frame(head, header.value());
}

result<control_frame> read_control_frame(std::string_view frame, const frame_head& head) {
  if (head.payload_bytes != 0)
    return error{error_code::malformed,
                 "a " + std::string(to_string(head.type)) + " frame has no columns"};
  return from_wire(head.type, head.place, header_of(frame, head));
}

}  // namespace sluice

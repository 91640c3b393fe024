#include "sluice/links/batch_frame.hpp"

#include <atomic>
#include <cstdint>
#include <cstring>
#include <utility>
#include <vector>

#include "sluice/links/column_parts.hpp"
#include "sluice/messages/wire.hpp"
#include "sluice/records/assert.hpp"

namespace sluice {

namespace {

frame_head head_at(frame_type type, const frame_number& at, epoch_id epoch) {
  frame_head head;
  head.type = type;
  head.job = at.job;
  head.place = {at.generation, at.channel, epoch};
  head.seq = at.seq;
  return head;
}

// True if nobody else can reach `rows` any more.
bool sole_owner(const batch_ptr& rows) {
  if (rows.use_count() != 1) return false;
  std::atomic_thread_fence(std::memory_order_acquire);  // whoever let go has finished with it
  return true;
}

// What belongs to no row says nothing: the memory may have held anything.
void zero_padding(std::span<const column_part> parts, char* payload) {
  for (const column_part& part : parts) {
    if (part.spare_bits != 0) {
      char& last = payload[part.bytes - 1];
      last = static_cast<char>(static_cast<unsigned char>(last) & (0xff >> part.spare_bits));
    }
    std::memset(payload + part.bytes, 0, part.padded() - part.bytes);
    payload += part.padded();
  }
}

frame_bytes in_place(batch_ptr rows, std::span<const column_part> parts, const frame_head& head,
                     std::string_view header) {
  const std::span<std::byte> memory = rows->memory();
  const std::size_t begin = column_batch::head_room - payload_offset(header.size());
  const std::span<char> frame{reinterpret_cast<char*>(memory.data()) + begin,
                              memory.size() - begin};
  zero_padding(parts, frame.data() + payload_offset(header.size()));
  seal_frame(frame, head, header);
  return {std::move(rows), {frame.data(), frame.size()}};
}

// The columns in the form their parts say.
frame_bytes copied(std::span<const column_part> parts, const frame_head& head,
                   std::string_view header, const buffer_pool& pool) {
  const std::size_t front = payload_offset(header.size());
  auto room = std::make_shared<buffer>(pool.take(front + head.payload_bytes));
  char* const begin = reinterpret_cast<char*>(room->data());
  char* to = begin + front;
  for (const column_part& part : parts) {
    write_part(part, head.rows, to);
    to += part.padded();
  }
  zero_padding(parts, begin + front);
  const std::span<char> frame{begin, front + head.payload_bytes};
  seal_frame(frame, head, header);
  return {std::move(room), {frame.data(), frame.size()}};
}

bool begins_at_a_word(std::string_view bytes) {
  return reinterpret_cast<std::uintptr_t>(bytes.data()) % sizeof(std::uint64_t) == 0;
}

error malformed(std::string what) { return {error_code::malformed, std::move(what)}; }

}  // namespace

frame_bytes rows_frame(batch_ptr rows, instant watermark, const frame_number& at,
                       const buffer_pool& pool) {
  std::vector<column_part> parts = parts_of(*rows);
  const bool narrower = narrow(parts, rows->size());
  frame_head head = head_at(frame_type::rows, at, {});
  rows_header declared{watermark, {}};
  declared.part_bytes.reserve(parts.size());
  std::size_t payload = 0;
  for (const column_part& part : parts) {
    declared.part_bytes.push_back(static_cast<std::uint32_t>(part.bytes));
    payload += part.padded();
  }
  SLUICE_ASSERT(payload <= UINT32_MAX && parts.size() <= most_header_entries,
                "a batch within its bounds fits a frame");
  const std::string header = to_wire(declared);
  head.flags = rows->fields().combined ? combined_flag : 0;
  head.rows = static_cast<std::uint32_t>(rows->size());
  head.header_bytes = static_cast<std::uint32_t>(header.size());
  head.payload_bytes = static_cast<std::uint32_t>(payload);
  if (payload == 0) {
    auto bytes = std::make_shared<const std::string>(small_frame(head, header));
    return {bytes, *bytes};
  }
  if (!narrower && payload_offset(header.size()) <= column_batch::head_room && rows->dense() &&
      !rows->memory().empty() && sole_owner(rows))
    return in_place(std::move(rows), parts, head, header);
  return copied(parts, head, header, pool);
}

frame_bytes marker_frame(const marker& m, const frame_number& at) {
  frame_head head = head_at(frame_type::marker, at, m.epoch);
  head.flags = static_cast<std::uint16_t>((m.commit ? commit_flag : 0) | (m.end ? end_flag : 0) |
                                          (m.idle ? idle_flag : 0));
  auto bytes = std::make_shared<const std::string>(small_frame(head, marker_header(m.watermark)));
  return {bytes, *bytes};
}

result<received_rows> read_rows_frame(const frame_bytes& frame, const frame_head& head,
                                      const channel_fields& of, const buffer_pool& pool,
                                      const frame_limits& limits) {
  if ((head.flags & ~combined_flag) != 0) return malformed("rows with a flag that does not exist");
  const bool combined = (head.flags & combined_flag) != 0;
  if (combined && of.combined == nullptr)
    return malformed("combined rows on a channel that has none");
  const schema& fields = combined ? *of.combined : *of.rows;
  if (head.rows > limits.rows)
    return malformed("more rows than a batch may have: " + std::to_string(head.rows));
  const auto declared = read_rows_header(header_of(frame.bytes, head));
  if (!declared) return declared.failure();
  const auto& parts = declared.value().part_bytes;
  const std::string_view payload = payload_of(frame.bytes, head);
  auto checked = check_columns(payload, parts, fields, head.rows);
  if (!checked) return checked.failure();

  const instant watermark = declared.value().watermark;
  if (frame.owner && begins_at_a_word(payload) && lie_as_in_a_batch(parts, fields, head.rows)) {
    column_batch::kept_columns kept{frame.owner,
                                    reinterpret_cast<const std::byte*>(payload.data())};
    return received_rows{
        std::make_shared<column_batch>(fields, pool, head.rows, checked.value(), std::move(kept)),
        watermark};
  }
  auto rows = std::make_shared<column_batch>(fields, pool, head.rows, checked.value());
  rows->resize(head.rows);
  copy_columns(payload, parts, *rows);
  return received_rows{std::move(rows), watermark};
}

result<marker> read_marker_frame(std::string_view frame, const frame_head& head) {
  constexpr std::uint16_t known = commit_flag | end_flag | idle_flag;
  if ((head.flags & ~known) != 0) return malformed("a marker with a flag that does not exist");
  if (head.payload_bytes != 0) return malformed("a marker has no columns");
  if (head.place.epoch == epoch_id{}) return malformed("a marker without an epoch");
  const auto watermark = read_marker_header(header_of(frame, head));
  if (!watermark) return watermark.failure();
  marker m{head.place.epoch, (head.flags & commit_flag) != 0, (head.flags & end_flag) != 0,
           (head.flags & idle_flag) != 0, watermark.value()};
  if (m.end && !m.commit) return malformed("an END that is no COMMIT");
  return m;
}

}  // namespace sluice

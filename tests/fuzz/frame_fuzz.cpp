// Reads bytes as a frame, as they come and with prologue and checksum mended so that header and
// columns are reached: whatever they are, they are read or refused, and what is read is what would
// be sent again.
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "sluice/links/batch_frame.hpp"
#include "sluice/messages/wire.hpp"
#include "sluice/records/crc32c.hpp"
#include "sluice/tests/links/sample_rows.hpp"

namespace sluice {

namespace {

const buffer_pool pool;
const std::string whole{marker_frame({{1}, false, false, false, {}}, sample_number).bytes};

// What an aggregate by the key of the samples would take too.
const schema combined = [] {
  schema made{"combined", {{"key", column_type::text}, {"count", column_type::uint64}}};
  made.combined = true;
  return made;
}();
const channel_fields channel{schema_of<sample>(), &combined};

void require(bool condition) {
  if (!condition) std::abort();
}

frame_finding look(std::string_view frame) {
  return find_fault(frame, expectation_of(sample_number.seq));
}

// Makes `frame` one of the channel that the receiver expects, whatever else it holds.
void mend(std::string& frame) {
  const auto copy = [&frame](std::size_t from, std::size_t bytes) {
    frame.replace(from, bytes, whole, from, bytes);
  };
  copy(0, 5);    // magic, version
  copy(16, 32);  // job, generation, seq
  copy(56, 4);   // channel
  const std::uint32_t sum = crc32c(std::string_view(frame).substr(prologue_bytes),
                                   crc32c(std::string_view(frame).substr(0, 64)));
  std::memcpy(frame.data() + 64, &sum, sizeof sum);
}

// Where its rows can be read as they lie.
frame_bytes kept_copy(std::string_view frame) {
  auto words = std::make_shared<std::vector<std::uint64_t>>((frame.size() + 7) / 8);
  std::memcpy(words->data(), frame.data(), frame.size());
  const char* const begin = reinterpret_cast<const char*>(words->data());
  return {std::move(words), {begin, frame.size()}};
}

void read(std::string_view frame, const frame_head& head) {
  if (head.type == frame_type::rows) {
    const auto got = read_rows_frame({{}, frame}, head, channel, pool, {});
    const auto kept = read_rows_frame(kept_copy(frame), head, channel, pool, {});
    require(static_cast<bool>(got) == static_cast<bool>(kept));
    if (!got) return;
    const instant watermark = got.value().watermark;
    const frame_bytes again = rows_frame(got.value().rows, watermark, sample_number, pool);
    require(rows_frame(kept.value().rows, watermark, sample_number, pool).bytes == again.bytes);
    const frame_finding found = look(again.bytes);
    require(found.fault == frame_fault::none);
    const auto same = read_rows_frame(again, found.head, channel, pool, {});
    require(same && same.value().rows->size() == got.value().rows->size() &&
            same.value().rows->bytes() == got.value().rows->bytes() &&
            &same.value().rows->fields() == &got.value().rows->fields());
  } else if (head.type == frame_type::marker) {
    const auto got = read_marker_frame(frame, head);
    if (!got) return;
    const frame_bytes again = marker_frame(got.value(), sample_number);
    require(read_marker_frame(again.bytes, look(again.bytes).head).value() == got.value());
  } else {
    const auto got = read_control_frame(frame, head);
    if (!got) return;
    const auto header = to_wire(got.value());
    if (!header) return;  // not as close as it came
    require(from_wire(head.type, head.place, header.value()).value() == got.value());
  }
}

}  // namespace

}  // namespace sluice

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string frame(reinterpret_cast<const char*>(data), size);
  const auto found = sluice::look(frame);
  if (found.fault == sluice::frame_fault::none) sluice::read(frame, found.head);
  if (size < sluice::prologue_bytes) return 0;
  sluice::mend(frame);
  const auto mended = sluice::look(frame);
  if (mended.fault == sluice::frame_fault::none) sluice::read(frame, mended.head);
  return 0;
}

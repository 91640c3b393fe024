#include "sluice/tests/links/malformed_frames.hpp"

#include <algorithm>
#include <cstring>

#include "sluice/links/batch_frame.hpp"
#include "sluice/records/batch.hpp"
#include "sluice/records/crc32c.hpp"
#include "sluice/records/record.hpp"
#include "sluice/tests/links/hub_end.hpp"
#include "sluice/tests/links/raw_dealer.hpp"
#include "sluice/tests/messages/sample_frames.hpp"

namespace sluice {

namespace {

// Not the record of any channel there.
struct two_texts {
  std::string_view one;
  std::string_view other;
};
SLUICE_RECORD(two_texts, one, other);

constexpr std::size_t checksum_at = 64;
// What a protobuf reader takes for no field at all.
constexpr char no_field = 0x07;

std::string rows_of_two_texts(std::uint32_t channel) {
  const buffer_pool pool;
  batch_builder<two_texts> rows{pool, {.rows = 3, .bytes = SIZE_MAX}};
  for (int i = 0; i < 3; ++i) rows.push({"one", "another"});
  return std::string(rows_frame(rows.take(), {1}, {hub_job, {1}, {channel}, 0}, pool).bytes);
}

void mend_checksum(std::string& frame) {
  const std::string_view all = frame;
  const std::uint32_t sum = crc32c(all.substr(prologue_bytes), crc32c(all.substr(0, checksum_at)));
  std::memcpy(frame.data() + checksum_at, &sum, sizeof sum);
}

}  // namespace

std::vector<std::string> malformed_frames::next(const connection_name& who, std::uint32_t channel) {
  std::string frame = valid(who, channel);
  switch (below(8)) {
    case 0:
      return {random_bytes(2'000)};
    case 1:
      frame.resize(below(frame.size()));
      return {frame};
    case 2:
      return {frame + random_bytes(300) + 'x'};
    case 3: {
      const std::string whole = frame;
      while (frame == whole)
        for (std::size_t flips = 1 + below(4); flips > 0; --flips)
          frame[below(frame.size())] ^= static_cast<char>(1 << below(8));
      return {frame};
    }
    case 4:
      return {lying_prologue(channel)};
    case 5:
      return {lying_header(channel)};
    case 6: {
      const auto frames = sample_frames();  // of another run
      return {control_bytes({{9, 9}}, frames[1 + below(frames.size() - 1)], below(3)).value()};
    }
    default:
      return std::vector<std::string>(2 + below(below(20) == 0 ? 500 : 5), frame);
  }
}

std::string malformed_frames::valid(const connection_name& who, std::uint32_t channel) {
  switch (below(4)) {
    case 0:
      return hello_of(who);
    case 1:
      return rows_of_two_texts(channel);
    case 2:
      return marker_of(0, 1 + below(3));
    default:
      return control_bytes(hub_job, drain_frame{{1}}, below(3)).value();
  }
}

std::string malformed_frames::random_bytes(std::size_t most) {
  std::string bytes(below(most), '\0');
  for (char& c : bytes) c = static_cast<char>(random_());
  return bytes;
}

// Rows that say something else of themselves from byte 4 on: version, type, lengths, place, number.
std::string malformed_frames::lying_prologue(std::uint32_t channel) {
  std::string frame = rows_of_two_texts(channel);
  const std::size_t at = 4 + below(checksum_at - 4);
  const std::size_t bytes = std::min<std::size_t>(1 + below(4), checksum_at - at);
  for (std::size_t i = 0; i < bytes; ++i)
    frame[at + i] = static_cast<char>(below(3) == 0 ? 0xff : random_());
  mend_checksum(frame);
  return frame;
}

// Rows or a control frame whose header is anything, of the length that is declared.
std::string malformed_frames::lying_header(std::uint32_t channel) {
  if (below(2) == 0) {
    std::string frame = rows_of_two_texts(channel);
    for (std::size_t i = 1 + below(4); i > 0; --i)
      frame[prologue_bytes + below(frame.size() - prologue_bytes)] = static_cast<char>(random_());
    mend_checksum(frame);
    return frame;
  }
  frame_head head;
  const auto frames = sample_frames();
  head.type = type_of(frames[below(frames.size())]);
  head.job = hub_job;
  head.place = {{1}, {channel}, {}};
  const std::string header = no_field + random_bytes(500);
  head.header_bytes = static_cast<std::uint32_t>(header.size());
  return small_frame(head, header);
}

std::string garbage_stream(std::mt19937_64& random, int n) {
  std::string bytes(4'096, '\0');
  for (char& c : bytes) c = static_cast<char>(random());
  if (n % 3 == 0) return bytes;
  // A greeting of ZMTP 3.0 (rfc.zeromq.org/spec/23) …
  std::string greeting("\xff\0\0\0\0\0\0\0\1\x7f\3\0", 12);
  greeting += n % 3 == 1 ? "NULL" : "CURVE";
  greeting.resize(64, '\0');
  if (n % 3 == 2) return greeting + bytes;
  // … READY, and a frame of 2^62 bytes.
  std::string ready("\x05READY\x0bSocket-Type\0\0\0\6DEALER", 28);
  return greeting + '\x04' + static_cast<char>(ready.size()) + ready +
         std::string("\x02\x40\0\0\0\0\0\0\0", 9) + bytes;
}

}  // namespace sluice

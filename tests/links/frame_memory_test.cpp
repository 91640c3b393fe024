#include <cstring>

#include "sluice/links/batch_frame.hpp"
#include "sluice/messages/wire.hpp"
#include "sluice/bench/harness/allocations.hpp"
#include "sluice/tests/links/sample_rows.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice {

namespace {

constexpr frame_limits limits;

struct large {
  std::uint64_t value;
};
SLUICE_RECORD(large, value);

// Bytes that reading `frame` asks for, and whether it was taken.
struct reading {
  std::uint64_t bytes = 0;
  bool taken = false;
};

reading read(std::string_view frame, const schema& fields) {
  const buffer_pool pool;
  const frame_expectation of = expectation_of(5);
  const std::uint64_t before = bench::allocated_bytes();
  const frame_finding found = find_fault(frame, of);
  bool taken = found.fault == frame_fault::none;
  if (taken && found.head.type == frame_type::rows)
    taken = static_cast<bool>(read_rows_frame({{}, frame}, found.head, fields, pool, limits));
  else if (taken)
    taken = static_cast<bool>(read_control_frame(frame, found.head));
  return {bench::allocated_bytes() - before, taken};
}

frame_head head_of(frame_type type) {
  frame_head head;
  head.type = type;
  head.job = sample_job;
  head.place = {{7}, {3}, {}};
  head.seq = 5;
  return head;
}

// A frame that is right but for what its header and its rows say.
std::string rows_saying(const std::vector<std::uint32_t>& part_bytes, std::uint32_t rows,
                        std::string_view payload) {
  frame_head head = head_of(frame_type::rows);
  const std::string header = to_wire(rows_header{{}, part_bytes});
  head.rows = rows;
  head.header_bytes = static_cast<std::uint32_t>(header.size());
  head.payload_bytes = static_cast<std::uint32_t>(payload.size());
  std::string frame(payload_offset(header.size()), '\0');
  frame += payload;
  seal_frame(frame, head, header);
  return frame;
}

}  // namespace

TEST_CASE("a frame that only says it is large takes no memory for it", "[frame][F1502][F17]") {
  const std::string line(64, '\0');
  for (const std::string& bomb :
       {rows_saying({UINT32_MAX}, 65'536, line), rows_saying({524'288}, 65'536, line),
        rows_saying({8}, UINT32_MAX, line), rows_saying({UINT32_MAX, UINT32_MAX}, 1, line),
        rows_saying(std::vector<std::uint32_t>(4'096, 8), 1, line)}) {
    const reading got = read(bomb, schema_of<large>());
    CHECK_FALSE(got.taken);
    CHECK(got.bytes < 2 * most_header_bytes);
  }
  std::string huge = rows_saying({8}, 1, line);
  huge.replace(12, 4, "\xff\xff\xff\xff");
  CHECK(read(huge, schema_of<large>()).bytes == 0);
}

TEST_CASE("a header full of empty entries takes less than two frames", "[frame][F1502][F17]") {
  struct bomb {
    frame_type type;
    std::string entry;  // an empty sub-message, or the smallest that is one
  };
  for (const bomb& b : {bomb{frame_type::start, std::string("\x1a\0", 2)},
                        bomb{frame_type::start, std::string("\x2a\0", 2)},
                        bomb{frame_type::ack, std::string("\x0a\x02\x2a\0", 4)},
                        bomb{frame_type::rows, std::string("\x10\0", 2)},
                        bomb{frame_type::stop, std::string("\x50\0", 2)}}) {
    std::string header;
    while (header.size() + b.entry.size() <= most_header_bytes) header += b.entry;
    const reading got = read(small_frame(head_of(b.type), header), schema_of<large>());
    INFO(to_string(b.type) << " took " << got.bytes << " bytes");
    CHECK(got.bytes < 2 * limits.frame_bytes);
  }
}

TEST_CASE("the largest frame takes less than two of it", "[frame][F1502][F17]") {
  const auto count = static_cast<std::uint32_t>(limits.rows);
  const reading got =
      read(rows_saying({8 * count}, count, std::string(8 * count, '\0')), schema_of<large>());
  CHECK(got.taken);
  CHECK(got.bytes < 2 * 8 * count);
  // Text is the one thing that can fill a frame whatever the rows are.
  const auto text = static_cast<std::uint32_t>(limits.frame_bytes - 1024);
  std::string payload(text + 7 * 64, '\0');
  std::memcpy(payload.data() + 4 * 64, &text, sizeof text);
  const reading filled =
      read(rows_saying({8, 1, 1, 1, 4, text, 1, 4, 0}, 1, payload), schema_of<sample>());
  CHECK(filled.taken);
  CHECK(filled.bytes < 2 * limits.frame_bytes);
}

}  // namespace sluice

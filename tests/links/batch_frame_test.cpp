#include "sluice/links/batch_frame.hpp"

#include <algorithm>

#include "sluice/tests/links/sample_rows.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice {

namespace {

struct numbers {
  std::uint64_t a;
  std::int32_t b;
};
SLUICE_RECORD(numbers, a, b);

batch_ptr number_rows(std::size_t count, std::size_t room, const buffer_pool& pool) {
  batch_builder<numbers> out{pool, {.rows = count + room, .bytes = SIZE_MAX}};
  for (std::size_t i = 0; i < count; ++i) out.push({i, -static_cast<std::int32_t>(i)});
  return out.take();
}

result<received_rows> received(std::string_view frame, const schema& fields,
                               const frame_limits& limits = {}) {
  const frame_finding found = find_fault(frame, expectation_of(5));
  REQUIRE(found.fault == frame_fault::none);
  return read_rows_frame(frame, found.head, fields, buffer_pool{}, limits);
}

std::vector<std::string> shown(const column_batch& rows) {
  std::vector<std::string> all;
  const batch<sample> view{rows};
  for (std::size_t i = 0; i < view.size(); ++i) {
    const sample s = view[i];
    all.push_back(std::to_string(s.id) + (s.on ? " on" : " off") +
                  (s.maybe ? *s.maybe ? " yes" : " no" : " -") + " " + std::string(s.name) + " " +
                  std::string(s.note.value_or("-")));
  }
  return all;
}

// True if the frame's columns are the batch's own.
bool in_place(const frame_bytes& frame, const std::byte* memory, std::size_t bytes) {
  const char* begin = reinterpret_cast<const char*>(memory);
  return frame.bytes.data() >= begin && frame.bytes.data() < begin + bytes;
}

}  // namespace

TEST_CASE("rows come out of a frame as they went in", "[batch_frame][L1]") {
  const buffer_pool pool;
  for (const std::size_t count : {1, 2, 7, 8, 9, 63, 64, 65, 1000}) {
    for (const std::size_t room : {0, 1, 1000}) {
      CAPTURE(count, room);
      const auto sent = sample_rows(count, pool, room);
      const frame_bytes frame = rows_frame(sent, {-9}, sample_number, pool);
      const auto got = received(frame.bytes, schema_of<sample>());
      REQUIRE(got);
      CHECK(got.value().watermark == instant{-9});
      CHECK(shown(*got.value().rows) == shown(*sent));
      CHECK(got.value().rows->bytes() == sent->bytes());
    }
  }
}

TEST_CASE("a batch without rows crosses too", "[batch_frame]") {
  const auto none = std::make_shared<column_batch>(schema_of<sample>(), buffer_pool{}, 0);
  const auto got = received(rows_frame(none, {}, sample_number, {}).bytes, schema_of<sample>());
  REQUIRE(got);
  CHECK(got.value().rows->empty());
}

TEST_CASE("a full batch that nobody else holds is sent as it lies", "[batch_frame]") {
  const buffer_pool pool;
  auto rows = number_rows(1000, 0, pool);
  REQUIRE(rows->dense());
  const auto memory = rows->memory();
  const auto taken = pool.allocations();
  const frame_bytes frame = rows_frame(std::move(rows), {}, sample_number, pool);
  CHECK(in_place(frame, memory.data(), memory.size()));
  CHECK(pool.allocations() == taken);
  const auto got = received(frame.bytes, schema_of<numbers>());
  REQUIRE(got);
  CHECK(batch<numbers>{*got.value().rows}[999].b == -999);
}

TEST_CASE("a batch that somebody else holds is copied", "[batch_frame]") {
  const buffer_pool pool;
  const auto rows = number_rows(1000, 0, pool);
  const std::vector<std::byte> before(rows->memory().begin(), rows->memory().end());
  const frame_bytes first = rows_frame(rows, {}, sample_number, pool);
  const frame_bytes second = rows_frame(rows, {}, {sample_job, {7}, {3}, 6}, pool);
  CHECK_FALSE(in_place(first, rows->memory().data(), rows->memory().size()));
  CHECK(std::equal(before.begin(), before.end(), rows->memory().begin()));
  CHECK(received(first.bytes, schema_of<numbers>()));
  CHECK(find_fault(second.bytes, expectation_of(6)).fault == frame_fault::none);
}

TEST_CASE("a batch with room left is copied closely", "[batch_frame]") {
  const buffer_pool pool;
  auto rows = number_rows(10, 1000, pool);
  REQUIRE_FALSE(rows->dense());
  const frame_bytes frame = rows_frame(std::move(rows), {}, sample_number, pool);
  CHECK(frame.bytes.size() == 128 + 128 + 64);  // prologue and header, ten of 8 and of 4 bytes
}

TEST_CASE("the same rows make the same frame wherever they lie", "[batch_frame]") {
  const buffer_pool pool;
  const auto copied = rows_frame(number_rows(1000, 500, pool), {}, sample_number, pool);
  const auto placed = rows_frame(number_rows(1000, 0, pool), {}, sample_number, pool);
  CHECK(copied.bytes == placed.bytes);
}

TEST_CASE("what memory held before does not leave with a frame", "[batch_frame][F1502]") {
  const auto frame_over = [](std::byte held) {
    const buffer_pool pool;
    {
      const buffer used = pool.take(1024);  // where the batch will lie
      const buffer next = pool.take(1024);  // and its copy
      std::fill_n(used.data(), used.size(), held);
      std::fill_n(next.data(), next.size(), held);
    }
    return rows_frame(sample_rows(5, pool), {}, sample_number, pool);
  };
  CHECK(frame_over(std::byte{0}).bytes == frame_over(std::byte{0xff}).bytes);
}

TEST_CASE("a received batch is sent on without a copy", "[batch_frame]") {
  const buffer_pool pool;
  const auto first = rows_frame(sample_rows(100, pool, 50), {}, sample_number, pool);
  auto rows = received(first.bytes, schema_of<sample>()).value().rows;
  const auto memory = rows->memory();
  const auto second = rows_frame(std::move(rows), {}, sample_number, pool);
  CHECK(in_place(second, memory.data(), memory.size()));
  CHECK(second.bytes == first.bytes);
}

TEST_CASE("more rows than a batch may have are refused", "[batch_frame][F1502]") {
  const buffer_pool pool;
  const auto frame = rows_frame(sample_rows(9, pool), {}, sample_number, pool);
  CHECK(received(frame.bytes, schema_of<sample>(), {.rows = 9}));
  const auto got = received(frame.bytes, schema_of<sample>(), {.rows = 8});
  REQUIRE_FALSE(got);
  CHECK(got.failure() == error{error_code::malformed, "more rows than a batch may have: 9"});
}

TEST_CASE("rows of another record are refused", "[batch_frame][F1502]") {
  const buffer_pool pool;
  const auto frame = rows_frame(sample_rows(9, pool), {}, sample_number, pool);
  CHECK_FALSE(received(frame.bytes, schema_of<numbers>()));
  const auto other = rows_frame(number_rows(9, 0, pool), {}, sample_number, pool);
  CHECK_FALSE(received(other.bytes, schema_of<sample>()));
}

TEST_CASE("a marker comes out of a frame as it went in", "[batch_frame][L12]") {
  for (const marker& m :
       {marker{{1}, false, false, false, instant::lowest()}, marker{{2}, true, false, false, {5}},
        marker{{3}, true, true, false, {6}}, marker{{4}, false, false, true, instant::highest()}}) {
    const frame_bytes frame = marker_frame(m, sample_number);
    const frame_finding found = find_fault(frame.bytes, expectation_of(5));
    REQUIRE(found.fault == frame_fault::none);
    CHECK(read_marker_frame(frame.bytes, found.head).value() == m);
  }
}

TEST_CASE("a marker that cannot be is refused", "[batch_frame][F1502]") {
  const frame_bytes frame = marker_frame({{1}, true, true, false, {}}, sample_number);
  const frame_head head = find_fault(frame.bytes, expectation_of(5)).head;
  const auto said = [&](const frame_head& h) {
    return read_marker_frame(frame.bytes, h).failure().message;
  };
  frame_head wrong = head;
  wrong.flags = 8;
  CHECK(said(wrong) == "a marker with a flag that does not exist");
  wrong.flags = end_flag;
  CHECK(said(wrong) == "an END that is no COMMIT");
  wrong = head;
  wrong.place.epoch = {};
  CHECK(said(wrong) == "a marker without an epoch");
  wrong = head;
  wrong.payload_bytes = 64;
  CHECK(said(wrong) == "a marker has no columns");
}

TEST_CASE("combined rows cross as such, on a channel that has them", "[batch_frame][F701]") {
  schema fields{"combined", {{"key", column_type::uint64}, {"count", column_type::uint64}}};
  fields.combined = true;
  const auto rows = std::make_shared<column_batch>(fields, buffer_pool{}, 2);
  for (std::size_t i = 0; i < 2; ++i) {
    rows->values<std::uint64_t>(0)[i] = 7 + i;
    rows->values<std::uint64_t>(1)[i] = 100 + i;
  }
  rows->resize(2);
  const frame_bytes frame = rows_frame(rows, {3}, sample_number, buffer_pool{});
  const frame_finding found = find_fault(frame.bytes, expectation_of(5));
  REQUIRE(found.fault == frame_fault::none);
  CHECK(found.head.flags == combined_flag);

  const auto read = [&](const frame_head& head, const channel_fields& of) {
    return read_rows_frame(frame.bytes, head, of, buffer_pool{}, {});
  };
  const auto got = read(found.head, {schema_of<sample>(), &fields});
  REQUIRE(got);
  CHECK(&got.value().rows->fields() == &fields);
  CHECK(got.value().rows->values<std::uint64_t>(0)[1] == 8);
  CHECK(got.value().rows->values<std::uint64_t>(1)[1] == 101);

  const auto none = read(found.head, schema_of<sample>());
  REQUIRE_FALSE(none);
  CHECK(none.failure().message == "combined rows on a channel that has none");
  // Rows that are not marked are read as the channel's rows, whatever else they might be.
  frame_head plain = found.head;
  plain.flags = 0;
  CHECK_FALSE(read(plain, {schema_of<sample>(), &fields}));
}

TEST_CASE("rows with a flag that does not exist are refused", "[batch_frame]") {
  const frame_bytes frame = rows_frame(number_rows(3, 0, {}), {}, sample_number, buffer_pool{});
  const frame_finding found = find_fault(frame.bytes, expectation_of(5));
  for (int bit = 0; bit < 16; ++bit) {
    CAPTURE(bit);
    frame_head head = found.head;
    head.flags = static_cast<std::uint16_t>(1 << bit);
    const auto got =
        read_rows_frame(frame.bytes, head, {schema_of<numbers>(), nullptr}, buffer_pool{}, {});
    REQUIRE_FALSE(got);
    CHECK(got.failure().code == error_code::malformed);
  }
}

}  // namespace sluice

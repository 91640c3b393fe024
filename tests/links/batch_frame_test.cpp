#include "sluice/links/batch_frame.hpp"

#include <algorithm>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

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
  return read_rows_frame({{}, frame}, found.head, fields, buffer_pool{}, limits);
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

TEST_CASE("received rows are read where they lie, if that is at a word", "[batch_frame]") {
  const buffer_pool pool;
  const auto sent = sample_rows(500, pool, 0);
  const std::string frame(rows_frame(sent, {4}, sample_number, pool).bytes);
  const std::size_t shift = GENERATE(0u, 8u, 1u, 4u);
  CAPTURE(shift);
  auto words = std::make_shared<std::vector<std::uint64_t>>(frame.size() / 8 + 2);
  char* const begin = reinterpret_cast<char*>(words->data()) + shift;
  std::memcpy(begin, frame.data(), frame.size());
  const std::weak_ptr<const void> memory = words;
  const std::string_view bytes{begin, frame.size()};
  auto got = read_rows_frame({std::move(words), bytes}, find_fault(bytes, expectation_of(5)).head,
                             schema_of<sample>(), pool, {});
  REQUIRE(got);
  batch_ptr rows = std::move(got).value().rows;
  CHECK(got.value().watermark == instant{4});
  CHECK(shown(*rows) == shown(*sent));
  CHECK(rows->bytes() == sent->bytes());
  const bool kept = shift % 8 == 0;
  CHECK(memory.expired() != kept);
  CHECK(rows->memory().empty() == kept);
  // Sent on: nobody writes what was received.
  const frame_bytes again = rows_frame(rows, {4}, sample_number, pool);
  CHECK(again.bytes == frame);
  CHECK(slice(*rows, 100, 50, pool)->size() == 50);
  rows = nullptr;
  CHECK(memory.expired());
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

struct mixed {
  std::uint64_t key;  // anything
  std::optional<std::int64_t> cents;
  instant at;
  std::uint32_t level;
  std::string_view shop;
  double rate;
};
SLUICE_RECORD(mixed, key, cents, at, level, shop, rate);

mixed mixed_row(std::uint64_t i) {
  return {i * 0x9e3779b97f4a7c15,
          i % 3 == 0 ? std::nullopt : std::optional<std::int64_t>{-500 + static_cast<int>(i % 100)},
          {1'700'000'000'000'000 + static_cast<std::int64_t>(i) * 1000},
          static_cast<std::uint32_t>(4'000'000'000 + i % 7),
          i % 2 == 0 ? "x" : "größer",
          0.5 * static_cast<double>(i)};
}

TEST_CASE("integers that lie close together cross in few bytes", "[batch_frame][narrow_columns]") {
  const buffer_pool pool;
  for (const std::size_t count : {1'023, 1'024, 1'025, 8'192}) {
    CAPTURE(count);
    batch_builder<mixed> out{pool, {.rows = count, .bytes = SIZE_MAX}};
    for (std::size_t i = 0; i < count; ++i) out.push(mixed_row(i));
    const batch_ptr sent = out.take();
    const frame_bytes frame = rows_frame(sent, {}, sample_number, pool);
    const bool shorter = frame.bytes.size() < sent->bytes();
    CHECK(shorter == (count >= 1'024));  // of fewer rows other things cost more
    const auto got = received(frame.bytes, schema_of<mixed>());
    REQUIRE(got);
    CHECK(got.value().rows->bytes() == sent->bytes());
    const batch<mixed> rows{*got.value().rows};
    REQUIRE(rows.size() == count);
    for (std::size_t i = 0; i < count; ++i) {
      const mixed a = rows[i], b = mixed_row(i);
      REQUIRE((a.key == b.key && a.cents == b.cents && a.at == b.at && a.level == b.level &&
               a.shop == b.shop && a.rate == b.rate));
    }
    // The same frame again, from where it came to.
    CHECK(rows_frame(got.value().rows, {}, sample_number, pool).bytes == frame.bytes);
  }
}

TEST_CASE("what gets little shorter is sent as it lies", "[batch_frame][narrow_columns]") {
  const buffer_pool pool;
  batch_builder<numbers> out{pool, {.rows = 4096, .bytes = SIZE_MAX}};
  for (std::uint64_t i = 0; i < 4096; ++i) out.push({i * 0x9e3779b97f4a7c15, static_cast<int>(i)});
  batch_ptr rows = out.take();
  REQUIRE(rows->dense());
  const auto memory = rows->memory();
  // 12 bytes a row, 10 if b were short.
  const frame_bytes frame = rows_frame(std::move(rows), {}, sample_number, pool);
  CHECK(in_place(frame, memory.data(), memory.size()));
}

TEST_CASE("a short form that is none is refused before anything is taken",
          "[batch_frame][narrow_columns][F1502]") {
  const buffer_pool pool;
  batch_builder<numbers> out{pool, {.rows = 4096, .bytes = SIZE_MAX}};
  for (std::uint64_t i = 0; i < 4096; ++i) out.push({i, -static_cast<int>(i)});
  const frame_bytes frame = rows_frame(out.take(), {}, sample_number, pool);
  REQUIRE(frame.bytes.size() < 4096 * 12 / 2);
  const frame_finding found = find_fault(frame.bytes, expectation_of(5));
  std::string spoiled(frame.bytes);
  const auto read = [&](const std::string& bytes) {
    return read_rows_frame({{}, bytes}, found.head, schema_of<numbers>(), pool, {});
  };
  REQUIRE(read(spoiled));
  // The least value of b: an int32 with its sign in all 64 bits.
  const std::size_t least = frame.bytes.size() - (4096 * 2 + 8 + 63) / 64 * 64;
  CHECK(static_cast<unsigned char>(spoiled[least + 7]) == 0xff);
  spoiled[least + 7] = 0;
  const auto got = read(spoiled);
  REQUIRE_FALSE(got);
  CHECK(got.failure() == error{error_code::malformed, "column b: a least value beyond its type"});
  // As many bytes of a as a short form of other rows would take.
  frame_head fewer = found.head;
  fewer.rows = 4095;
  CHECK_FALSE(read_rows_frame(frame, fewer, schema_of<numbers>(), pool, {}));
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
    return read_rows_frame(frame, head, of, buffer_pool{}, {});
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
        read_rows_frame(frame, head, {schema_of<numbers>(), nullptr}, buffer_pool{}, {});
    REQUIRE_FALSE(got);
    CHECK(got.failure().code == error_code::malformed);
  }
}

}  // namespace sluice

#include "sluice/links/outgoing_channel.hpp"

#include "sluice/tests/links/sample_rows.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice {

namespace {

using std::chrono::milliseconds;
using numbers = std::vector<std::uint64_t>;

struct one {
  std::uint64_t value;
};
SLUICE_RECORD(one, value);

constexpr credit window{10, 80};

// Channel 3 of generation 7 with a window of 10 rows of 8 bytes.
struct scripted_end {
  buffer_pool pool;
  outgoing_channel out{sample_job, sample_number.generation, sample_number.channel, window, pool};
  milliseconds now{0};

  void push(std::size_t rows) {
    batch_builder<one> batch{pool, {.rows = rows, .bytes = SIZE_MAX}};
    for (std::size_t i = 0; i < rows; ++i) batch.push({i});
    out.push(batch.take(), {5}, now);
  }
  void mark(std::uint64_t epoch) { out.push(marker{{epoch}, true, false, false, {}}, now); }

  // Numbers of the frames that are written now.
  numbers written() {
    numbers all;
    while (const auto frame = out.write(now)) {
      const frame_finding found = find_fault(frame->bytes, expectation_of(0));
      CHECK((found.fault == frame_fault::none || found.fault == frame_fault::ahead));
      all.push_back(found.head.seq);
    }
    return all;
  }
  std::optional<credit> grant(std::uint64_t consumed, std::uint64_t rows,
                              std::uint64_t generation = 7) {
    return out.take(grant_frame{{generation}, {3}, consumed, {rows, 8 * rows}}, now);
  }
  // A resume that grants what `consumed` frames of a row each leave.
  std::optional<credit> resume(resume_reason why, std::uint64_t consumed, std::uint64_t expected,
                               std::uint64_t generation = 7) {
    const std::uint64_t rows = consumed + 10;
    return out.take(resume_frame{{{generation}, {3}, consumed, {rows, 8 * rows}}, expected, why},
                    now);
  }
  // Opens, and writes `count` frames of one row.
  void open_and_write(std::size_t count) {
    resume(resume_reason::opened, 0, 0);
    for (std::size_t i = 0; i < count; ++i) push(1);
    REQUIRE(written().size() == count);
  }
};

}  // namespace

TEST_CASE("frames are numbered from 0, markers too", "[outgoing_channel][L1][L12]") {
  scripted_end e;
  CHECK(e.resume(resume_reason::opened, 0, 0) == credit{10, 80});
  e.push(2);
  e.mark(1);
  e.push(1);
  CHECK(e.written() == numbers{0, 1, 2});
  CHECK(e.written().empty());
}

TEST_CASE("nothing is written before the channel is opened", "[outgoing_channel][L5]") {
  scripted_end e;
  e.mark(1);
  CHECK(e.written().empty());
  e.resume(resume_reason::opened, 0, 0);
  CHECK(e.written() == numbers{0});
}

TEST_CASE("a frame is kept until it is consumed", "[outgoing_channel][L2]") {
  scripted_end e;
  e.open_and_write(4);
  CHECK(e.out.acked() == 0);
  e.grant(3, 13);
  CHECK(e.out.acked() == 3);
  CHECK(e.out.high() == 4);
  e.resume(resume_reason::reconnected, 3, 3);
  CHECK(e.written() == numbers{3});
}

TEST_CASE("the largest limit counts", "[outgoing_channel][L4]") {
  scripted_end e;
  e.open_and_write(4);
  CHECK(e.grant(2, 12) == credit{12, 96});
  CHECK(e.grant(2, 12) == std::nullopt);  // doubled
  CHECK(e.grant(1, 11) == std::nullopt);  // late
  CHECK(e.out.acked() == 2);
  CHECK(e.out.limit() == credit{12, 96});
  CHECK(e.out.take(grant_frame{{7}, {3}, 3, {13, 90}}, e.now) == credit{13, 96});
}

TEST_CASE("sending again begins with the frame that is expected, and costs no credit",
          "[outgoing_channel][L6][L10]") {
  scripted_end e;
  e.open_and_write(10);  // the whole window
  for (int again = 0; again < 5; ++again) {
    CHECK(e.resume(resume_reason::gap, 0, 4) == std::nullopt);
    CHECK(e.written() == numbers{4, 5, 6, 7, 8, 9});
  }
  CHECK(e.out.counters().resent == 30);
  CHECK(e.grant(10, 20) == credit{20, 160});
  e.push(10);
  CHECK(e.written() == numbers{10});
}

TEST_CASE("a frame that is sent again is the same", "[outgoing_channel][L2]") {
  scripted_end e;
  e.resume(resume_reason::opened, 0, 0);
  e.push(3);
  const frame_bytes first = *e.out.write(e.now);
  e.resume(resume_reason::gap, 0, 0);
  const frame_bytes again = *e.out.write(e.now);
  CHECK(first.bytes == again.bytes);
  CHECK(first.owner == again.owner);
}

TEST_CASE("a resume for what is consumed is late and changes nothing", "[outgoing_channel][L7]") {
  scripted_end e;
  e.open_and_write(6);
  e.grant(4, 14);
  e.resume(resume_reason::reconnected, 1, 2);
  CHECK(e.written().empty());
  CHECK(e.out.next() == 6);
  CHECK(e.out.counters().late == 1);
}

TEST_CASE("what is consumed while it is to be sent again is not", "[outgoing_channel][L8]") {
  scripted_end e;
  e.open_and_write(6);
  e.resume(resume_reason::gap, 0, 1);
  CHECK(e.out.next() == 1);
  e.grant(4, 14);
  CHECK(e.written() == numbers{4, 5});
}

TEST_CASE("an idle resume is answered only when nothing has moved for a second",
          "[outgoing_channel][L13][F7]") {
  scripted_end e;
  e.open_and_write(3);
  e.now += milliseconds(999);
  e.resume(resume_reason::idle, 0, 0);
  CHECK(e.written().empty());
  e.now += milliseconds(1);
  e.resume(resume_reason::idle, 0, 0);
  CHECK(e.written() == numbers{0, 1, 2});
}

TEST_CASE("patience doubles while nothing moves, and begins anew when something does",
          "[outgoing_channel][L13][F7]") {
  scripted_end e;
  e.open_and_write(3);
  for (const int ms : {1000, 2000, 4000, 8000}) {
    CHECK(e.out.patience() == milliseconds(ms));
    e.now += milliseconds(ms - 1);
    e.resume(resume_reason::idle, 0, 0);
    CHECK(e.written().empty());
    e.now += milliseconds(1);
    e.resume(resume_reason::idle, 0, 0);
    CHECK(e.written() == numbers{0, 1, 2});
  }
  for (int i = 0; i < 20; ++i) {
    e.now += milliseconds(100'000);
    e.resume(resume_reason::idle, 0, 0);
    e.written();
  }
  CHECK(e.out.patience() == milliseconds(64'000));
  scripted_end other;  // markers only: nothing to measure the line by
  other.resume(resume_reason::opened, 0, 0);
  for (std::uint64_t epoch = 1; epoch <= 3; ++epoch) other.mark(epoch);
  other.written();
  other.now += milliseconds(1000);
  other.resume(resume_reason::idle, 0, 0);
  CHECK(other.out.patience() == milliseconds(2000));
  other.resume(resume_reason::idle, 0, 1);
  CHECK(other.out.patience() == milliseconds(1000));
}

TEST_CASE("a slow line is not filled with copies", "[outgoing_channel][F7]") {
  scripted_end e;
  e.open_and_write(10);
  // A row takes 600 ms: the inlet repeats itself in between, and hears nothing twice.
  for (std::uint64_t arrived = 1; arrived <= 10; ++arrived) {
    for (int i = 0; i < 3; ++i) {
      e.now += milliseconds(200);
      e.resume(resume_reason::idle, 0, i == 2 ? arrived : arrived - 1);
      CHECK(e.written().empty());
    }
  }
  CHECK(e.out.patience() == milliseconds(4 * 6000));
}

TEST_CASE("what arrives one by one is not sent again, however long ago it was written",
          "[outgoing_channel][F7]") {
  scripted_end e;
  e.resume(resume_reason::opened, 0, 0);
  for (std::uint64_t epoch = 1; epoch <= 6; ++epoch) e.mark(epoch);  // no bytes to measure by
  CHECK(e.written().size() == 6);
  for (std::uint64_t arrived = 1; arrived <= 6; ++arrived) {
    for (int i = 0; i < 3; ++i) {
      e.now += milliseconds(200);
      e.resume(resume_reason::idle, 0, i == 2 ? arrived : arrived - 1);
      CHECK(e.written().empty());
    }
  }
}

TEST_CASE("markers that go on do not hide what is missing", "[outgoing_channel][L13]") {
  scripted_end e;
  e.open_and_write(1);
  for (std::uint64_t epoch = 1; epoch <= 9; ++epoch) {
    e.now += milliseconds(100);
    e.mark(epoch);
    e.written();
    e.resume(resume_reason::idle, 0, 0);
    CHECK(e.written().empty());
  }
  e.now += milliseconds(100);
  e.resume(resume_reason::idle, 0, 0);
  CHECK(e.written().size() == 10);
}

TEST_CASE("an idle resume of an end that has everything is no reason to send",
          "[outgoing_channel][L13]") {
  scripted_end e;
  e.open_and_write(3);
  e.now += milliseconds(60'000);
  e.resume(resume_reason::idle, 0, 3);
  CHECK(e.written().empty());
  CHECK(e.out.counters().rewinds == 0);
}

TEST_CASE("what another generation says changes nothing", "[outgoing_channel][L14][I8]") {
  scripted_end e;
  e.open_and_write(5);
  for (const std::uint64_t other : {6, 8}) {
    CHECK(e.grant(5, 100, other) == std::nullopt);
    CHECK(e.resume(resume_reason::gap, 3, 3, other) == std::nullopt);
    CHECK(e.resume(resume_reason::gap, 300, 300, other) == std::nullopt);
  }
  CHECK(e.out.acked() == 0);
  CHECK(e.out.limit() == credit{10, 80});
  CHECK(e.written().empty());
}

}  // namespace sluice

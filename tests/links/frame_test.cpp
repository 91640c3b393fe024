#include "sluice/links/frame.hpp"

#include <random>

#include "sluice/messages/wire.hpp"
#include "sluice/records/crc32c.hpp"
#include "sluice/tests/links/sample_rows.hpp"
#include "sluice/tests/messages/sample_frames.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice {

namespace {

frame_fault fault_in(std::string_view frame, std::uint64_t expected = 5) {
  return find_fault(frame, expectation_of(expected)).fault;
}

std::string sample_marker() {
  return std::string(marker_frame({{9}, true, false, true, {77}}, sample_number).bytes);
}

void put(std::string& frame, std::size_t at, std::initializer_list<int> bytes) {
  for (const int byte : bytes) frame[at++] = static_cast<char>(byte);
}

void mend_checksum(std::string& frame) {
  const std::uint32_t sum =
      crc32c(std::string_view(frame).substr(68), crc32c(std::string_view(frame).substr(0, 64)));
  std::memcpy(frame.data() + 64, &sum, 4);
}

}  // namespace

TEST_CASE("a frame says in its prologue what it is", "[frame]") {
  const frame_finding found = find_fault(sample_marker(), expectation_of(5));
  CHECK(found.fault == frame_fault::none);
  frame_head head;
  head.type = frame_type::marker;
  head.flags = commit_flag | idle_flag;
  head.header_bytes = 9;
  head.job = sample_job;
  head.place = {{7}, {3}, {9}};
  head.seq = 5;
  head.checksum = found.head.checksum;
  CHECK(found.head == head);
}

TEST_CASE("a frame is looked at in the order of the protocol", "[frame][F1502]") {
  // Everything is wrong with it; what is mended one by one shows what is found next.
  std::string frame = sample_marker();
  put(frame, 64, {1, 2, 3, 4});
  const auto add = [&frame](std::size_t at, int by) {
    frame[at] = static_cast<char>(frame[at] + by);
  };
  add(40, 1);   // seq: ahead
  add(56, 1);   // channel
  add(32, -1);  // generation: old
  add(16, 1);   // job
  add(5, 100);  // type
  add(8, 1);    // bytes of the header
  add(4, 1);    // version
  add(0, 1);    // magic
  CHECK(fault_in(frame.substr(0, 67)) == frame_fault::too_short);
  CHECK(fault_in(frame.substr(0, 68)) == frame_fault::wrong_magic);
  CHECK(fault_in(frame) == frame_fault::wrong_magic);
  add(0, -1);
  CHECK(fault_in(frame) == frame_fault::wrong_version);
  add(4, -1);
  CHECK(fault_in(frame) == frame_fault::wrong_length);
  add(8, -1);
  CHECK(fault_in(frame) == frame_fault::unknown_type);
  add(5, -100);
  CHECK(fault_in(frame) == frame_fault::other_job);
  add(16, -1);
  CHECK(fault_in(frame) == frame_fault::old_generation);
  add(32, 2);
  CHECK(fault_in(frame) == frame_fault::newer_generation);
  add(32, -1);
  CHECK(fault_in(frame) == frame_fault::unknown_channel);
  add(56, -1);
  CHECK(fault_in(frame) == frame_fault::wrong_checksum);  // acting on a gap may not come before it
  add(40, -2);
  CHECK(fault_in(frame) == frame_fault::repeated);  // dropping may
  add(40, 1);
  CHECK(fault_in(frame) == frame_fault::wrong_checksum);
  mend_checksum(frame);
  CHECK(fault_in(frame) == frame_fault::none);
  CHECK(frame == sample_marker());
}

TEST_CASE("a frame ahead of the expected one is known by its right checksum", "[frame][L3]") {
  CHECK(fault_in(sample_marker(), 4) == frame_fault::ahead);
  CHECK(fault_in(sample_marker(), 5) == frame_fault::none);
  CHECK(fault_in(sample_marker(), 6) == frame_fault::repeated);
}

TEST_CASE("a frame above the limit is not looked into", "[frame][F1502]") {
  frame_expectation of = expectation_of(5);
  const std::string frame = sample_marker();
  of.limits.frame_bytes = frame.size();
  CHECK(find_fault(frame, of).fault == frame_fault::none);
  of.limits.frame_bytes = frame.size() - 1;
  CHECK(find_fault(frame, of) == frame_finding{frame_fault::too_long, {}});
}

TEST_CASE("a header above its limit is a wrong length", "[frame][F1502]") {
  frame_head head;
  head.place = {{7}, {3}, {}};
  head.job = sample_job;
  CHECK(fault_in(small_frame(head, std::string(most_header_bytes, 'h'))) == frame_fault::none);
  CHECK(fault_in(small_frame(head, std::string(most_header_bytes + 1, 'h'))) ==
        frame_fault::wrong_length);
}

TEST_CASE("every bit of a frame is under its checksum", "[frame][F17]") {
  const std::string whole = sample_marker();
  REQUIRE(intact(whole));
  for (std::size_t i = 0; i < 8 * whole.size(); ++i) {
    std::string flipped = whole;
    flipped[i / 8] = static_cast<char>(flipped[i / 8] ^ 1 << i % 8);
    CAPTURE(i);
    REQUIRE_FALSE(intact(flipped));
    REQUIRE(fault_in(flipped) != frame_fault::none);
  }
  CHECK_FALSE(intact(whole.substr(0, 67)));
}

TEST_CASE("only a current frame that contradicts itself breaks a link", "[frame]") {
  for (int f = 0; f <= static_cast<int>(frame_fault::wrong_columns); ++f) {
    const auto fault = static_cast<frame_fault>(f);
    CAPTURE(to_string(fault));
    CHECK(breaks_link(fault) == (f >= static_cast<int>(frame_fault::wrong_checksum)));
    CHECK(to_string(fault) != "?");
  }
}

TEST_CASE("every control frame crosses as a frame", "[frame]") {
  for (const control_frame& sent : sample_frames()) {
    CAPTURE(to_string(type_of(sent)));
    const std::string frame = control_bytes(sample_job, sent).value();
    const frame_finding found = find_fault(frame, expectation_of(5));
    REQUIRE(found.fault == frame_fault::none);
    CHECK(found.head.type == type_of(sent));
    CHECK(found.head.place == place_of(sent));
    CHECK(read_control_frame(frame, found.head).value() == sent);
  }
}

TEST_CASE("a control frame of a channel nobody knows is dropped", "[frame]") {
  const auto stray = control_bytes(sample_job, grant_frame{{7}, {4}, 1, {2, 3}}).value();
  CHECK(fault_in(stray) == frame_fault::unknown_channel);
  const auto old = control_bytes(sample_job, grant_frame{{6}, {3}, 1, {2, 3}}).value();
  CHECK(fault_in(old) == frame_fault::old_generation);
}

TEST_CASE("a start that is too large is no frame", "[frame]") {
  start_frame start;
  start.plan.assign(most_header_bytes, 'p');
  CHECK_FALSE(control_bytes(sample_job, start));
}

TEST_CASE("a control frame has no payload", "[frame][F1502]") {
  frame_head head;
  head.type = frame_type::stop;
  head.payload_bytes = 64;
  CHECK_FALSE(read_control_frame(std::string(192, '\0'), head));
}

TEST_CASE("whatever bytes come, they are sorted out", "[frame][F17]") {
  const auto seed = GENERATE(range(1u, 11u));
  CAPTURE(seed);
  std::mt19937 random{seed};
  std::string frame = sample_marker();
  for (int i = 0; i < 2000; ++i) {
    frame[random() % frame.size()] = static_cast<char>(random());
    const auto cut = std::string_view(frame).substr(0, random() % (frame.size() + 1));
    CHECK(fault_in(cut) != frame_fault::none);
  }
}

}  // namespace sluice

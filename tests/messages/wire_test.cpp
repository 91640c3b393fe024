#include "sluice/messages/wire.hpp"

#include <random>

#include "sluice/tests/messages/sample_frames.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice {

namespace {

std::string written(const control_frame& frame) { return to_wire(frame).value(); }

result<control_frame> read_again(const control_frame& frame) {
  return from_wire(type_of(frame), place_of(frame), written(frame));
}

std::string refusal(frame_type type, std::string_view header) {
  const auto read = from_wire(type, {{7}, {3}, {9}}, header);
  REQUIRE_FALSE(read);
  CHECK(read.failure().code == error_code::malformed);
  return read.failure().message;
}

}  // namespace

TEST_CASE("every control frame comes back from its bytes", "[wire]") {
  for (const control_frame& frame : sample_frames()) {
    CAPTURE(to_string(type_of(frame)));
    const auto read = read_again(frame);
    REQUIRE(read);
    CHECK(read.value() == frame);
  }
}

TEST_CASE("every reason to resume comes back, and no other", "[wire]") {
  for (const auto why : {resume_reason::opened, resume_reason::gap, resume_reason::reconnected,
                         resume_reason::idle}) {
    const control_frame frame = resume_frame{{{7}, {3}, 1, {2, 3}}, 4, why};
    CHECK(read_again(frame).value() == frame);
  }
  std::string header = written(resume_frame{{{7}, {3}, 1, {2, 3}}, 4, resume_reason::idle});
  REQUIRE(header.back() == 4);
  for (const char none : {0, 5, 12, 127}) {
    header.back() = none;
    CHECK(refusal(frame_type::resume, header) ==
          "header of a resume frame: no such reason to resume");
  }
}

TEST_CASE("a header that is too large is refused unparsed", "[wire][F1502]") {
  start_frame start;
  start.plan.assign(most_header_bytes + 1 - 4, 'p');  // tag and length take four bytes
  const auto wrote = to_wire(control_frame{start});
  REQUIRE_FALSE(wrote);
  CHECK(wrote.failure().message == "header of a start frame is too large: 65537 bytes of 65536");

  start.plan.pop_back();
  std::string header = written(start);
  REQUIRE(header.size() == most_header_bytes);
  CHECK(from_wire(frame_type::start, {}, header));
  header += std::string("\x10\0", 2);  // goes on as Protobuf: `restored_end`, false
  CHECK(refusal(frame_type::start, header) == "header of a start frame: too large");

  const std::string large(most_header_bytes + 1, '\0');
  CHECK(read_rows_header(large).failure().message == "header of a rows frame: too large");
  CHECK(read_marker_header(large).failure().message == "header of a marker frame: too large");
}

TEST_CASE("a list that is too long is refused", "[wire][F1502]") {
  start_frame start;
  start.restored.instances.resize(most_header_entries);
  CHECK(read_again(start));
  start.restored.instances.resize(most_header_entries + 1);
  CHECK(refusal(frame_type::start, written(start)) ==
        "header of a start frame: a list that is too long");
  ack_frame ack;
  ack.snapshot.blobs.resize(most_header_entries + 1);
  CHECK(refusal(frame_type::ack, written(ack)) == "header of a ack frame: a list that is too long");
  rows_header rows;
  rows.part_bytes.assign(most_header_entries + 1, 1);
  CHECK(read_rows_header(to_wire(rows)).failure().message ==
        "header of a rows frame: a list that is too long");
}

TEST_CASE("text that is not UTF-8 is refused, other bytes are not", "[wire][F1502]") {
  const std::string bad = "caf\xe9";
  for (const control_frame& frame : std::vector<control_frame>{
           hello_frame{{}, {}, 1, bad, {}, {}},
           start_frame{{}, {{}, {}, false, {{bad, 0, false, "", {}}}}, "", {}},
           started_frame{{}, bad},
           ack_frame{{}, 0, {}, {bad, 0, false, "", {}}},
           ack_frame{{}, 0, {}, {"", 0, false, "", {{bad, 0, 0}}}},
           link_broken_frame{{}, {}, bad},
           failed_frame{{}, bad, ""},
       }) {
    CAPTURE(to_string(type_of(frame)));
    CHECK(refusal(type_of(frame), written(frame)).find("text that is not UTF-8") !=
          std::string::npos);
  }
  const control_frame bytes = ack_frame{{}, 0, {}, {"", 0, false, bad, {}}};
  CHECK(read_again(bytes).value() == bytes);
}

TEST_CASE("a marker that cannot be has not passed anything", "[wire][F1502]") {
  const std::string end = written(passed_frame{{7}, 1, {{9}, false, true, false, {0}}});
  CHECK(refusal(frame_type::passed, end) == "header of a passed frame: an END that is no COMMIT");
  const auto none = from_wire(frame_type::passed, {{7}, {}, {}}, "");
  REQUIRE_FALSE(none);
  CHECK(none.failure().message == "header of a passed frame: a marker without an epoch");
}

TEST_CASE("bytes that are no header are refused", "[wire][F1502]") {
  for (const control_frame& frame : sample_frames()) {
    CAPTURE(to_string(type_of(frame)));
    CHECK(refusal(type_of(frame), "\xff").find("not what its type has") != std::string::npos);
  }
  CHECK_FALSE(read_rows_header("\xff"));
  CHECK_FALSE(read_marker_header("\xff"));
  CHECK(refusal(frame_type::rows, "") == "header of a rows frame: no control frame");
}

TEST_CASE("whatever a header holds, it is read or refused", "[wire][F1502]") {
  const auto seed = GENERATE(range(1u, 21u));
  CAPTURE(seed);
  std::mt19937 random{seed};
  for (const control_frame& frame : sample_frames()) {
    std::string header = written(frame);
    for (int i = 0; i < 200 && !header.empty(); ++i) {
      header[random() % header.size()] = static_cast<char>(random());
      const auto read = from_wire(type_of(frame), place_of(frame), header);
      if (!read) CHECK(read.failure().code == error_code::malformed);
      if (read) CHECK(read_again(read.value()).value() == read.value());
    }
  }
}

TEST_CASE("headers of rows and markers come back from their bytes", "[wire]") {
  const rows_header rows{{-5}, {0, 64, UINT32_MAX}};
  CHECK(read_rows_header(to_wire(rows)).value() == rows);
  for (const instant t : {instant::lowest(), instant{0}, instant::highest()})
    CHECK(read_marker_header(marker_header(t)).value() == t);
}

}  // namespace sluice

#include "sluice/messages/control.hpp"

#include <set>

#include "sluice/tests/messages/sample_frames.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice {

TEST_CASE("every control frame has a type of its own and a word for it", "[control]") {
  std::set<frame_type> types;
  std::set<std::string_view> words;
  for (const control_frame& frame : sample_frames()) {
    types.insert(type_of(frame));
    words.insert(to_string(type_of(frame)));
  }
  CHECK(types.size() == std::variant_size_v<control_frame>);
  CHECK(words.size() == types.size());
  CHECK(types.count(frame_type::rows) + types.count(frame_type::marker) == 0);
  CHECK(words.count("?") == 0);
}

TEST_CASE("every control frame says which generation it is of", "[control][I8]") {
  for (const control_frame& frame : sample_frames()) {
    CAPTURE(to_string(type_of(frame)));
    CHECK(place_of(frame).generation == generation_id{7});
  }
}

TEST_CASE("a commit names the generation that decided it beside its own", "[control][X22]") {
  const control_frame commit = commit_frame{{7}, 4, {5}, {99}};
  CHECK(place_of(commit) == frame_place{{7}, {}, {99}});
}

TEST_CASE("numbers of frame types are as they are on the wire", "[control]") {
  CHECK_FALSE(is_frame_type(0));
  CHECK(is_frame_type(static_cast<std::uint8_t>(frame_type::hello)));
  CHECK(is_frame_type(static_cast<std::uint8_t>(frame_type::report)));
  CHECK_FALSE(is_frame_type(23));
  CHECK(has_sequence(frame_type::rows));
  CHECK(has_sequence(frame_type::marker));
  CHECK_FALSE(has_sequence(frame_type::grant));
  CHECK(has_channel(frame_type::grant));
  CHECK_FALSE(has_channel(frame_type::open));
}

}  // namespace sluice

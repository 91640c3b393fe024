#include "sluice/links/allow_list.hpp"

#include <set>

#include "sluice/tests/messages/sample_frames.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice {

namespace {

std::string key_of(unsigned char fill) {
  key_value key{};
  key.fill(fill);
  return to_z85(key);
}

}  // namespace

TEST_CASE("a key stands for one node, and a node has one key", "[allow_list][F1501]") {
  const std::vector<allowed_key> keys{{"a", node_role::data, key_of(1)},
                                      {"b", node_role::coordinator, key_of(2)}};
  const allow_list list = allow_list::of(keys).value();
  CHECK(*list.with_key(*read_z85(key_of(1))) == keys[0]);
  CHECK(*list.of_node("b") == keys[1]);
  CHECK(list.with_key(*read_z85(key_of(3))) == nullptr);
  CHECK(list.of_node("c") == nullptr);
  const auto problem = [](const std::vector<allowed_key>& of) {
    return allow_list::of(of).failure();
  };
  CHECK(problem({keys[0], {"a", node_role::data, key_of(3)}}) ==
        error{error_code::malformed, "two keys of one node: a"});
  CHECK(problem({keys[0], {"c", node_role::data, key_of(1)}}) ==
        error{error_code::malformed, "one key of two nodes: a and c"});
  CHECK(problem({{"a", node_role::data, "short"}}) ==
        error{error_code::malformed, "no public key: that of node a"});
}

TEST_CASE("what coordinators say only they may say", "[allow_list][F1501]") {
  const allow_list list = allow_list::of({{"data", node_role::data, key_of(1)},
                                          {"boss", node_role::coordinator, key_of(2)}})
                              .value();
  const std::set<frame_type> theirs{
      frame_type::start, frame_type::open, frame_type::commit,        frame_type::stop,
      frame_type::drain, frame_type::pace, frame_type::report_request};
  for (const control_frame& frame : sample_frames()) {
    const frame_type type = type_of(frame);
    INFO(to_string(type));
    CHECK(list.may_say("data", type) == !theirs.contains(type));
    CHECK(list.may_say("boss", type));
    CHECK_FALSE(list.may_say("stranger", type));
  }
  CHECK(list.may_say("data", frame_type::rows));
  CHECK(list.may_say("data", frame_type::marker));
}

}  // namespace sluice

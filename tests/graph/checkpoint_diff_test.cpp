#include "sluice/graph/checkpoint_diff.hpp"

#include <algorithm>

#include "sluice/tests/support/catch.hpp"

namespace sluice {
namespace {

using role = stage_outline::role;

graph_outline words() {
  return {.checkpoint_format = 1,
          .key_hash = 1,
          .key_groups = 256,
          .stages = {{role::state, "count", {{" text:text", " by text"}}, ""},
                     {role::sink, "out", {{" text:text", ""}}, ""},
                     {role::source, "words", {}, " text:text"}}};
}

instance_snapshot saved(const char* stage, std::uint32_t instance, const char* state) {
  instance_snapshot one;
  one.stage = stage;
  one.instance = instance;
  one.state = state;
  return one;
}

kept_checkpoint checkpoint_of(const graph_outline& g) {
  kept_checkpoint kept;
  kept.graph = g;
  kept.truth.graph = hash_of(g);
  auto count = saved("count", 0, "12");
  count.blobs = {{"count-0.1.7.base", 100, 0}};
  kept.truth.sealed = {
      {{1},
       {7},
       false,
       {count, saved("count", 1, "345"), saved("out", 0, ""), saved("words", 0, "at")}}};
  return kept;
}

stage_finding finding(const checkpoint_comparison& all, const std::string& stage) {
  const auto found = std::find_if(all.stages.begin(), all.stages.end(),
                                  [&](const auto& s) { return s.stage == stage; });
  REQUIRE(found != all.stages.end());
  return *found;
}

std::string what(const graph_outline& before, const graph_outline& now, const std::string& stage) {
  const auto found = finding(compare(checkpoint_of(before), now), stage);
  CHECK(found.differs);
  return found.what;
}

TEST_CASE("a graph that is the same keeps everything, and the bytes are counted",
          "[checkpoint_diff][F106][U17]") {
  const auto all =
      compare(checkpoint_of(words()), words(), {{"count", 2}, {"out", 1}, {"words", 1}});
  CHECK(all.differences() == 0);
  CHECK(all.summary() == "");
  const auto count = finding(all, "count");
  CHECK(count.kept == 2);
  CHECK(count.bytes == 105);
  CHECK(count.role == "state");
  CHECK(count.what == "same; keeps its state");
  CHECK(finding(all, "words").what == "same; reads on where it was");
}

TEST_CASE("stages that are gone, new or changed are told apart", "[checkpoint_diff][F106][U17]") {
  graph_outline renamed = words();
  renamed.stages[0].name = "tally";
  CHECK(what(words(), renamed, "count") == "gone; its state would be lost");
  CHECK(what(words(), renamed, "tally") == "new; begins without state");
  CHECK(compare(checkpoint_of(words()), renamed).summary() ==
        "stage count: gone; its state would be lost. stage tally: new; begins without state");

  graph_outline keyed = words();
  keyed.stages[0].inputs[0].keys = " by text, n";
  CHECK(what(words(), keyed, "count") ==
        "changed; its keys were by text, are by text, n; its state would be lost");
  graph_outline wider = words();
  wider.stages[1].inputs[0].fields = " text:text n:u64";
  CHECK(what(words(), wider, "out") ==
        "changed; the fields of its input were text:text, are text:text n:u64; what it has shown "
        "stays");
  graph_outline other = words();
  other.stages[2].gives = " text:text n:u64";
  CHECK(what(words(), other, "words") ==
        "changed; its fields were text:text, are text:text n:u64; where it was would be lost");
  graph_outline more = words();
  more.stages.push_back({role::source, "more", {}, " text:text"});
  CHECK(what(words(), more, "more") == "new; is read from its start");
  CHECK(what(more, words(), "more") == "gone; where it was would be lost");
}

TEST_CASE("another version of a format is a difference", "[checkpoint_diff][F106]") {
  graph_outline next = words();
  next.key_hash = 2;
  const auto all = compare(checkpoint_of(words()), next);
  CHECK(all.others == std::vector<std::string>{"the version of the key hash was 1, is 2"});
  CHECK(all.differences() == 1);
}

TEST_CASE("keys may be spread anew, sources keep their parallelism", "[checkpoint_diff][F106]") {
  const auto all =
      compare(checkpoint_of(words()), words(), {{"count", 3}, {"out", 2}, {"words", 2}});
  CHECK(finding(all, "count").what == "same; keeps its state, its keys spread anew");
  CHECK_FALSE(finding(all, "count").differs);
  CHECK_FALSE(finding(all, "out").differs);
  CHECK(finding(all, "words").what == "had 1 instances, has 2; sources keep their parallelism");
  CHECK(all.differences() == 1);
}

TEST_CASE("a checkpoint without its graph is compared by names", "[checkpoint_diff][F106]") {
  kept_checkpoint old = checkpoint_of(words());
  old.graph.reset();
  CHECK(compare(old, words()).differences() == 0);
  graph_outline keyed = words();
  keyed.stages[0].inputs[0].keys = "";
  CHECK(compare(old, keyed).summary().starts_with("records, keys or formats have changed"));
  graph_outline renamed = words();
  renamed.stages[0].name = "tally";
  const auto all = compare(old, renamed);
  CHECK(all.differences() == 2);
  CHECK(finding(all, "count").what == "gone; 105 bytes of it would be lost");
  CHECK(finding(all, "tally").what == "new; begins without state");
}

}  // namespace
}  // namespace sluice

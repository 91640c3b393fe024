#include "sluice/state/graph_outline.hpp"

#include <string>

#include "sluice/records/crc32c.hpp"
#include "sluice/state/snapshot_bytes.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice {

namespace {

using role = stage_outline::role;

kept_outline some_outline() {
  kept_outline kept;
  kept.job = {{1, 2}};
  kept.graph.checkpoint_format = 1;
  kept.graph.key_hash = 1;
  kept.graph.key_groups = 256;
  kept.graph.stages = {
      {.is = role::state, .name = "count", .inputs = {{" text:text", " by text"}}, .gives = {}},
      {.is = role::sink, .name = "out", .inputs = {{" text:text n:u64?", ""}}, .gives = {}},
      {.is = role::source, .name = "words", .inputs = {}, .gives = " text:text"}};
  return kept;
}

std::string problem(const std::string& bytes) {
  const auto read = read_outline(bytes, "here");
  if (read) return {};
  CHECK(read.failure().code == error_code::malformed);
  return read.failure().message;
}

}  // namespace

TEST_CASE("an outline comes back as it was kept", "[graph_outline][F106]") {
  const auto read = read_outline(bytes_of(some_outline()), "here");
  REQUIRE(read);
  CHECK(read.value() == some_outline());
}

// The hash of this text stands in every checkpoint there is.
TEST_CASE("the signature of a graph is the text it always was", "[graph_outline][F106]") {
  CHECK(signature_of(some_outline().graph) ==
        "checkpoint 1, key hash 1, key groups 256\n"
        "stage count | text:text by text\n"
        "stage out | text:text n:u64?\n"
        "stage words gives text:text\n");
}

TEST_CASE("no byte of an outline can change without being noticed", "[graph_outline][X16][F15]") {
  const std::string whole = bytes_of(some_outline());
  for (std::size_t at = 0; at < whole.size(); ++at)
    for (int bit = 0; bit < 8; ++bit) {
      std::string flipped = whole;
      flipped[at] ^= static_cast<char>(1 << bit);
      if (problem(flipped).starts_with("here: ")) continue;
      FAIL("byte " << at << ", bit " << bit);
    }
  for (std::size_t left = 0; left < whole.size(); ++left)
    if (!problem(whole.substr(0, left)).starts_with("here: ")) FAIL("cut to " << left);
}

TEST_CASE("an outline that contradicts itself is refused though its checksum fits",
          "[graph_outline][X16]") {
  const auto with = [](auto change) {
    std::string bytes = bytes_of(some_outline());
    bytes.resize(bytes.size() - 4);
    change(bytes);
    snapshot_writer end;
    end.value(crc32c(bytes));
    return problem(bytes + end.bytes());
  };
  CHECK(with([](std::string& b) { b[48] = 7; }).find("neither source nor sink") !=
        std::string::npos);
  CHECK(with([](std::string& b) { b[40] = '\xff'; }) != "");  // more stages than there is room for
  CHECK(with([](std::string& b) { b += "more"; }) != "");
  CHECK(with([](std::string& b) { b[8] = 2; }) == "here: format version 2 is unknown; known is 1");
}

}  // namespace sluice

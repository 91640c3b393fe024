#include <cstdint>
#include <fstream>
#include <sstream>
#include <string>

#include "sluice/records/crc32c.hpp"
#include "sluice/state/checkpoint_blob.hpp"
#include "sluice/state/graph_outline.hpp"
#include "sluice/state/meta_log.hpp"
#include "sluice/tests/support/catch.hpp"

// The examples of docs/checkpoint-format.md, made again.

namespace sluice {

namespace {

// The bytes of the example called `name`: lines of an offset and hexadecimal bytes, two spaces
// before whatever explains them.
std::string shown(const std::string& name) {
  std::ifstream document{CHECKPOINT_FORMAT};
  std::string line, bytes;
  while (std::getline(document, line) && line != "<!-- bytes: " + name + " -->") {
  }
  std::getline(document, line);
  while (std::getline(document, line) && line != "```") {
    INFO(line);
    REQUIRE(std::stoul(line.substr(0, 3)) == bytes.size());
    std::istringstream pairs{line.substr(5, 8 * 3)};
    for (std::string pair; pairs >> pair;)
      bytes.push_back(static_cast<char>(std::stoul(pair, nullptr, 16)));
  }
  return bytes;
}

const blob_identity what{
    .generation = {1}, .epoch = {7}, .stage = "count", .instance = 0, .kind = blob_kind::base};

meta_truth third_truth(const std::string& blob) {
  instance_snapshot count{
      .stage = "count", .instance = 0, .ended = false, .state = "ok", .blobs = {}, .epoch = {7}};
  count.blobs.push_back({blob_name(what), blob.size(), crc32c(blob)});
  const manifest seventh{.generation = {1}, .epoch = {7}, .end = false, .instances = {count}};
  return {
      .job = {{1, 2}}, .graph = {3}, .generation = {1}, .reserved_to = {1024}, .sealed = {seventh}};
}

}  // namespace

TEST_CASE("the document shows a checkpoint file as it is", "[checkpoint_format]") {
  const std::string example = shown("blob");
  const auto read = unpack_blob(example, "example", {});
  REQUIRE(read);
  CHECK((read.value() == checkpoint_blob{what, "1 2 3"}));
  // What zstd makes of the state may change from one of its versions to another; the rest may not.
  const auto made = pack_blob(what, "1 2 3", {}).value();
  CHECK(made.substr(0, 36) == example.substr(0, 36));
  CHECK(made.size() >= 77 + 20);
}

TEST_CASE("the document shows a log and its witness as they are", "[checkpoint_format]") {
  const auto head = begin_log(1);
  const auto record = log_record_of(third_truth(shown("blob")), 3, head.end);
  CHECK(shown("log") == head.bytes + record.bytes);
  CHECK(shown("witness") == witness_entry(record.end));

  const auto read = read_log(shown("log"), "example", read_witness(shown("witness")));
  REQUIRE(read);
  CHECK(read.value().truth == third_truth(shown("blob")));
  CHECK(read.value().writes == 3);
}

TEST_CASE("the document shows an outline as it is", "[checkpoint_format][F106]") {
  kept_outline kept;
  kept.job = {{1, 2}};
  kept.graph = {.checkpoint_format = 1, .key_hash = 1, .key_groups = 256, .stages = {}};
  kept.graph.stages.push_back(
      {stage_outline::role::state, "count", {{" text:text", " by text"}}, ""});
  CHECK(shown("outline") == bytes_of(kept));
}

}  // namespace sluice

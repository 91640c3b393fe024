#include "sluice/connectors/committed_files.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "sluice/tests/connectors/numbered_files.hpp"
#include "sluice/tests/connectors/stepped_files.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice {

namespace {

using namespace test;
using sim::sim_disk;

struct prepared_epoch {
  epoch_id epoch;
  std::string seal;
};

// One instance that has prepared the rows `numbers` as epoch `epoch` of generation 1.
prepared_epoch prepare_one(committed_files& writer, std::uint64_t epoch,
                           const std::vector<std::uint64_t>& numbers) {
  REQUIRE(write_rows(writer, numbers));
  return {{epoch}, writer.prepare({1}, {epoch})().value()};
}

decided_epoch decided_as(const prepared_epoch& what) { return {what.epoch, {1}, 0, what.seal}; }

// A folder with one writer of generation 1.
struct one_sink {
  sim_disk disk{1};
  std::shared_ptr<file_port> files = disk.open();
  committed_files writer = writer_of(files, 0, 1);

  one_sink() { REQUIRE(writer.resolve({{1}, {}, true})); }
  result<void> restart(const std::vector<decided_epoch>& decided) {
    return writer_of(files, 0, 1).resolve({{2}, decided, false});
  }
};

const std::string first_file = "part-00000.00000000000000000001.txt";
const std::string first_staged = ".part-00000.1.00000000000000000001.txt.staged";

}  // namespace

TEST_CASE("an epoch is a file that nobody sees before its commit", "[committed_files][F903]") {
  one_sink sink;
  prepare_one(sink.writer, 1, {1, 2});
  CHECK(content_of(*sink.files) ==
        folder_content{{fence_of(0, 1), ""}, {first_staged, "row\n1\n2\n"}});
  REQUIRE(sink.writer.commit({1}, {1})());
  CHECK(content_of(*sink.files) ==
        folder_content{{fence_of(0, 1), ""}, {first_file, "row\n1\n2\n"}});
}

TEST_CASE("an epoch without rows makes no file", "[committed_files][F903]") {
  one_sink sink;
  CHECK(prepare_one(sink.writer, 1, {}).seal.empty());
  CHECK(sink.files->list().value() == names{fence_of(0, 1)});
  REQUIRE(sink.writer.commit({1}, {1})());
  CHECK(sink.files->list().value() == names{fence_of(0, 1)});
  REQUIRE(sink.restart({{{1}, {1}, 0, ""}}));
}

TEST_CASE("rows of the next epoch do not reach the one being prepared", "[committed_files][I5]") {
  one_sink sink;
  REQUIRE(write_rows(sink.writer, {1}));
  const auto work = sink.writer.prepare({1}, {1});
  REQUIRE(write_rows(sink.writer, {30, 31}));  // long ones: they begin a file
  REQUIRE(work());
  CHECK(sink.files->read(first_staged).value() == "row\n1\n");
}

TEST_CASE("a commit repeated changes nothing", "[committed_files][X27]") {
  one_sink sink;
  prepare_one(sink.writer, 1, {1});
  const auto work = sink.writer.commit({1}, {1});
  REQUIRE(work());
  const folder_content once = content_of(*sink.files);
  CHECK(work());
  CHECK(sink.writer.commit({1}, {1})());
  CHECK(content_of(*sink.files) == once);
}

TEST_CASE("a commit of an older generation shows nothing", "[committed_files][X14][I5]") {
  one_sink sink;
  prepare_one(sink.writer, 1, {1});
  committed_files next = writer_of(sink.files, 0, 1);
  REQUIRE(next.resolve({{2}, {}, false}));
  REQUIRE(write_rows(next, {1}));
  REQUIRE(next.prepare({2}, {1})());
  CHECK(sink.writer.commit({1}, {1})());
  CHECK(visible(content_of(*sink.files)).empty());
  REQUIRE(next.commit({2}, {1})());
  CHECK(visible(content_of(*sink.files)) == "1\n");
}

TEST_CASE("both epochs that may be decided are shown at a restart", "[committed_files][D3]") {
  one_sink sink;
  const auto first = prepare_one(sink.writer, 1, {1}), second = prepare_one(sink.writer, 2, {2});
  prepare_one(sink.writer, 3, {3});
  REQUIRE(write_rows(sink.writer, {30, 31}));
  REQUIRE(sink.restart({decided_as(first), decided_as(second)}));
  const folder_content all = content_of(*sink.files);
  CHECK(visible(all) == "1\n2\n");
  CHECK(hidden(all) == names{});
}

TEST_CASE("a decided file that is missing or altered is an error that names it",
          "[committed_files][D3][X17]") {
  one_sink sink;
  const auto first = prepare_one(sink.writer, 1, {1});
  const bool committed = GENERATE(false, true);
  if (committed) REQUIRE(sink.writer.commit({1}, {1})());
  const std::string file = committed ? first_file : first_staged;
  SECTION("missing") {
    REQUIRE(sink.files->remove(file));
    const auto resolved = sink.restart({decided_as(first)});
    REQUIRE_FALSE(resolved);
    CHECK_THAT(resolved.failure().message, Catch::Contains("disk/" + first_file));
  }
  SECTION("shorter") {
    REQUIRE(sink.files->truncate(file, 3));
    const auto resolved = sink.restart({decided_as(first)});
    REQUIRE_FALSE(resolved);
    CHECK(resolved.failure() ==
          error{error_code::malformed, "not as it was prepared: disk/" + file});
  }
  SECTION("with another byte") {
    REQUIRE(sink.files->remove(file));
    REQUIRE(sink.files->create(file).value()->append(std::string_view{"row\n2\n"}));
    const auto resolved = sink.restart({decided_as(first)});
    REQUIRE_FALSE(resolved);
    CHECK(resolved.failure() ==
          error{error_code::malformed, "not as it was prepared: disk/" + file});
  }
}

TEST_CASE("a file of the epoch with other rows is not replaced", "[committed_files][X27]") {
  one_sink sink;
  REQUIRE(sink.files->create(first_file).value()->append(std::string_view{"row\n7\n"}));
  prepare_one(sink.writer, 1, {1});
  const auto shown = sink.writer.commit({1}, {1})();
  REQUIRE_FALSE(shown);
  CHECK(shown.failure() ==
        error{error_code::malformed,
              "a file of this epoch with other rows is there already: disk/" + first_file});
  CHECK(sink.files->read(first_file).value() == "row\n7\n");
}

TEST_CASE("a run that begins anew removes the files of another", "[committed_files][X27]") {
  sim_disk disk{1};
  const std::shared_ptr<file_port> files = disk.open();
  const names others{"notes.txt", "part-x.txt", "part-00000.00000000000000000001.csv"};
  for (const std::string& name : others) REQUIRE(files->create(name));
  const names left{"part-00000.00000000000000000001.txt",
                   "part-00005.00000000000000000009.txt",
                   ".part-00000.3.2.txt.writing",
                   ".part-00001.3.00000000000000000004.txt.staged",
                   "part-00000.txt",  // of a run without checkpoints, as the next one
                   "part-00003.txt",
                   fence_of(0, 7, {{1, 2}}),
                   fence_of(5, 7, {{1, 2}}),
                   ".part-00005.00000000000000000009.txt.00000000000000010000000000000002.dropped"};
  for (const std::string& name : left) REQUIRE(files->create(name));
  for (std::size_t i = 0; i < 2; ++i) REQUIRE(writer_of(files, i, 2).resolve({{1}, {}, true}));
  names sorted = others;
  for (std::size_t i = 0; i < 2; ++i) sorted.push_back(fence_of(i, 1));
  std::sort(sorted.begin(), sorted.end());
  CHECK(files->list().value() == sorted);
}

TEST_CASE("a process that was stopped while another run took the folder changes nothing",
          "[committed_files][generation_fence][X14]") {
  sim_disk disk{1};
  const std::shared_ptr<file_port> files = disk.open();
  folder_content before;
  const auto stepped = std::make_shared<stepped_files>(files, 3, [&] {
    committed_files other = writer_of(files, 0, 1);
    REQUIRE(other.resolve({{1}, {}, true, {{7, 8}}}));
    prepare_one(other, 1, {1});
    REQUIRE(other.commit({1}, {1})());
    prepare_one(other, 2, {2});
    before = content_of(*files);
  });
  const auto late = writer_of(stepped, 0, 1).resolve({{1}, {}, true, {{5, 6}}});
  REQUIRE_FALSE(late);
  CHECK(late.failure() ==
        error{error_code::refused, "another run has begun here, this is generation 1: disk"});
  CHECK(content_of(*files) == before);
}

TEST_CASE("staged files of a newer generation stay even where its fence is gone",
          "[committed_files][generation_fence]") {
  one_sink sink;
  prepare_one(sink.writer, 1, {1});
  const std::string newer = ".part-00000.3.00000000000000000001.txt.staged";
  REQUIRE(sink.files->rename(first_staged, newer));
  REQUIRE(sink.restart({}));
  CHECK(sink.files->list().value() == names{fence_of(0, 2), newer});
}

TEST_CASE("another number of instances sees to the former ones and removes nothing committed",
          "[committed_files][F903][I5]") {
  sim_disk disk{1};
  const std::shared_ptr<file_port> files = disk.open();
  std::vector<decided_epoch> decided;
  for (std::size_t i = 0; i < 5; ++i) {
    committed_files writer = writer_of(files, i, 5);
    REQUIRE(writer.resolve({{1}, {}, true}));
    const auto first = prepare_one(writer, 1, {i});
    REQUIRE(writer.commit({1}, {1})());
    const auto second = prepare_one(writer, 2, {10 + i});
    prepare_one(writer, 3, {20 + i});
    for (const auto& each : {first, second}) decided.push_back({each.epoch, {1}, i, each.seal});
  }
  for (std::size_t i = 0; i < 2; ++i) {
    resolution how{{2}, {}, false};
    for (const auto& each : decided)
      if (each.instance % 2 == i) how.decided.push_back(each);
    REQUIRE(writer_of(files, i, 2).resolve(how));
  }
  const folder_content all = content_of(*files);
  CHECK(visible(all) == "0\n10\n1\n11\n2\n12\n3\n13\n4\n14\n");
  CHECK(hidden(all) == names{});
  CHECK(fences(all) == names{fence_of(0, 2), fence_of(1, 2)});
}

}  // namespace sluice

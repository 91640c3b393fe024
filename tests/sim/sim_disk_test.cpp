#include "sluice/sim/sim_disk.hpp"

#include <set>
#include <string>
#include <string_view>

#include "sluice/tests/support/catch.hpp"

namespace sluice::sim {

namespace {

using namespace std::string_view_literals;

// What `name` holds after the power has failed; "-" if there is no such file.
std::string after_failure(sim_disk& disk, const std::string& name) {
  disk.fail_power();
  auto files = disk.open();
  auto held = files->read(name);
  return held ? held.value() : "-";
}

// Everything that may come of `story` on 300 disks: what is then in the file "a".
template <class Story>
std::set<std::string> outcomes(Story story) {
  std::set<std::string> seen;
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    sim_disk disk{seed};
    auto files = disk.open();
    story(disk, *files);
    seen.insert(after_failure(disk, "a"));
  }
  return seen;
}

using held = std::set<std::string>;

std::unique_ptr<output_port> durable_file(file_port& files, const std::string& name,
                                          std::string_view text) {
  auto file = files.create(name).value();
  REQUIRE(file->append(text));
  REQUIRE(file->sync());
  REQUIRE(files.sync_names());
  return file;
}

}  // namespace

TEST_CASE("what was synced stays, a name too", "[sim_disk][F16]") {
  CHECK(outcomes([](sim_disk&, file_port& files) { durable_file(files, "a", "one"); }) ==
        held{"one"});
}

TEST_CASE("bytes that were not synced survive up to any one of them", "[sim_disk][F16][X17]") {
  CHECK(outcomes([](sim_disk&, file_port& files) {
          REQUIRE(durable_file(files, "a", "one")->append(" 23"sv));
        }) == held{"one", "one ", "one 2", "one 23"});
}

TEST_CASE("a name that was not synced may be gone, though its bytes were", "[sim_disk][F16][X17]") {
  CHECK(outcomes([](sim_disk&, file_port& files) {
          auto file = files.create("a").value();
          REQUIRE(file->append("one"sv));
          REQUIRE(file->sync());
        }) == held{"-", "one"});
}

TEST_CASE("a file renamed before it was synced may be short", "[sim_disk][F16][X17]") {
  CHECK(outcomes([](sim_disk&, file_port& files) {
          REQUIRE(files.create("b").value()->append("12"sv));
          REQUIRE(files.rename("b", "a"));
          REQUIRE(files.sync_names());
        }) == held{"", "1", "12"});
}

TEST_CASE("a replacement is the old file or the new one", "[sim_disk][F16]") {
  CHECK(outcomes([](sim_disk&, file_port& files) {
          durable_file(files, "a", "old");
          durable_file(files, "b", "new");
          REQUIRE(files.replace("b", "a"));
        }) == held{"old", "new"});
}

TEST_CASE("changes of names survive each by itself or in order", "[sim_disk][F16]") {
  std::set<std::string> seen;
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    sim_disk disk{seed};
    auto files = disk.open();
    REQUIRE(files->create("a"));
    REQUIRE(files->create("b"));
    disk.fail_power();
    std::string all;
    const auto names = disk.open()->list().value();
    for (const auto& name : names) all += name;
    seen.insert(all);
  }
  CHECK(seen == held{"", "a", "b", "ab"});
}

TEST_CASE("a removal that was not synced may not have happened", "[sim_disk][F16]") {
  CHECK(outcomes([](sim_disk&, file_port& files) {
          durable_file(files, "a", "one");
          REQUIRE(files.remove("a"));
        }) == held{"-", "one"});
}

TEST_CASE("a cut that was not synced may not have happened", "[sim_disk][F16]") {
  CHECK(outcomes([](sim_disk&, file_port& files) {
          durable_file(files, "a", "one");
          REQUIRE(files.truncate("a", 1));
        }) == held{"o", "one"});
}

TEST_CASE("a sync that failed lies from then on", "[sim_disk][D7]") {
  CHECK(outcomes([](sim_disk& disk, file_port& files) {
          auto file = durable_file(files, "a", "one");
          REQUIRE(file->append(" 2"sv));
          disk.go_wrong_after(0, disk_fault::lost_sync);
          REQUIRE_FALSE(file->sync());
          REQUIRE(file->sync());
          CHECK(files.read("a").value() == "one 2");
        }) == held{"one"});
  CHECK(outcomes([](sim_disk& disk, file_port& files) {
          auto file = durable_file(files, "a", "one");
          REQUIRE(file->append(" 2"sv));
          disk.go_wrong_after(0, disk_fault::lost_sync);
          REQUIRE_FALSE(file->sync());
          REQUIRE(file->append(" 3"sv));
          REQUIRE(file->sync());
        }) == held{std::string("one\0\0 3", 7)});
  CHECK(outcomes([](sim_disk& disk, file_port& files) {
          REQUIRE(files.create("a"));
          disk.go_wrong_after(0, disk_fault::lost_sync);
          REQUIRE_FALSE(files.sync_names());
          REQUIRE(files.sync_names());
        }) == held{"-"});
}

TEST_CASE("a disk that is full takes what fits", "[sim_disk][F13]") {
  sim_disk disk{1};
  auto files = disk.open();
  auto file = files->create("a").value();
  disk.leave_room(2);
  const auto full = file->append("one"sv);
  REQUIRE_FALSE(full);
  CHECK(full.failure() ==
        error{error_code::no_space, "cannot write disk/a (no space left on device)"});
  CHECK(files->read("a").value() == "on");
  disk.leave_room({});
  CHECK(file->append("e"sv));
}

TEST_CASE("a call that goes wrong changes nothing, or writes a part", "[sim_disk][F14]") {
  sim_disk disk{1};
  auto files = disk.open();
  auto file = durable_file(*files, "a", "one");
  disk.go_wrong_after(0, disk_fault::io_error);
  disk.go_wrong_after(1, disk_fault::short_write);
  disk.go_wrong_after(2, disk_fault::io_error);
  CHECK_FALSE(file->append(" two"sv));
  CHECK(files->read("a").value() == "one");
  CHECK_FALSE(file->append(" three"sv));
  CHECK("one three"sv.starts_with(files->read("a").value()));
  CHECK(files->read("a").value() != "one three");
  CHECK_FALSE(files->remove("a"));
  CHECK(files->remove("a"));
}

TEST_CASE("a process that was killed loses nothing and does nothing more", "[sim_disk]") {
  sim_disk disk{1};
  auto files = disk.open();
  auto file = files->create("a").value();
  REQUIRE(file->append("one"sv));
  disk.kill();
  CHECK_FALSE(file->append("two"sv));
  CHECK_FALSE(files->remove("a"));
  CHECK(disk.open()->read("a").value() == "one");
}

TEST_CASE("the power fails within a step", "[sim_disk][F16]") {
  CHECK(outcomes([](sim_disk& disk, file_port& files) {
          auto file = durable_file(files, "a", "one");
          disk.fail_power_after(1);
          REQUIRE(file->append(" 2"sv));
          CHECK_FALSE(disk.dark());
          REQUIRE_FALSE(file->sync());
          CHECK(disk.dark());
          CHECK_FALSE(files.read("a"));
        }) == held{"one", "one ", "one 2"});
}

TEST_CASE("the same seed loses the same", "[sim_disk]") {
  const auto run = [](std::uint64_t seed) {
    sim_disk disk{seed};
    auto files = disk.open();
    for (const auto* name : {"a", "b", "c", "d"})
      REQUIRE(files->create(name).value()->append("some text"sv));
    disk.fail_power();
    auto again = disk.open();
    std::string all;
    const auto names = again->list().value();
    for (const auto& name : names) all += name + again->read(name).value();
    return all;
  };
  for (std::uint64_t seed = 1; seed <= 20; ++seed) CHECK(run(seed) == run(seed));
}

}  // namespace sluice::sim

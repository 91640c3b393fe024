#include "sluice/state/file_port.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sluice/sim/sim_disk.hpp"
#include "sluice/state/file_names.hpp"
#include "sluice/state/posix_files.hpp"
#include "sluice/tests/support/catch.hpp"
#include "sluice/tests/support/child_process.hpp"

namespace sluice {

namespace {

using names = std::vector<std::string>;

// A new, empty directory: a real one, or a simulated one.
struct some_files {
  explicit some_files(std::string_view kind) {
    files = kind == "posix" ? open_posix_files(folder.path()).value() : disk.open();
  }
  file_port* operator->() const { return files.get(); }

  scratch_folder folder;
  sim::sim_disk disk{1};
  std::unique_ptr<file_port> files;
};

some_files a_directory() {
  return some_files{GENERATE(as<std::string_view>{}, "posix", "simulated")};
}

void write(file_port& files, const std::string& name, std::string_view text) {
  auto file = files.create(name);
  REQUIRE(file);
  REQUIRE(file.value()->append(text));
  REQUIRE(file.value()->sync());
}

template <class T>
error_code code_of(const result<T>& failed) {
  REQUIRE_FALSE(failed);
  return failed.failure().code;
}

}  // namespace

TEST_CASE("a file is what was appended to it", "[file_port]") {
  auto in = a_directory();
  write(*in.files, "a", "one");
  auto more = in->append_to("a");
  REQUIRE(more);
  CHECK(more.value()->append(std::string_view{" two"}));
  CHECK(more.value()->append(std::string_view{}));
  CHECK(in->read("a").value() == "one two");
}

TEST_CASE("a file is larger than a block", "[file_port]") {
  auto in = a_directory();
  const std::string large(200'000, 'x');
  write(*in.files, "a", large);
  CHECK(in->read("a").value() == large);
}

TEST_CASE("a file that is there is not made again", "[file_port]") {
  auto in = a_directory();
  write(*in.files, "a", "one");
  const auto again = in->create("a");
  CHECK(code_of(again) == error_code::refused);
  CHECK(again.failure().message == "cannot create " + in->place() + "/a (file exists)");
  CHECK(in->read("a").value() == "one");
}

TEST_CASE("a file that is not there is not found", "[file_port]") {
  auto in = a_directory();
  const auto none = in->read("a");
  CHECK(code_of(none) == error_code::not_found);
  CHECK(none.failure().message == "cannot read " + in->place() + "/a (no such file or directory)");
  CHECK(code_of(in->append_to("a")) == error_code::not_found);
  CHECK(code_of(in->remove("a")) == error_code::not_found);
  CHECK(code_of(in->truncate("a", 0)) == error_code::not_found);
  CHECK(code_of(in->rename("a", "b")) == error_code::not_found);
  CHECK(code_of(in->replace("a", "b")) == error_code::not_found);
}

TEST_CASE("a rename never hides a file, a replacement does", "[file_port]") {
  auto in = a_directory();
  write(*in.files, "a", "one");
  write(*in.files, "b", "two");
  const auto onto = in->rename("a", "b");
  CHECK(code_of(onto) == error_code::refused);
  CHECK(onto.failure().message == "cannot rename " + in->place() + "/a to b (file exists)");
  CHECK(in->read("b").value() == "two");
  CHECK(in->rename("a", "c"));
  CHECK(in->replace("c", "b"));
  CHECK(in->read("b").value() == "one");
  CHECK(in->list().value() == names{"b"});
}

TEST_CASE("a file that is open keeps its bytes under another name", "[file_port]") {
  auto in = a_directory();
  auto file = in->create("a");
  REQUIRE(file);
  REQUIRE(in->rename("a", "b"));
  CHECK(file.value()->append(std::string_view{"late"}));
  CHECK(in->read("b").value() == "late");
}

TEST_CASE("a file is cut, and appended to behind the cut", "[file_port]") {
  auto in = a_directory();
  write(*in.files, "a", "one two");
  CHECK(in->truncate("a", 3));
  CHECK(in->append_to("a").value()->append(std::string_view{"!"}));
  CHECK(in->read("a").value() == "one!");
  CHECK(in->truncate("a", 6));
  CHECK(in->read("a").value() == std::string("one!\0\0", 6));
}

TEST_CASE("names are listed in order", "[file_port]") {
  auto in = a_directory();
  CHECK(in->list().value().empty());
  for (const auto* name : {"b", "a", ".c"}) write(*in.files, name, "");
  CHECK(in->list().value() == names{".c", "a", "b"});
  CHECK(in->remove("a"));
  CHECK(in->sync_names());
  CHECK(in->list().value() == names{".c", "b"});
}

TEST_CASE("a name leads nowhere else", "[file_port]") {
  auto in = a_directory();
  for (const std::string name : {"", ".", "..", "a/b", "../a", "/a"}) {
    CHECK(code_of(in->create(name)) == error_code::refused);
    CHECK(code_of(in->read(name)) == error_code::refused);
    CHECK(code_of(in->append_to(name)) == error_code::refused);
    CHECK(code_of(in->remove(name)) == error_code::refused);
    CHECK(code_of(in->rename("a", name)) != error_code::failed);
  }
  CHECK(code_of(in->create(std::string(256, 'a'))) == error_code::refused);
  CHECK(code_of(in->create(std::string("a\0b", 3))) == error_code::refused);
  write(*in.files, std::string(255, 'a'), "");
}

TEST_CASE("what is written durably is there under its name alone", "[file_port][D2]") {
  auto in = a_directory();
  REQUIRE(write_durably(*in.files, "a", std::string_view{"text"}));
  CHECK(in->read("a").value() == "text");
  CHECK(in->list().value() == names{"a"});
  const auto again = write_durably(*in.files, "a", std::string_view{"other"});
  CHECK(code_of(again) == error_code::refused);
  CHECK(in->read("a").value() == "text");
  CHECK(in->list().value() == names{"a"});
}

TEST_CASE("what is replaced durably is new at once", "[file_port]") {
  auto in = a_directory();
  for (const std::string_view text : {"old and longer", "new"}) {
    REQUIRE(replace_durably(*in.files, "a", text));
    CHECK(in->read("a").value() == text);
    CHECK(in->list().value() == names{"a"});
  }
}

TEST_CASE("what a dead writer left does not hinder the next", "[file_port][D2]") {
  auto in = a_directory();
  write(*in.files, temporary_name("a"), "half and more than the whole");
  REQUIRE(write_durably(*in.files, "a", std::string_view{"text"}));
  CHECK(in->read("a").value() == "text");
  CHECK(in->list().value() == names{"a"});
}

TEST_CASE("power fails at every step of a durable write: all of it is there, or nothing",
          "[file_port][D2][F16][X17][X24]") {
  const std::string text = "the whole of it";
  std::uint64_t steps = 0;
  for (bool written = false; !written; ++steps)
    for (std::uint64_t seed = 1; seed <= 100; ++seed) {
      sim::sim_disk disk{seed * 1000 + steps};
      auto files = disk.open();
      write(*files, temporary_name("a"), "left by a dead writer");
      disk.fail_power_after(steps);
      written = static_cast<bool>(write_durably(*files, "a", text));
      disk.fail_power();
      const auto held = disk.open()->read("a");
      INFO("seed " << seed << ", step " << steps);
      if (held) CHECK(held.value() == text);
      if (written) REQUIRE(held);
    }
  CHECK(steps == 7);  // remove, create, write, sync, rename, sync names; then none fails
}

TEST_CASE("power fails at every step of a replacement: it is the old file or the new one",
          "[file_port][F16][X17][X24]") {
  const std::string old_text = "the old text", new_text = "and the new";
  std::uint64_t steps = 0;
  for (bool replaced = false; !replaced; ++steps)
    for (std::uint64_t seed = 1; seed <= 100; ++seed) {
      sim::sim_disk disk{seed * 1000 + steps};
      auto files = disk.open();
      REQUIRE(write_durably(*files, "a", old_text));
      disk.fail_power_after(steps);
      replaced = static_cast<bool>(replace_durably(*files, "a", new_text));
      disk.fail_power();
      const auto held = disk.open()->read("a");
      INFO("seed " << seed << ", step " << steps);
      REQUIRE(held);
      CHECK((held.value() == new_text || (!replaced && held.value() == old_text)));
    }
  CHECK(steps == 6);  // create, write, sync, replace, sync names; then none fails
}

TEST_CASE("every step of a durable write goes wrong: what stands under the name is whole",
          "[file_port][D2][F13][F14]") {
  const std::string text = "the whole of it";
  const auto fault =
      GENERATE(sim::disk_fault::io_error, sim::disk_fault::short_write, sim::disk_fault::lost_sync);
  std::uint64_t wrong = 0;
  for (bool written = false; !written; ++wrong) {
    sim::sim_disk disk{wrong};
    auto files = disk.open();
    disk.go_wrong_after(wrong, fault);
    written = static_cast<bool>(write_durably(*files, "a", text));
    const auto held = files->read("a");
    if (held) CHECK(held.value() == text);
    CHECK_FALSE(files->read(temporary_name("a")));
  }
  CHECK(wrong == 6);

  sim::sim_disk disk{1};
  auto files = disk.open();
  disk.leave_room(text.size() - 1);
  CHECK(code_of(write_durably(*files, "a", text)) == error_code::no_space);
  CHECK(files->list().value().empty());
}

TEST_CASE("a full device is told as such", "[posix_files]") {
  const scratch_folder folder;
  std::filesystem::create_symlink("/dev/full", folder.file("full"));
  auto files = open_posix_files(folder.path()).value();
  auto file = files->append_to("full");
  REQUIRE(file);
  const auto full = file.value()->append(std::string_view{"text"});
  CHECK(code_of(full) == error_code::no_space);
  CHECK(full.failure().message ==
        "cannot write " + folder.path() + "/full (no space left on device)");
  const auto synced = file.value()->sync();  // what is no file cannot be made durable
  CHECK(code_of(synced) == error_code::failed);
  CHECK(synced.failure().message == "cannot sync " + folder.path() + "/full (invalid argument)");
}

TEST_CASE("a directory is made with what leads to it", "[posix_files]") {
  const scratch_folder folder;
  for (const auto* below : {"a/b/c", "a/b/d/"}) {
    const auto files = open_posix_files(folder.file(below));
    REQUIRE(files);
    CHECK(files.value()->place() == folder.file(below));
    CHECK(std::filesystem::is_directory(folder.file(below)));
  }
  folder.write("file", "");
  const auto file = open_posix_files(folder.file("file/below"));
  CHECK(code_of(file) == error_code::not_found);
  CHECK_THAT(file.failure().message, Catch::Contains(folder.file("file")));
}

TEST_CASE("a directory stays what it is when its path does not", "[posix_files]") {
  const scratch_folder folder;
  auto files = open_posix_files(folder.file("a")).value();
  write(*files, "one", "text");
  std::filesystem::rename(folder.file("a"), folder.file("b"));
  std::filesystem::create_directory(folder.file("a"));
  CHECK(files->read("one").value() == "text");
  CHECK(files->list().value() == names{"one"});
}

}  // namespace sluice

#include "sluice/links/key_file.hpp"

#include <set>
#include <string>

#include <sys/stat.h>
#include <unistd.h>

#include "sluice/links/curve_keys.hpp"
#include "sluice/tests/support/catch.hpp"
#include "sluice/tests/support/child_process.hpp"

namespace sluice {

namespace {

mode_t mode_of(const std::string& path) {
  struct stat found {};
  REQUIRE(::stat(path.c_str(), &found) == 0);
  return found.st_mode & 07777;
}

// What is said of a key file, which must not be any part of its secret.
std::string problem(const std::string& path, const std::string& secret) {
  const auto read = read_key_file(path);
  REQUIRE_FALSE(read);
  CHECK(read.failure().message.find(secret.substr(0, 8)) == std::string::npos);
  return read.failure().message;
}

}  // namespace

TEST_CASE("keys are drawn, and the halves of different ones do not belong together",
          "[key_file][F1501]") {
  std::set<std::string> drawn;
  for (int i = 0; i < 1'000; ++i) {
    const key_pair keys = new_key_pair();
    CHECK(keys.public_key.find("${") == std::string::npos);
    drawn.insert(keys.public_key);
    if (i % 100 == 0) {
      CHECK(belong_together(keys));
      CHECK_FALSE(belong_together({keys.public_key, new_key_pair().secret_key}));
    }
  }
  CHECK(drawn.size() == 1'000);
  CHECK_FALSE(belong_together({}));
}

TEST_CASE("a key file is written once, for its owner alone, and read back", "[key_file][F1501]") {
  const mode_t mask = GENERATE(0, 022, 0277);
  scratch_folder folder;
  const std::string path = folder.file("a.key");
  const node_key key{"a", new_key_pair()};
  const mode_t before = ::umask(mask);
  const auto written = write_key_file(path, key);
  ::umask(before);
  REQUIRE(written);
  CHECK(mode_of(path) == 0600);
  const node_key read = read_key_file(path).value();
  CHECK(read.node == "a");
  CHECK(read.keys.public_key == key.keys.public_key);
  CHECK(read.keys.secret_key == key.keys.secret_key);

  const auto again = write_key_file(path, {"a", new_key_pair()});
  REQUIRE_FALSE(again);
  CHECK(again.failure() ==
        error{error_code::refused, "cannot write key file: " + path + " (File exists)"});
  CHECK(folder.read("a.key") == key_file_text(key));
}

TEST_CASE("a key file that others might read or change is refused with its mode",
          "[key_file][F1501]") {
  scratch_folder folder;
  const std::string path = folder.file("a.key");
  const node_key key{"a", new_key_pair()};
  REQUIRE(write_key_file(path, key));
  const std::string& secret = key.keys.secret_key;
  struct wrong_mode {
    mode_t mode;
    std::string text;
  };
  for (const auto& [mode, text] :
       {wrong_mode{0644, "0644"}, wrong_mode{0640, "0640"}, wrong_mode{0660, "0660"},
        wrong_mode{0604, "0604"}, wrong_mode{0700, "0700"}, wrong_mode{04600, "4600"}}) {
    REQUIRE(::chmod(path.c_str(), mode) == 0);
    CHECK(problem(path, secret) ==
          "key file is not to be trusted: " + path + " (mode " + text + ", must be 0600)");
  }
  REQUIRE(::chmod(path.c_str(), 0600) == 0);
  CHECK(read_key_file(path));

  const std::string open = folder.file("open");
  REQUIRE(::mkdir(open.c_str(), 0700) == 0);
  REQUIRE(write_key_file(open + "/a.key", key));
  REQUIRE(::chmod(open.c_str(), 0777) == 0);
  const std::string everyone =
      "everyone may write to the directory of a key file: " + open + " (mode 0777)";
  CHECK(problem(open + "/a.key", secret) == everyone);
  CHECK(write_key_file(open + "/b.key", key).failure().message == everyone);
  CHECK_FALSE(folder.has("open/b.key"));
  REQUIRE(::chmod(open.c_str(), 01777) == 0);  // as /tmp is
  CHECK(read_key_file(open + "/a.key"));
}

TEST_CASE("what is no key file is refused without its content", "[key_file][F1501]") {
  scratch_folder folder;
  const std::string path = folder.file("a.key");
  const node_key key{"a", new_key_pair()};
  const std::string& secret = key.keys.secret_key;
  const auto with = [&](const std::string& text) {
    folder.write("a.key", text);
    REQUIRE(::chmod(path.c_str(), 0600) == 0);
    return problem(path, secret);
  };
  CHECK(problem(path, secret) == "cannot open key file: " + path + " (No such file or directory)");
  CHECK(with(secret) == "not a key file: " + path + " (line 1 of a key file is: sluice-key 1)");
  CHECK(with(std::string(2'000, 'x')) == "not a key file: " + path + " (too long)");
  CHECK(with(key_file_text({"a", {new_key_pair().public_key, secret}})) ==
        "not a key file: " + path + " (its public and its secret half do not belong together)");
  const std::string none = folder.file("none") + "/a.key";
  CHECK(problem(none, secret) == "cannot look at the directory of a key file: " +
                                     folder.file("none") + " (No such file or directory)");
  const std::string pipe = folder.file("pipe");
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  CHECK(problem(pipe, secret) == "key file is not to be trusted: " + pipe + " (no regular file)");
}

}  // namespace sluice

#include <string>
#include <vector>

#include <sys/stat.h>

#include "sluice/links/key_file.hpp"
#include "sluice/tests/support/catch.hpp"
#include "sluice/tests/support/child_process.hpp"

namespace sluice {
namespace {

finished_child keys(std::vector<std::string> words, const child_options& options = {}) {
  words.insert(words.begin(), {SLUICE_RUN_PROGRAM, "keys"});
  return run_child(std::move(words), options);
}

void refused(const finished_child& child, const std::string& why) {
  CHECK(child.exit_code == 2);
  CHECK(child.out == "");
  CHECK(child.err == "run_program: " + why + "\n");
}

TEST_CASE("keys new makes a key file and prints the line for the allow-list", "[run][U27][F1501]") {
  scratch_folder folder;
  const child_options here{.folder = folder.path()};
  const auto made = keys({"new", "worker-1"}, here);
  CHECK(made.exit_code == 0);
  const node_key key = read_key_file(folder.file("worker-1.key")).value();
  CHECK(key.node == "worker-1");
  CHECK(made.out == "worker-1 = \"data " + key.keys.public_key + "\"\n");
  CHECK(
      made.err.starts_with("wrote ./worker-1.key: it stays with the node, and secret; the line "
                           "goes to [cluster.keys] of every node"));
  CHECK((made.out + made.err).find(key.keys.secret_key) == std::string::npos);
  const std::string value = made.out.substr(12, made.out.size() - 14);
  CHECK(read_allowed_key("worker-1", value).value() ==
        allowed_key{"worker-1", node_role::data, key.keys.public_key});

  refused(keys({"new", "worker-1"}, here), "cannot write key file: ./worker-1.key (File exists)");
  CHECK(read_key_file(folder.file("worker-1.key")).value().keys.public_key == key.keys.public_key);

  REQUIRE(::mkdir(folder.file("keys").c_str(), 0700) == 0);
  const auto quiet = keys({"new", "b c", "--dir", "keys", "-q"}, here);
  CHECK(quiet.err == "");
  CHECK(quiet.out.starts_with("\"b c\" = \"data "));
  CHECK(folder.has("keys/b c.key"));
  CHECK(
      keys({"new", "d"}, {.environment = {"SLUICE_DIR=keys"}, .folder = folder.path()}).exit_code ==
      0);
  CHECK(folder.has("keys/d.key"));
}

TEST_CASE("keys show prints the public part alone", "[run][U27][F1501]") {
  scratch_folder folder;
  const child_options here{.folder = folder.path()};
  const auto made = keys({"new", "a"}, here);
  const auto shown = keys({"show", "a.key"}, here);
  CHECK(shown.exit_code == 0);
  CHECK(shown.out == made.out);
  CHECK(shown.err == "");
  REQUIRE(::chmod(folder.file("a.key").c_str(), 0644) == 0);
  refused(keys({"show", "a.key"}, here),
          "key file is not to be trusted: a.key (mode 0644, must be 0600)");
  refused(keys({"show", "none.key"}, here),
          "cannot open key file: none.key (No such file or directory)");
}

TEST_CASE("what keys does not understand is refused with what is right", "[run][U27]") {
  scratch_folder folder;
  const child_options here{.folder = folder.path()};
  refused(keys({}), "word missing: keys new NAME, or keys show FILE");
  refused(keys({"nwe", "a"}), "unknown word of keys: nwe (new or show)");
  refused(keys({"frobnicate"}), "unknown word of keys: frobnicate (new or show)");
  refused(keys({"new"}), "word missing: keys new NAME");
  refused(keys({"show"}), "word missing: keys show FILE");
  refused(keys({"new", "a", "b"}, here), "unexpected argument: b");
  refused(keys({"new", "a/b"}, here), "a node cannot be named so: a/b");
  refused(keys({"new", ".."}, here), "a node cannot be named so: ..");
  refused(keys({"new", "a", "--dir", "none"}, here),
          "cannot look at the directory of a key file: none (No such file or directory)");
  refused(keys({"show", "a.key", "--dir", "x"}, here), "--dir does not go with keys show");
  refused(keys({"new", "a", "--stats"}, here), "--stats does not go with keys");
  refused(run_child({SLUICE_RUN_PROGRAM, "run", "--dir", "x"}), "--dir does not go with run");
  CHECK_FALSE(folder.has("a.key"));
  const auto help = run_child({SLUICE_RUN_PROGRAM, "help", "keys"});
  for (const char* word : {"WORD", "new or show", "NAME", "--dir DIR"})
    CHECK(help.out.find(word) != std::string::npos);
}

}  // namespace
}  // namespace sluice

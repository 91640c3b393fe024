#include "sluice/graph/cluster_keys.hpp"

#include "sluice/links/curve_keys.hpp"
#include "sluice/links/key_file.hpp"
#include "sluice/tests/support/catch.hpp"
#include "sluice/tests/support/child_process.hpp"

namespace sluice {

namespace {

struct two_keys {
  scratch_folder folder;
  key_pair a = new_key_pair(), b = new_key_pair();
  std::string own = folder.file("a.key");

  two_keys() { REQUIRE(write_key_file(own, {"a", a})); }
  std::string lines() const {
    return "# who may connect\n\n" + allowed_key_line({"a", node_role::coordinator, a.public_key}) +
           "\n" + allowed_key_line({"b", node_role::data, b.public_key}) + "\n";
  }
  std::string why(const std::string& key, const std::string& allowed,
                  const std::string& self = "a") const {
    const auto read = read_cluster_keys(key, allowed, self);
    return read ? "" : read.failure().message;
  }
};

}  // namespace

TEST_CASE("without key files there are no keys", "[cluster_keys]") {
  const auto none = read_cluster_keys("", "", "a");
  REQUIRE(none);
  CHECK_FALSE(none.value());
}

TEST_CASE("a node has its own key and those who may connect", "[cluster_keys][F1501]") {
  two_keys of;
  const auto keys = read_cluster_keys(of.own, of.folder.write("allowed", of.lines()), "a");
  REQUIRE(keys);
  REQUIRE(keys.value());
  CHECK(keys.value()->own.secret_key == of.a.secret_key);
  CHECK(keys.value()->allowed ==
        std::vector<allowed_key>{{"a", node_role::coordinator, of.a.public_key},
                                 {"b", node_role::data, of.b.public_key}});
}

TEST_CASE("what is wrong with the keys of a node is said with its place", "[cluster_keys][F1501]") {
  two_keys of;
  const std::string allowed = of.folder.write("allowed", of.lines());
  CHECK(of.why(of.own, "").starts_with("cluster.key needs cluster.allowed"));
  CHECK(of.why("", allowed).starts_with("cluster.allowed needs cluster.key"));
  CHECK(of.why(of.own, allowed, "b") == of.own + ": is the key of a, not of b");
  CHECK(of.why(of.own, of.folder.file("none")).starts_with("cannot read "));
  const std::string empty = of.folder.write("empty", "# nobody\n");
  CHECK(of.why(of.own, empty) == empty + ": nobody is allowed to connect");
  const std::string wrong = of.folder.write("wrong", of.lines() + "c: data\n");
  CHECK(of.why(of.own, wrong).starts_with(wrong + ":5: "));
  CHECK(of.why(of.own, of.folder.write("role", "c = \"boss key\"\n")).find("role:1: ") !=
        std::string::npos);
}

}  // namespace sluice

#include "sluice/links/connection_name.hpp"

#include "sluice/tests/support/catch.hpp"

namespace sluice {

TEST_CASE("a routing id names node, incarnation and connection", "[connection_name]") {
  const connection_name name{"worker-1", {{1, UINT64_MAX}}, 17};
  CHECK(to_routing_id(name) == "worker-1/0000000000000001ffffffffffffffff/17");
  CHECK(read_routing_id(to_routing_id(name)) == name);
  const connection_name longest{std::string(most_node_bytes, 'n'), {{5, 6}}, UINT64_MAX};
  CHECK(to_routing_id(longest).size() <= 255);
  CHECK(read_routing_id(to_routing_id(longest)) == longest);
}

TEST_CASE("a routing id that was not made is not read", "[connection_name][F17]") {
  const std::string half = "0000000000000001";
  for (const std::string& id :
       {std::string(), std::string("\0\x01\x02\x03\x04", 5), std::string("/"),
        "/" + half + half + "/1", "w/" + half + "/1", "w/" + half + half, "w/" + half + half + "/",
        "w/" + half + half + "/01", "w/" + half + half + "/-1", "w/" + half + half + "/1x",
        "w/" + half + half + "01", "w/" + half + "000000000000000G/1",
        "w/" + half + "000000000000000A/1", "w/" + half + half + "/18446744073709551616",
        "caf\xe9/" + half + half + "/1",
        std::string(most_node_bytes + 1, 'n') + "/" + half + half + "/1"}) {
    CAPTURE(id);
    CHECK_FALSE(read_routing_id(id));
  }
}

TEST_CASE("a node has a name that fits a routing id", "[connection_name]") {
  CHECK(is_node_name("größer"));
  CHECK_FALSE(is_node_name(""));
  CHECK_FALSE(is_node_name("a/b"));
  CHECK_FALSE(is_node_name(std::string("a\0b", 3)));
  CHECK_FALSE(is_node_name("caf\xe9"));
}

}  // namespace sluice

#include "sluice/graph/cluster.hpp"

#include "sluice/tests/support/catch.hpp"

namespace sluice {

namespace {

std::string wrong_in(std::string_view text) {
  const auto nodes = read_nodes(text);
  return nodes ? "nothing" : nodes.failure().message;
}

bool says(const std::string& message, std::string_view part) {
  return message.find(part) != message.npos;
}

}  // namespace

TEST_CASE("nodes are read from names and addresses, control beside the data", "[cluster]") {
  const auto nodes = read_nodes("a=ipc:///tmp/x/a, b=tcp://127.0.0.1:4000 ,c=tcp://[::1]:65534");
  REQUIRE(nodes);
  CHECK(nodes.value() ==
        std::vector<node_address>{{"a", "ipc:///tmp/x/a", "ipc:///tmp/x/a.control"},
                                  {"b", "tcp://127.0.0.1:4000", "tcp://127.0.0.1:4001"},
                                  {"c", "tcp://[::1]:65534", "tcp://[::1]:65535"}});
  const auto again = read_nodes(nodes_text(nodes.value()));
  REQUIRE(again);
  CHECK(again.value() == nodes.value());
}

TEST_CASE("what is wrong with a node is said with its entry", "[cluster][F21]") {
  CHECK(wrong_in("") == "no node is named");
  const std::string many_letters(201, 'n');
  for (const std::string& entry :
       {std::string{"b"}, std::string{"=ipc:///b"}, std::string{"b/c=ipc:///b"},
        many_letters + "=ipc:///b", std::string{"b=ipc://"}, std::string{"b=http://host:1"},
        std::string{"b=tcp://host"}, std::string{"b=tcp://host:"}, std::string{"b=tcp://host:0"},
        std::string{"b=tcp://host:65535"}, std::string{"b=tcp://host:12x"},
        std::string{"b=tcp://host:-1"}, std::string{"b=tcp://host:99999999999"},
        std::string{"a=ipc:///other"}, std::string{"b=ipc:///a"}}) {
    INFO(entry);
    CHECK(says(wrong_in("a=ipc:///a," + entry), "node \"" + entry + "\": "));
  }
  CHECK(says(wrong_in("a=ipc:///a,,b=ipc:///b"), "node \"\": "));
  CHECK(says(wrong_in("b=tcp://host:0"), "from 1 to 65534"));
}

TEST_CASE("ports of two nodes do not run into each other", "[cluster][F21]") {
  CHECK(says(wrong_in("a=tcp://127.0.0.1:4000,b=tcp://127.0.0.1:4001"),
             "node \"b=tcp://127.0.0.1:4001\": "));
  CHECK(says(wrong_in("b=tcp://127.0.0.1:4001,a=tcp://127.0.0.1:4000"),
             "node \"a=tcp://127.0.0.1:4000\": "));
  CHECK(says(wrong_in("a=ipc:///a,b=ipc:///a.control"), "node \"b=ipc:///a.control\": "));
  CHECK(read_nodes("a=tcp://127.0.0.1:4000,b=tcp://127.0.0.1:4002"));
}

TEST_CASE("a node knows its address, and whether it is the first", "[cluster]") {
  const cluster of{local_nodes(2, "/tmp/x"), "node-2"};
  CHECK_FALSE(of.is_first());
  CHECK(cluster{of.nodes, "node-1"}.is_first());
  CHECK(of.address() ==
        node_address{"node-2", "ipc:///tmp/x/node-2", "ipc:///tmp/x/node-2.control"});
}

}  // namespace sluice

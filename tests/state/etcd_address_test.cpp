#include "sluice/state/etcd_address.hpp"

#include "sluice/tests/support/catch.hpp"

namespace sluice {

TEST_CASE("an address of etcd names servers and the place of a run", "[etcd_address]") {
  const auto one = parse_etcd_address("etcd://127.0.0.1:2379/sluice/fraud").value();
  CHECK(one == etcd_address{{"http://127.0.0.1:2379"}, "/sluice/fraud", ""});
  CHECK(one.key("truth") == "/sluice/fraud/truth");
  CHECK(parse_etcd_address("etcd://a-1.b:1,[::1]:65535/x_y.z").value() ==
        etcd_address{{"http://a-1.b:1", "http://[::1]:65535"}, "/x_y.z", ""});
  CHECK(parse_etcd_address("etcds://db:2379/f").value() ==
        etcd_address{{"https://db:2379"}, "/f", ""});
  CHECK(parse_etcd_address("etcds://db:2379/f?ca=/etc/ca.pem").value() ==
        etcd_address{{"https://db:2379"}, "/f", "/etc/ca.pem"});
}

TEST_CASE("what is wrong with an address is told with its place", "[etcd_address]") {
  const auto [text, problem] = GENERATE(table<std::string, std::string>({
      {"file:///x", "character 1: etcd:// or etcds:// expected"},
      {"etcd://", "character 8: a host expected"},
      {"etcd:///x", "character 8: a host expected"},
      {"etcd://a/x", "character 9: : and a port expected"},
      {"etcd://a:/x", "character 10: a port from 1 to 65535 expected"},
      {"etcd://a:0/x", "character 10: a port from 1 to 65535 expected"},
      {"etcd://a:65536/x", "character 10: a port from 1 to 65535 expected"},
      {"etcd://a:1,/x", "character 12: a host expected"},
      {"etcd://a:1,b/x", "character 13: : and a port expected"},
      {"etcd://[::1:1/x", "character 14: ] expected"},
      {"etcd://[]:1/x", "character 10: a host expected"},
      {"etcd://a:1", "character 11: a slash and the name of the run expected"},
      {"etcd://a:1/", "character 12: a name of letters, digits, dots, _ and - expected"},
      {"etcd://a:1/x/", "character 14: a name of letters, digits, dots, _ and - expected"},
      {"etcd://a:1/x y", "character 13: the end expected"},
      {"etcd://a:1/x?ca=/f", "character 13: the end expected"},
      {"etcds://a:1/x?cb=/f", "character 14: ?ca=FILE or the end expected"},
      {"etcds://a:1/x?ca=", "character 18: a file expected"},
  }));
  const auto read = parse_etcd_address(text);
  REQUIRE_FALSE(read);
  CHECK(read.failure().message == text + ": " + problem);
}

}  // namespace sluice

#include "sluice/state/etcd_json.hpp"

#include "sluice/tests/support/catch.hpp"

namespace sluice {

namespace {

const std::string head =
    R"("header":{"cluster_id":"77","member_id":"1","revision":"5","raft_term":"2"})";

std::string wrong(const auto& answer) {
  REQUIRE_FALSE(answer);
  CHECK(answer.failure().code == error_code::malformed);
  return answer.failure().message;
}

}  // namespace

TEST_CASE("a write is one transaction on the condition of a revision", "[etcd_json]") {
  CHECK(etcd_put_request("foo", 3, "bar") ==
        R"({"compare":[{"key":"Zm9v","target":"MOD","result":"EQUAL","mod_revision":"3"}],)"
        R"("success":[{"request_put":{"key":"Zm9v","value":"YmFy"}}],)"
        R"("failure":[{"request_range":{"key":"Zm9v"}}]})");
  CHECK(etcd_put_request("foo", 0, "bar", 9).find(R"("value":"YmFy","lease":"9"})") !=
        std::string::npos);
}

TEST_CASE("answers of etcd are understood", "[etcd_json]") {
  const etcd_head from{"77", 5};
  const auto nothing = read_etcd_range("{" + head + "}").value();
  CHECK(nothing.head == from);
  CHECK_FALSE(nothing.found);
  const std::string kvs = R"("kvs":[{"key":"Zm9v","mod_revision":"4","value":"YmFy"}],"count":"1")";
  CHECK(read_etcd_range("{" + head + "," + kvs + "}").value().found == etcd_value{"bar", 4});

  const auto written =
      read_etcd_put("{" + head + R"(,"succeeded":true,"responses":[{"response_put":{}}]})").value();
  CHECK(written.written);
  CHECK(written.head == from);
  const auto refused =
      read_etcd_put("{" + head + R"(,"responses":[{"response_range":{)" + kvs + "}}]}").value();
  CHECK_FALSE(refused.written);
  CHECK(refused.found == etcd_value{"bar", 4});

  CHECK(read_etcd_grant("{" + head + R"(,"ID":"12","TTL":"2"})").value() == etcd_lease{12, 2});
  CHECK(read_etcd_keep_alive(R"({"result":{)" + head + R"(,"ID":"12","TTL":"2"}})").value() ==
        etcd_lease{12, 2});
  CHECK(read_etcd_keep_alive(R"({"result":{)" + head + R"(,"ID":"12"}})").value() ==
        etcd_lease{12, 0});
  CHECK(read_etcd_reason(R"({"error":"no","message":"no","code":5})") == "no");
  CHECK(read_etcd_reason("<html>") == "");
}

TEST_CASE("what is no answer of etcd is told", "[etcd_json]") {
  const std::string start = "this is no answer of etcd: ";
  CHECK(wrong(read_etcd_range("")) == start + "no JSON");
  CHECK(wrong(read_etcd_range("<html>")) == start + "no JSON");
  CHECK(wrong(read_etcd_range("{")) == start + "no JSON");
  CHECK(wrong(read_etcd_range("[]")) == start + "an object expected around header");
  CHECK(wrong(read_etcd_range("{}")) == start + "the header names no cluster");
  CHECK(wrong(read_etcd_range(R"({"header":{"cluster_id":"7","revision":5}})")) ==
        start + "revision is not a text");
  CHECK(wrong(read_etcd_range(R"({"header":{"cluster_id":"7","revision":"x"}})")) ==
        start + "revision is not a number");
  const auto kvs = [](const std::string& of) { return "{" + head + R"(,"kvs":)" + of + "}"; };
  CHECK(wrong(read_etcd_range(kvs("{}"))) == start + "kvs is not a list");
  CHECK(wrong(read_etcd_range(kvs(R"([{"value":"YmFy"}])"))) ==
        start + "the value has no revision");
  CHECK(wrong(read_etcd_range(kvs(R"([{"value":"?","mod_revision":"4"}])"))) ==
        start + "the value is not base64");
  CHECK(wrong(read_etcd_range(kvs(R"([{"mod_revision":"4"},{"mod_revision":"5"}])"))) ==
        start + "kvs has more than one entry");
  CHECK(wrong(read_etcd_put("{" + head + R"(,"succeeded":true})")) ==
        start + "the answer to the write is missing");
  CHECK(wrong(read_etcd_put("{" + head + R"(,"succeeded":1})")) ==
        start + "succeeded is neither true nor false");
  CHECK(wrong(read_etcd_put("{" + head + R"(,"responses":[{"response_put":{}}]})")) ==
        start + "the answer to the write is missing");
  CHECK(wrong(read_etcd_grant("{" + head + "}")) == start + "no lease is granted");
  CHECK(wrong(read_etcd_keep_alive(R"({"error":{}})")) == start + "no lease is kept alive");
}

}  // namespace sluice

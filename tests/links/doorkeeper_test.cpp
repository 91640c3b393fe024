#include "sluice/links/doorkeeper.hpp"

#include "sluice/tests/support/catch.hpp"

namespace sluice {

namespace {

using texts = std::vector<std::string>;

key_value key_of(unsigned char fill) {
  key_value key{};
  key.fill(fill);
  return key;
}

texts request_with(const key_value& key) {
  return {"1.0", "7", "sluice", "10.0.0.9", "", "CURVE", std::string(key.begin(), key.end())};
}

}  // namespace

TEST_CASE("only a key in the list is let in, as the node it stands for", "[doorkeeper][F1501]") {
  const allow_list allowed =
      allow_list::of({{"worker-1", node_role::data, to_z85(key_of(1))}}).value();
  const door_answer known = answer_at_door(request_with(key_of(1)), allowed);
  CHECK(known.let_in);
  CHECK(known.parts == texts{"1.0", "7", "200", "", "worker-1", ""});
  const door_answer unknown = answer_at_door(request_with(key_of(2)), allowed);
  CHECK_FALSE(unknown.let_in);
  CHECK(unknown.parts == texts{"1.0", "7", "400", "unknown key", "", ""});
  CHECK(unknown.refused == "key " + to_z85(key_of(2)) + " of 10.0.0.9: not in the allow-list");
}

TEST_CASE("what is no request with a key is not let in", "[doorkeeper][F1501]") {
  const allow_list allowed = allow_list::of({{"a", node_role::data, to_z85(key_of(1))}}).value();
  const texts right = request_with(key_of(1));
  REQUIRE(answer_at_door(right, allowed).let_in);
  for (const std::size_t part : {0u, 2u, 5u, 6u}) {  // version, domain, mechanism, key
    texts wrong = right;
    wrong[part] += "x";
    INFO(part);
    CHECK(answer_at_door(wrong, allowed).parts == texts{"1.0", "7", "400", "CURVE only", "", ""});
  }
  texts plain = right;
  plain[5] = "PLAIN";
  plain.push_back("secret");
  CHECK_FALSE(answer_at_door(plain, allowed).let_in);
  plain.resize(6);
  plain[5] = "NULL";
  CHECK_FALSE(answer_at_door(plain, allowed).let_in);
  CHECK_FALSE(answer_at_door({}, allowed).let_in);
}

}  // namespace sluice

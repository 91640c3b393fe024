#include "sluice/connectors/collect.hpp"

#include <string>
#include <vector>

#include "sluice/connectors/each.hpp"
#include "sluice/connectors/nothing.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice {

namespace {

struct word {
  std::string_view text;
};
SLUICE_RECORD(word, text);

struct number {
  int value;
};
SLUICE_RECORD(number, value);

batch_ptr words(std::initializer_list<std::string> texts) {
  batch_builder<word> out{buffer_pool{}};
  for (const auto& text : texts) out.push({text});
  return out.take();
}

std::vector<std::string> texts(const std::vector<word>& rows) {
  std::vector<std::string> all;
  for (const auto& row : rows) all.emplace_back(row.text);
  return all;
}

using list = std::vector<std::string>;

sink_context instance(std::size_t i, const schema& fields = schema_of<word>()) {
  return {"out", i, 2, &fields};
}

}  // namespace

TEST_CASE("collected rows keep their text and the epoch they came in", "[collect]") {
  const auto seen = std::make_shared<collected<word>>();
  const to::collect sink{seen};
  auto first = sink.open(instance(0)), second = sink.open(instance(1));
  REQUIRE(first);
  REQUIRE(second);
  REQUIRE(first.value()->write(*words({"a", "b"})));
  REQUIRE(second.value()->write(*words({"c"})));
  REQUIRE(first.value()->flush({1}));
  REQUIRE(first.value()->write(*words({"d"})));
  CHECK(texts(seen->rows_of({1})) == list{"a", "b"});
  REQUIRE(second.value()->flush({1}));
  REQUIRE(first.value()->flush({2}));
  REQUIRE(first.value()->flush({3}));

  CHECK(seen->size() == 4);
  CHECK(texts(seen->rows()) == list{"a", "b", "c", "d"});
  CHECK(texts(seen->rows_of({1})) == list{"a", "b", "c"});
  CHECK(texts(seen->rows_of({2})) == list{"d"});
  CHECK(texts(seen->rows_of({3})) == list{});
  CHECK(seen->epochs() == std::vector<epoch_id>{{1}, {2}, {3}});
}

TEST_CASE("a sink of another record is refused", "[collect]") {
  const auto refused =
      to::collect{std::make_shared<collected<word>>()}.open(instance(0, schema_of<number>()));
  REQUIRE_FALSE(refused);
  CHECK(refused.failure().message == "sink out takes records word, not number");
  CHECK_FALSE(to::each<word>{[](const batch<word>&) {}}.open(instance(0, schema_of<number>())));
}

TEST_CASE("the fields of the rows may have other names than those of the record", "[collect]") {
  const schema renamed{"count", {{"times", column_type::int32, false}}};
  const auto seen = std::make_shared<collected<number>>();
  auto writer = to::collect{seen}.open(instance(0, renamed));
  REQUIRE(writer);
  batch_builder<number> out{buffer_pool{}, {}, renamed};
  out.push({7});
  REQUIRE(writer.value()->write(*out.take()));
  CHECK(seen->rows().at(0).value == 7);
  const schema longer{"count",
                      {{"times", column_type::int32, false}, {"x", column_type::int32, false}}};
  CHECK_FALSE(to::collect{seen}.open(instance(0, longer)));
  const schema maybe{"count", {{"times", column_type::int32, true}}};
  CHECK_FALSE(to::collect{seen}.open(instance(0, maybe)));
}

TEST_CASE("a function is called for every batch, one copy an instance", "[each]") {
  list seen;
  int calls = 0;
  const to::each<word> sink{[&seen, &calls, own = 0](const batch<word>& rows) mutable {
    calls = ++own;
    for (std::size_t i = 0; i < rows.size(); ++i) seen.emplace_back(rows[i].text);
  }};
  auto first = sink.open(instance(0)), second = sink.open(instance(1));
  REQUIRE(first);
  REQUIRE(second);
  REQUIRE(first.value()->write(*words({"a", "b"})));
  REQUIRE(first.value()->write(*words({"c"})));
  CHECK(calls == 2);
  REQUIRE(second.value()->write(*words({"d"})));
  CHECK(calls == 1);
  CHECK(seen == list{"a", "b", "c", "d"});
}

TEST_CASE("nothing takes everything", "[nothing]") {
  auto writer = to::nothing{}.open(instance(0));
  REQUIRE(writer);
  CHECK(writer.value()->write(*words({"a"})));
  CHECK(writer.value()->flush({1}));
  CHECK(writer.value()->close());
}

}  // namespace sluice

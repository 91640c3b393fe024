#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "sluice/connectors/input_files.hpp"
#include "sluice/connectors/json_objects.hpp"
#include "sluice/connectors/line_rows.hpp"
#include "sluice/tests/connectors/long_bytes.hpp"
#include "sluice/tests/connectors/transcript.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice {

namespace {

using test::hundred_mb;
using test::largest_room;
using test::lines;
using test::long_bytes;
using test::transcript;

struct page_view {
  std::int32_t id;
  std::string_view page;
};
SLUICE_RECORD(page_view, id, page);

constexpr std::size_t usual_limit = 16 << 20;  // of a line

transcript read_long(std::unique_ptr<byte_source> bytes) {
  return test::read_all([&](const source_context& at) -> result<std::unique_ptr<source_reader>> {
    auto files = input_files::of("in.jsonl", std::move(bytes));
    if (!files) return files.failure();
    const schema& fields = schema_of<page_view>();
    return std::unique_ptr<source_reader>{std::make_unique<line_rows>(
        std::move(files).value(), json_objects(fields), usual_limit, fields, at)};
  });
}

const std::string before = "{\"id\":1,\"page\":\"a\"}\n", behind = "{\"id\":3,\"page\":\"c\"}\n";
const lines both{"1|a", "3|c"};

// One line of a million members, all `member`, between two good ones.
transcript read_million(const std::string& member) {
  constexpr std::size_t million = 1'000'000;
  return read_long(std::make_unique<long_bytes>(before + "{\"id\":2,\"page\":\"b\"", "," + member,
                                                million * (member.size() + 1), "}\n" + behind));
}

}  // namespace

TEST_CASE("a line of 100 MB is one bad row and is never held in memory", "[json_lines][F22]") {
  largest_room = 0;
  const std::string start = "{\"id\":2,\"page\":\"";
  const std::string bad = "2@" + std::to_string(before.size()) +
                          " a line over the limit: " + start +
                          std::string(4096 - start.size(), 'x');
  SECTION("that would be an object") {
    const transcript told =
        read_long(std::make_unique<long_bytes>(before + start, "x", hundred_mb, "\"}\n" + behind));
    CHECK(told.rows == both);
    CHECK(told.rejects == lines{bad});
  }
  SECTION("without an end") {
    const transcript told =
        read_long(std::make_unique<long_bytes>(before + start, "x", hundred_mb, ""));
    CHECK(told.rows == lines{"1|a"});
    CHECK(told.rejects == lines{bad});
  }
  CHECK(largest_room > 0);
  CHECK(largest_room <= 2 * usual_limit);
}

TEST_CASE("a line of a million members is one row, good or bad", "[json_lines][F22]") {
  largest_room = 0;
  SECTION("members nobody asked for are ignored") {
    const transcript told = read_million(R"("x":7)");
    CHECK(told.rows == lines{"1|a", "2|b", "3|c"});
    CHECK(told.rejects.empty());
  }
  SECTION("a field that is there again makes it a bad row") {
    const transcript told = read_million(R"("id":7)");
    CHECK(told.rows == both);
    REQUIRE(told.rejects.size() == 1);
    CHECK(told.rejects[0].starts_with("2@" + std::to_string(before.size()) +
                                      " id is there twice: {\"id\":2,\"page\":\"b\",\"id\":7,"));
  }
  SECTION("so does one member among them that is no JSON") {
    constexpr std::size_t bytes = 6'000'000;
    const transcript told = read_long(std::make_unique<long_bytes>(
        before + "{\"id\":2,\"page\":\"b\"", R"(,"x":7)", bytes, ",\"x\":07}\n" + behind));
    CHECK(told.rows == both);
    REQUIRE(told.rejects.size() == 1);
    CHECK(told.rejects[0].starts_with("2@" + std::to_string(before.size()) + " not JSON: {"));
  }
  SECTION("together they may be over the limit") {
    const transcript told = read_million(R"("a longer name":7)");
    CHECK(told.rows == both);
    REQUIRE(told.rejects.size() == 1);
    CHECK(told.rejects[0].starts_with("2@" + std::to_string(before.size()) +
                                      " a line over the limit: {"));
  }
  CHECK(largest_room <= 2 * usual_limit);
}

}  // namespace sluice

#include "sluice/links/column_parts.hpp"

#include <string>

#include "sluice/tests/links/sample_rows.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice {

namespace {

// Three rows of `sample`, part by part, so that a test can spoil one.
struct columns {
  std::vector<std::string> parts{
      std::string(24, 'i'),          // id
      std::string("\0\1\0", 3),      // on
      std::string("\2", 1),          // maybe: the second has a value
      std::string("\xff\1\xee", 3),  // … what is not there may be anything
      std::string("\1\0\0\0\3\0\0\0\3\0\0\0", 12),
      "x\xc3\xb6",           // name: x, ö, nothing
      std::string("\5", 1),  // note
      std::string("\1\0\0\0\1\0\0\0\2\0\0\0", 12),
      "ab",
  };
  std::vector<std::uint32_t> declared;
  std::string behind;

  std::string payload() const {
    std::string all;
    for (const auto& part : parts) all += part + std::string((64 - part.size() % 64) % 64, '.');
    return all + behind;
  }
  result<std::vector<std::uint32_t>> check() const {
    std::vector<std::uint32_t> sizes = declared;
    if (sizes.empty())
      for (const auto& part : parts) sizes.push_back(static_cast<std::uint32_t>(part.size()));
    // At any address: one byte further than the allocation.
    const std::string apart = "-" + payload();
    return check_columns(std::string_view(apart).substr(1), sizes, schema_of<sample>(), 3);
  }
  std::string said() const {
    const auto checked = check();
    if (checked) return "";
    CHECK(checked.failure().code == error_code::malformed);
    return checked.failure().message;
  }
};

}  // namespace

TEST_CASE("columns of a record are taken", "[column_parts]") {
  REQUIRE(columns{}.said() == "");
  CHECK(columns{}.check().value() == std::vector<std::uint32_t>{0, 0, 0, 3, 2});
}

TEST_CASE("every size follows from record and rows", "[column_parts][F1502]") {
  for (const std::size_t part : {0, 1, 2, 3, 4, 6, 7}) {
    for (const int by : {-1, 1, 64}) {
      columns c;
      c.parts[part].resize(c.parts[part].size() + static_cast<std::size_t>(by), '\0');
      CAPTURE(part, by);
      CHECK(c.said().find("wrong size") != std::string::npos);
    }
  }
  columns c;
  c.parts.pop_back();
  CHECK(c.said() == "column note: wrong size");
  c.parts.push_back("ab");
  c.parts.push_back("ab");
  CHECK(c.said() == "more columns than the record has");
}

TEST_CASE("sizes and bytes agree", "[column_parts][F1502]") {
  columns c;
  c.behind = std::string(64, '.');
  CHECK(c.said() == "bytes behind the last column");
  c.behind.clear();
  c.declared = {24, 3, 1, 3, 12, 3, 1, 12, 65};
  CHECK(c.said() == "column note: wrong size");
  c.declared = {24, 3, 1, 3, 12, UINT32_MAX, 1, 12, 2};
  CHECK(c.said() == "column name: wrong size");
}

TEST_CASE("a bool is 0 or 1 where it is there", "[column_parts][F1502]") {
  columns c;
  c.parts[1][2] = 2;
  CHECK(c.said() == "column on: a bool that is neither 0 nor 1");
  columns d;
  d.parts[3][1] = 2;
  CHECK(d.said() == "column maybe: a bool that is neither 0 nor 1");
}

TEST_CASE("text ends ascend and stay inside", "[column_parts][F1502]") {
  columns c;
  c.parts[4] = std::string("\3\0\0\0\1\0\0\0\3\0\0\0", 12);
  CHECK(c.said() == "column name: ends of text that do not ascend");
  c.parts[4] = std::string("\1\0\0\0\4\0\0\0\4\0\0\0", 12);
  CHECK(c.said() == "column name: text that ends outside");
  c.parts[4] = std::string("\1\0\0\0\1\0\0\0\1\0\0\0", 12);
  CHECK(c.said() == "column name: text behind its last end");
}

TEST_CASE("text is UTF-8, value by value", "[column_parts][F1502]") {
  columns c;
  c.parts[5] = "x\xc3x";
  CHECK(c.said() == "column name: text that is not UTF-8");
  columns d;
  d.parts[4] = std::string("\1\0\0\0\2\0\0\0\3\0\0\0", 12);
  CHECK(d.said() == "column name: text that ends within a character");
}

}  // namespace sluice

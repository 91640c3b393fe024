#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "sluice/connectors/csv.hpp"
#include "sluice/connectors/csv_reader.hpp"
#include "sluice/tests/connectors/long_bytes.hpp"
#include "sluice/tests/connectors/transcript.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice {

namespace {

using test::hundred_mb;
using test::input_manner;
using test::largest_room;
using test::lines;
using test::long_bytes;
using test::read_csv;
using test::transcript;

struct pair {
  std::int32_t id;
  std::string_view text;
};
SLUICE_RECORD(pair, id, text);

transcript read_long(std::unique_ptr<byte_source> bytes) {
  return test::read_all([&](const source_context& at) -> result<std::unique_ptr<source_reader>> {
    auto files = input_files::of("in.csv", std::move(bytes));
    if (!files) return files.failure();
    return csv_reader::open(std::move(files).value(), schema_of<pair>(), {}, at);
  });
}

}  // namespace

TEST_CASE("a field of 100 MB is one bad row and is never held in memory", "[csv][F22]") {
  largest_room = 0;
  SECTION("without quotes") {
    const transcript told =
        read_long(std::make_unique<long_bytes>("id,text\n1,a\n2,", "x", hundred_mb, "\n3,c\n"));
    CHECK(told.rows == lines{"1|a", "3|c"});
    CHECK(told.rejects == lines{"3@12 a row over the limit: 2," + std::string(4094, 'x')});
  }
  SECTION("in quotes") {
    const transcript told =
        read_long(std::make_unique<long_bytes>("id,text\n1,a\n2,\"", "x", hundred_mb, "\"\n3,c\n"));
    CHECK(told.rows == lines{"1|a", "3|c"});
    CHECK(told.rejects ==
          lines{"3@12 a field in quotes is over the limit: 2,\"" + std::string(4093, 'x')});
  }
  SECTION("with nothing behind") {
    const transcript told =
        read_long(std::make_unique<long_bytes>("id,text\n1,a\n2,", "x", hundred_mb, ""));
    CHECK(told.rows == lines{"1|a"});
    CHECK(told.rejects.size() == 1);
  }
  CHECK(largest_room > 0);
  CHECK(largest_room <= std::size_t{32} << 20);
}

TEST_CASE("a line of a million columns is one bad row", "[csv][F22]") {
  std::string text = "id,text\n1,a\n";
  for (int i = 0; i < 1'000'000; ++i) text += "7,";
  text += "7\n3,c\n";
  const transcript told = read_csv(text, schema_of<pair>());
  CHECK(told.rows == lines{"1|a", "3|c"});
  REQUIRE(told.rejects.size() == 1);
  CHECK(told.rejects[0].starts_with("3@12 1000001 fields instead of 2: 7,7,7,"));
}

TEST_CASE("a head line of a million columns is an error", "[csv][F22]") {
  std::string text = "id,text";
  for (int i = 0; i < 1'000'000; ++i) text += ",x";
  CHECK(read_csv(text + "\n", schema_of<pair>()).failure ==
        "in.csv: 1000002 columns in the head line");
}

TEST_CASE("fields and rows at the limit are read, beyond it they are bad", "[csv][F22]") {
  const csv_options options{.max_field = 10, .max_row = 20};
  const input_manner bytewise{.piece = 1, .block = 1};
  const auto read = [&](const std::string& rows, const input_manner& manner) {
    return read_csv("id,text\n" + rows, schema_of<pair>(), options, manner);
  };
  for (const input_manner& manner : {input_manner{}, bytewise}) {
    CHECK(read("1,0123456789\n2,b\n", manner).rows == lines{"1|0123456789", "2|b"});
    CHECK(read("1,\"0123456789\"\n2,b\n", manner).rows == lines{"1|0123456789", "2|b"});
    CHECK(read("1,0123456789x\n2,b\n", manner).rejects ==
          lines{"2@8 text (text): over the limit: 1,0123456789x"});
    CHECK(read("1,\"0123456789x\"\n2,b\n", manner).rejects ==
          lines{"2@8 a field in quotes is over the limit: 1,\"0123456789x\""});
    CHECK(read("1,\"01\n45\n78\nx\"\n2,b\n", manner).rows == lines{"1|01\n45\n78\nx", "2|b"});
    CHECK(read("1,\"01\n45\n78\nxyz\"\n2,b\n", manner).rows == lines{"2|b"});
  }
}

TEST_CASE("a row over the limit is rejected wherever the input is cut", "[csv][F22]") {
  const csv_options options{.max_field = 100, .max_row = 20};
  const std::string text = "id,text\n1,a\n2,0123456789012345678901234567890123456789\n3,c\n";
  for (const std::size_t piece : {1u, 7u, 64u}) {
    const transcript told =
        read_csv(text, schema_of<pair>(), options, {.piece = piece, .block = piece});
    CHECK(told.rows == lines{"1|a", "3|c"});
    CHECK(told.rejects.size() == 1);
  }
}

}  // namespace sluice

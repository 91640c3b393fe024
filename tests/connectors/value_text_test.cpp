#include "sluice/connectors/value_text.hpp"

#include <string>

#include "sluice/connectors/json_text.hpp"
#include "sluice/records/batch.hpp"
#include "sluice/records/utf8.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice {

namespace {

struct values {
  bool truth;
  std::int8_t i8;
  std::int16_t i16;
  std::int32_t i32;
  std::int64_t i64;
  std::uint8_t u8;
  std::uint16_t u16;
  std::uint32_t u32;
  std::uint64_t u64;
  float f32;
  double f64;
  instant at;
};
SLUICE_RECORD(values, truth, i8, i16, i32, i64, u8, u16, u32, u64, f32, f64, at);

// What `text` is as a value of field `name`, written again; or why it is none.
std::string as(std::string_view name, std::string_view text) {
  column_batch rows{schema_of<values>(), buffer_pool{}, 1};
  const std::size_t c = rows.fields().find(name);
  const std::string_view why = read_value(rows.fields().fields[c].type, text, rows, c, 0);
  if (!why.empty()) return std::string(why);
  std::string again;
  append_value(again, rows, c, 0);
  return again;
}

}  // namespace

TEST_CASE("integers are read to the ends of their ranges", "[value_text]") {
  const auto ends = [](std::string_view name, std::string_view low, std::string_view below,
                       std::string_view high, std::string_view above) {
    CHECK(as(name, low) == low);
    CHECK(as(name, high) == high);
    CHECK(as(name, above) == "out of range");
    CHECK(as(name, below) == (low == "0" ? "not a whole number" : "out of range"));
  };
  ends("i8", "-128", "-129", "127", "128");
  ends("i16", "-32768", "-32769", "32767", "32768");
  ends("i32", "-2147483648", "-2147483649", "2147483647", "2147483648");
  ends("i64", "-9223372036854775808", "-9223372036854775809", "9223372036854775807",
       "9223372036854775808");
  ends("u8", "0", "-1", "255", "256");
  ends("u16", "0", "-1", "65535", "65536");
  ends("u32", "0", "-1", "4294967295", "4294967296");
  ends("u64", "0", "-1", "18446744073709551615", "18446744073709551616");
}

TEST_CASE("what is no number is told from what is out of range", "[value_text]") {
  for (const char* text : {"", "-", "a", "1a", "1 ", " 1", "0x1", "1.0", "1e3", "--1", "1\n"})
    CHECK(as("i32", text) == "not a whole number");
  for (const char* text : {"", "-", ".", "e1", "1e", "1.2.3", "1,5", "0x1p3", " 1", "1 ", "nan(7)"})
    CHECK(as("f64", text) == "not a number");
  CHECK(as("i32", "99999999999999999999999x") == "not a whole number");
  CHECK(as("f64", "1e999x") == "not a number");
}

TEST_CASE("floating-point numbers are written as short as they are read back", "[value_text]") {
  CHECK(as("f64", "0.1") == "0.1");
  CHECK(as("f64", "100000.0") == "100000");
  CHECK(as("f64", "1e5") == "100000");
  CHECK(as("f64", "999999999999999.9") == "999999999999999.9");
  CHECK(as("f64", "1e15") == "1e+15");
  CHECK(as("f64", "-0.00001") == "-0.00001");
  CHECK(as("f64", "0.00001234567890123456") == "0.00001234567890123456");
  CHECK(as("f64", "0.0000099") == "9.9e-06");
  CHECK(as("f64", "-0.0") == "-0");
  CHECK(as("f64", "4.9406564584124654e-324") == "5e-324");
  CHECK(as("f64", "1.7976931348623157e308") == "1.7976931348623157e+308");
  CHECK(as("f64", "1.8e308") == "out of range");
  CHECK(as("f32", "3.4028235e38") == "3.4028235e+38");
  CHECK(as("f32", "3.5e38") == "out of range");
  CHECK(as("f32", "1e-50") == "out of range");
  CHECK(as("f32", "INF") == "inf");
  CHECK(as("f64", "-Infinity") == "-inf");
}

TEST_CASE("truth is one of four words", "[value_text]") {
  CHECK(as("truth", "true") == "true");
  CHECK(as("truth", "1") == "true");
  CHECK(as("truth", "false") == "false");
  CHECK(as("truth", "0") == "false");
  for (const char* text : {"", "True", "yes", "2", "t", "true "})
    CHECK(as("truth", text) == "not true, false, 1 or 0");
}

TEST_CASE("text is UTF-8 without NUL", "[utf8]") {
  using namespace std::string_view_literals;
  for (const auto text :
       {""sv, "plain"sv, "\x7f"sv, "\xc2\x80"sv, "\xdf\xbf"sv, "\xe0\xa0\x80"sv, "\xed\x9f\xbf"sv,
        "\xee\x80\x80"sv, "\xef\xbf\xbf"sv, "\xf0\x90\x80\x80"sv, "\xf4\x8f\xbf\xbf"sv,
        "eight plain bytes, then \xc3\xa9"sv}) {
    CHECK(text_problem(text).empty());
    CHECK(is_utf8(text));
  }
  for (const auto text :
       {"\x80"sv, "\xbf"sv, "\xc0\x80"sv, "\xc1\xbf"sv, "\xc2"sv, "\xc2\x20"sv, "\xe0\x9f\xbf"sv,
        "\xe1\x80"sv, "\xed\xa0\x80"sv, "\xf0\x8f\xbf\xbf"sv, "\xf0\x90\x80"sv,
        "\xf4\x90\x80\x80"sv, "\xf5\x80\x80\x80"sv, "\xff"sv, "12345678\xff"sv, "1234567\xc3"sv}) {
    CHECK(text_problem(text) == "not UTF-8");
    CHECK_FALSE(is_utf8(text));
  }
  for (const auto text :
       {"\0"sv, "1234567\0"sv, "12345678\0"sv, "\0\x80"sv.substr(0, 1), "\xc3\xa9\0"sv})
    CHECK(text_problem(text) == "a NUL character");
  CHECK(utf8_prefix("ab\xc3\xa9\xff z") == 4);
}

TEST_CASE("a JSON string escapes what it must and holds nothing but UTF-8", "[json_text]") {
  using namespace std::string_view_literals;
  const auto quoted = [](std::string_view text) {
    std::string out;
    append_json_string(out, text);
    return out;
  };
  CHECK(quoted("") == R"("")");
  CHECK(quoted("a\"b\\c/d") == R"("a\"b\\c/d")");
  CHECK(quoted("\n\r\t\x01\x1f\x7f\0"sv) == R"("\n\r\t\u0001\u001f\u007f\u0000")");
  CHECK(quoted("\xc3\xa9") == "\"\xc3\xa9\"");
  CHECK(quoted("a\xff\xfe\xc3z\xed\xa0\x80") ==
        "\"a\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbdz\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"");
}

TEST_CASE("a JSON number is what RFC 8259 says", "[json_text]") {
  for (const char* text : {"0", "-0", "7", "10", "1.5", "-1.50", "1e5", "1E+5", "1.0e-05", "0.0"})
    CHECK(is_json_number(text));
  for (const char* text : {"", "-", "01", "-01", "+1", ".5", "1.", "1.e5", "1e", "1e+", "0x1",
                           "NaN", "1 ", " 1", "1a", "--1", "1.5.5", "Infinity", "00"})
    CHECK_FALSE(is_json_number(text));
  CHECK_FALSE(is_json_number({}));
}

}  // namespace sluice

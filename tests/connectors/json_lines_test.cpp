#include "sluice/connectors/json_lines.hpp"

#include <random>
#include <string>

#include "sluice/tests/connectors/transcript.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice {

namespace {

using test::lines;
using test::read_json_lines;
using test::transcript;

struct click {
  std::uint32_t id;
  std::string_view page;
  std::optional<double> amount;
};
SLUICE_RECORD(click, id, page, amount);

struct kinds {
  std::optional<bool> truth;
  std::optional<std::int8_t> tiny;
  std::optional<std::int64_t> whole;
  std::optional<std::uint64_t> natural;
  std::optional<float> f32;
  std::optional<instant> at;
  std::optional<std::string_view> text;
};
SLUICE_RECORD(kinds, truth, tiny, whole, natural, f32, at, text);

transcript clicks(std::string_view text) { return read_json_lines(text, schema_of<click>()); }

// What becomes of one line of `kinds`: the row, or why it is none.
std::string kind(std::string_view line) {
  const transcript told = read_json_lines(line, schema_of<kinds>());
  if (!told.rows.empty()) return told.rows[0];
  const std::string& reject = told.rejects.at(0);
  return reject.substr(4, reject.size() - 4 - 2 - line.size());
}

std::string nested(std::size_t depth) {
  return R"({"id":1,"page":"a","x":)" + std::string(depth, '[') + std::string(depth, ']') + "}\n";
}

}  // namespace

TEST_CASE("every line is an object, fields are found by name", "[json_lines]") {
  const transcript told =
      clicks(R"({"id":1,"page":"a","amount":0.5})"
             "\n"
             R"({ "amount" : null , "page" : "b" , "id" : 2 })"
             "\n"
             R"({"page":"c","x":{"id":9,"y":[1,"]",{}]},"id":3,"z":"\u00e9","n":null,"t":true})"
             "\n"
             R"({"\u0069d":4,"pa\u0067e":"d"})"
             "\n");
  CHECK(told.rows == lines{"1|a|0.5", "2|b|~", "3|c|~", "4|d|~"});
  CHECK(told.rejects.empty());
}

TEST_CASE("empty lines, CRLF, a byte order mark and a last line without end are taken as they come",
          "[json_lines][F22]") {
  CHECK(clicks("\xef\xbb\xbf{\"id\":1,\"page\":\"a\"}\r\n\r\n \t\n\n{\"id\":2,\"page\":\"b\"}")
            .rows == lines{"1|a|~", "2|b|~"});
  CHECK(clicks("").read() == 0);
  CHECK(clicks("\n\n").read() == 0);
  CHECK(clicks("\xef\xbb\xbf").read() == 0);
}

TEST_CASE("what is no JSON object is a bad row", "[json_lines][F22]") {
  using namespace std::string_literals;
  const transcript told = clicks(
      "[1]\n7\nnull\nid\n{\n{\"id\":1,\"page\":\"a\"\n{\"id\":1,\"page\":\"a\"}}\n"
      "{\"id\":1,\"page\":\"a\"} {\"id\":2,\"page\":\"b\"}\n{\"id\":1,\"page\":\"a\",}\n"
      "{\"id\":1 \"page\":\"a\"}\n{id:1,\"page\":\"a\"}\n{\"id\":1,\"page\":'a'}\n"
      "{\"id\":1,\"page\":\"a\"}\0\n{\"id\":1,\"page\":\"a\nb\"}\n{\"id\":1,\"page\":\"a\"}//\n"
      "{\"id\":1,\"page\":\"a\",\"x\":tru}\n{\"id\":1,\"page\":\"a\",\"x\":[1,]}\n"
      "{\"id\":1,\"page\":\"a\",\"x\":01}\n{\"id\":1,\"page\":\"a\",\"x\":nul}\n"
      "{\"id\":1,\"page\":\"a\",\"x\":\"\\x\"}\n{\"id\":1,\"page\":\"a\",\"x\":[1}}\n"
      "{\"id\":2,\"page\":\"end\"}\n"s);
  CHECK(told.rows == lines{"2|end|~"});
  REQUIRE(told.rejects.size() == 22);
  for (const auto& reject : told.rejects) {
    INFO(reject);
    CHECK((reject.find(" not JSON: ") != std::string::npos ||
           reject.find(" not a JSON object: ") != std::string::npos ||
           reject.find("not a JSON string: ") != std::string::npos));
  }
  CHECK(told.rejects[0] == "1@0 not a JSON object: [1]");
  CHECK(told.rejects[5] == "6@16 not JSON: {\"id\":1,\"page\":\"a\"");
}

TEST_CASE("a missing field, null, and a field that is there twice make bad rows",
          "[json_lines][F22]") {
  const transcript told = clicks(
      "{}\n{\"id\":1}\n{\"id\":null,\"page\":\"a\"}\n{\"id\":1,\"page\":null}\n"
      "{\"id\":1,\"page\":\"a\",\"id\":1}\n{\"id\":1,\"page\":\"a\",\"\\u0069d\":1}\n"
      "{\"id\":1,\"page\":\"a\",\"x\":1,\"x\":2}\n");
  CHECK(told.rows == lines{"1|a|~"});
  CHECK(told.rejects == lines{"1@0 no field id: {}", "2@3 no field page: {\"id\":1}",
                              "3@12 id (uint32): null: {\"id\":null,\"page\":\"a\"}",
                              "4@35 page (text): null: {\"id\":1,\"page\":null}",
                              "5@56 id is there twice: {\"id\":1,\"page\":\"a\",\"id\":1}",
                              "6@83 id is there twice: {\"id\":1,\"page\":\"a\",\"\\u0069d\":1}"});
}

TEST_CASE("JSON nested ten thousand deep is a bad row", "[json_lines][F22]") {
  const std::string deep = nested(10'000), allowed = nested(255), one_more = nested(256);
  const transcript told =
      clicks(deep + allowed + one_more + "{\"id\":2,\"page\":" + std::string(10'000, '[') +
             "\n{\"id\":3,\"page\":\"b\"}\n");
  CHECK(told.rows == lines{"1|a|~", "3|b|~"});
  REQUIRE(told.rejects.size() == 3);
  CHECK(told.rejects[0].starts_with("1@0 JSON nested too deep: {\"id\":1,"));
  CHECK(told.rejects[1].starts_with("3@"));
  CHECK(told.rejects[1].find("JSON nested too deep: ") != std::string::npos);
  CHECK(told.rejects[2].starts_with("4@"));
}

TEST_CASE("a value is read as its field is typed, within its range", "[json_lines][F22]") {
  CHECK(kind(R"({"truth":true,"tiny":-128,"whole":-9223372036854775808})") ==
        "true|-128|-9223372036854775808|~|~|~|~");
  CHECK(kind(R"({"natural":18446744073709551615,"f32":-0,"at":"2018-04-01T00:00:00Z"})") ==
        "~|~|~|18446744073709551615|-0|2018-04-01T00:00:00Z|~");
  CHECK(kind(R"({"f32":1e38,"at":1500000,"text":"a\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00"})") ==
        "~|~|~|~|1e+38|1970-01-01T00:00:01.500Z|a\"\\/\b\f\n\r\t\xc3\xa9\xf0\x9f\x98\x80");
  CHECK(kind(R"({"f32":12345678901234567890123456789 })") == "~|~|~|~|1.2345679e+28|~|~");

  CHECK(kind(R"({"truth":1})") == "truth (bool): not true or false");
  CHECK(kind(R"({"truth":"true"})") == "truth (bool): not true or false");
  CHECK(kind(R"({"tiny":128})") == "tiny (int8): out of range");
  CHECK(kind(R"({"tiny":1.0})") == "tiny (int8): not a whole number");
  CHECK(kind(R"({"tiny":1e2})") == "tiny (int8): not a whole number");
  CHECK(kind(R"({"tiny":"1"})") == "tiny (int8): not a JSON number");
  CHECK(kind(R"({"tiny":[1]})") == "tiny (int8): not a JSON number");
  CHECK(kind(R"({"tiny":{}})") == "tiny (int8): not a JSON number");
  CHECK(kind(R"({"tiny":01})") == "tiny (int8): not a JSON number");
  CHECK(kind(R"({"tiny":-})") == "tiny (int8): not a JSON number");
  CHECK(kind(R"({"tiny":1 2})") == "not JSON");
  CHECK(kind(R"({"whole":9223372036854775808})") == "whole (int64): out of range");
  CHECK(kind(R"({"natural":-1})") == "natural (uint64): not a whole number");
  CHECK(kind(R"({"natural":18446744073709551616})") == "natural (uint64): out of range");
  CHECK(kind(R"({"f32":1e999})") == "f32 (float32): out of range");
  CHECK(kind(R"({"f32":1e39})") == "f32 (float32): out of range");
  CHECK(kind(R"({"f32":NaN})") == "f32 (float32): not JSON");
  CHECK(kind(R"({"f32":Infinity})") == "f32 (float32): not JSON");
  CHECK(kind(R"({"f32":.5})") == "f32 (float32): not JSON");
  CHECK(kind(R"({"f32":1.})") == "f32 (float32): not a JSON number");
  CHECK(kind(R"({"at":"2018-04-31T00:00:00Z"})") == "at (instant): not a time");
  CHECK(kind(R"({"at":true})") == "at (instant): not a time");
  CHECK(kind(R"({"at":1.5})") == "at (instant): not a time");
  CHECK(kind(R"({"text":1})") == "text (text): not a JSON string");
  CHECK(kind(R"({"text":"\u0000"})") == "text (text): a NUL character");
  CHECK(kind(R"({"text":"\ud800"})") == "text (text): not a JSON string");
  CHECK(kind("{\"text\":\"\xff\"}") == "not UTF-8");
  CHECK(kind("{\"text\":\"a\tb\"}") == "not JSON");
}

TEST_CASE("a number too large for any type is no error in a member that is ignored",
          "[json_lines]") {
  CHECK(
      clicks("{\"id\":1,\"page\":\"a\",\"x\":123456789012345678901234567890,\"y\":1e999}\n").rows ==
      lines{"1|a|~"});
}

TEST_CASE("a line over the limit is one bad row", "[json_lines][F22]") {
  const std::string text = "{\"id\":1,\"page\":\"a\"}\n{\"id\":2,\"page\":\"" +
                           std::string(100, 'x') + "\"}\n{\"id\":3,\"page\":\"c\"}\n";
  for (const std::size_t piece : {std::size_t{1}, std::size_t{33}, SIZE_MAX}) {
    const transcript told = read_json_lines(text, schema_of<click>(), 50, {.piece = piece});
    CHECK(told.rows == lines{"1|a|~", "3|c|~"});
    REQUIRE(told.rejects.size() == 1);
    CHECK(told.rejects[0].starts_with("2@20 a line over the limit: {\"id\":2,"));
  }
}

TEST_CASE("what comes of JSON lines does not depend on how the input is cut", "[json_lines][F22]") {
  const unsigned seed = GENERATE(1u, 2u);
  std::mt19937 random{seed};
  static const lines parts{"{",
                           "}",
                           "\"id\":",
                           "\"page\":",
                           "\"a\"",
                           "1",
                           ",",
                           "[",
                           "]",
                           "null",
                           "\n",
                           "\n",
                           "\\u",
                           "\"",
                           "é",
                           "\xff",
                           "{\"id\":1,\"page\":\"p\"}\n",
                           "{\"id\":2,\"page\":\"q\",\"x\":",
                           "-1e5",
                           " "};
  for (int i = 0; i < 1'000; ++i) {
    std::string text;
    for (std::size_t n = random() % 40; n > 0; --n) text += parts[random() % parts.size()];
    const transcript whole = clicks(text);
    const transcript cut = read_json_lines(text, schema_of<click>(), 16 << 20,
                                           {.piece = 1 + random() % 9, .block = 1 + random() % 9});
    INFO("seed " << seed << ", text " << i << ":\n" << text);
    REQUIRE(whole.rows == cut.rows);
    REQUIRE(whole.rejects == cut.rejects);
  }
}

}  // namespace sluice

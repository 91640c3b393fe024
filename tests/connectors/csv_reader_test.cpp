#include "sluice/connectors/csv.hpp"

#include <string>

#include "sluice/tests/connectors/temporary_folder.hpp"
#include "sluice/tests/connectors/transcript.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice {

namespace {

using test::lines;
using test::read_csv;
using test::transcript;

struct payment {
  std::uint32_t id;
  std::string_view name;
  std::optional<double> amount;
};
SLUICE_RECORD(payment, id, name, amount);

struct word {
  std::string_view text;
};
SLUICE_RECORD(word, text);

struct maybe_word {
  std::optional<std::string_view> text;
};
SLUICE_RECORD(maybe_word, text);

transcript payments(std::string_view text, const csv_options& options = {}) {
  return read_csv(text, schema_of<payment>(), options);
}

}  // namespace

TEST_CASE("rows end in LF or CRLF, the last one need not end", "[csv][F22]") {
  const lines rows{"1|a|0.5", "2|b|~"};
  CHECK(payments("id,name,amount\n1,a,0.5\n2,b,\n").rows == rows);
  CHECK(payments("id,name,amount\r\n1,a,0.5\r\n2,b,\r\n").rows == rows);
  CHECK(payments("id,name,amount\n1,a,0.5\n2,b,").rows == rows);
  CHECK(payments("id,name,amount\r\n1,a,0.5\r\n2,b,\r").rows == rows);
  CHECK(payments("id,name,amount\n1,\"a\",0.5\n2,\"b\",\"\"").rows == rows);
  CHECK(payments("id,name,amount\n1,\"a\",0.5\n2,b,\"\"\r").rows == rows);
}

TEST_CASE("a byte order mark in front is no part of the head", "[csv][F22]") {
  const transcript told = payments("\xef\xbb\xbfid,name,amount\nx,a,\n1,a,\n");
  CHECK(told.rows == lines{"1|a|~"});
  CHECK(told.rejects == lines{"2@18 id (uint32): not a whole number: x,a,"});
}

TEST_CASE("fields in quotes hold separators, line ends and doubled quotes", "[csv][F22]") {
  const transcript told = payments(
      "id,name,amount\n\"1\",\"a,b\",\"2\"\n2,\"say "
      "\"\"hi\"\"\",\n3,\"two\r\nlines\",\n4,\"\"\"\",\n");
  CHECK(told.rows == lines{"1|a,b|2", "2|say \"hi\"|~", "3|two\r\nlines|~", "4|\"|~"});
  CHECK(told.rejects.empty());
}

TEST_CASE("the head line may name the columns in any order", "[csv]") {
  CHECK(payments("amount,id,name\n0.5,1,a\n").rows == lines{"1|a|0.5"});
  CHECK(payments("\"amount\",\"id\",\"name\"\n0.5,1,a\n").rows == lines{"1|a|0.5"});
}

TEST_CASE("without a head line the columns are the fields in order", "[csv]") {
  const transcript told = payments("1,a,0.5\nid,name,amount\n", {.head = head_line::absent});
  CHECK(told.rows == lines{"1|a|0.5"});
  CHECK(told.rejects == lines{"2@8 id (uint32): not a whole number: id,name,amount"});
}

TEST_CASE("a head line that does not name the fields is an error by name", "[csv]") {
  CHECK(payments("id,amount\n1,2\n").failure ==
        "in.csv: no column name; the record payment has id, name, amount");
  CHECK(payments("id,name,amount,at,by\n").failure ==
        "in.csv: unknown column at, by; the record payment has id, name, amount");
  CHECK(payments("ID,name\n").failure ==
        "in.csv: no column id, amount; unknown column ID; the record payment has id, name, amount");
  CHECK(payments("id,name,id,amount\n").failure == "in.csv: column there twice: id");
  CHECK(payments("").failure == "in.csv: empty, but should begin with a head line");
  CHECK(payments("\xef\xbb\xbf").failure == "in.csv: empty, but should begin with a head line");
  CHECK(payments("id,\"name\n").failure == "in.csv: broken head line: an open quote");
}

TEST_CASE("unknown columns are ignored where that is said", "[csv]") {
  const transcript told = payments("x,id,y,name,amount\n?,1,\"\xff\",a,2\n?,2,b,3\n",
                                   {.extra = extra_columns::ignored});
  CHECK(told.rows == lines{"1|a|2"});
  CHECK(told.rejects == lines{"3@31 4 fields instead of 5: ?,2,b,3"});
}

TEST_CASE("a head line may have very many columns", "[csv]") {
  std::string head = "id,name", row = "1,a";
  for (int i = 0; i < 1'000; ++i) head += ",x" + std::to_string(i), row += ",";
  const transcript told =
      payments(head + ",amount\n" + row + ",0.5\n", {.extra = extra_columns::ignored});
  CHECK(told.failure.empty());
  CHECK(told.rows == lines{"1|a|0.5"});
}

TEST_CASE("an input without rows has none", "[csv][F22]") {
  CHECK(payments("id,name,amount\n").read() == 0);
  CHECK(payments("id,name,amount").read() == 0);
  CHECK(payments("", {.head = head_line::absent}).read() == 0);
  CHECK(payments("id,name,amount\n\n\r\n\n").read() == 0);
}

TEST_CASE("empty lines are no rows, but rows of one empty field where there is one column",
          "[csv][F22]") {
  CHECK(payments("id,name,amount\n\n1,a,\n\n\n2,b,\n\n").rows == lines{"1|a|~", "2|b|~"});
  CHECK(read_csv("text\n\na\n\n", schema_of<word>()).rows == lines{"", "a", ""});
  CHECK(read_csv("text\n\na\n\"\"\n", schema_of<maybe_word>()).rows == lines{"~", "a", ""});
}

TEST_CASE("another number of fields makes a bad row", "[csv][F22]") {
  const transcript told =
      payments("id,name,amount\n1,a\n2,b,2\n3,c,3,\n4\n5,\"c\nd\",5,5,5\n6,e,6\n");
  CHECK(told.rows == lines{"2|b|2", "6|e|6"});
  CHECK(told.rejects == lines{"2@15 2 fields instead of 3: 1,a",
                              "4@25 4 fields instead of 3: 3,c,3,", "5@32 1 fields instead of 3: 4",
                              "6@34 5 fields instead of 3: 5,\"c\nd\",5,5,5"});
}

TEST_CASE("an open quote costs one line", "[csv][F22]") {
  SECTION("that nothing closes") {
    const transcript told = payments("id,name,amount\n1,\"a,1\n2,b,2\n3,c,3\n");
    CHECK(told.rows == lines{"2|b|2", "3|c|3"});
    CHECK(told.rejects == lines{"2@15 an open quote: 1,\"a,1"});
  }
  SECTION("that a later field seems to close") {
    const transcript told = payments("id,name,amount\n1,\"a,1\n2,b,2\n3,\"c\",3\n4,d,4\n");
    CHECK(told.rows == lines{"2|b|2", "3|c|3", "4|d|4"});
    CHECK(told.rejects == lines{"2@15 text behind a closing quote: 1,\"a,1"});
  }
  SECTION("on the last line") {
    const transcript told = payments("id,name,amount\n1,a,1\r\n2,\"b,2\r\n");
    CHECK(told.rows == lines{"1|a|1"});
    CHECK(told.rejects == lines{"3@22 an open quote: 2,\"b,2"});
  }
  SECTION("that is all there is") {
    const transcript told = payments("id,name,amount\n\"");
    CHECK(told.rejects == lines{"2@15 an open quote: \""});
  }
}

TEST_CASE("quotes in the wrong place cost their line", "[csv][F22]") {
  const transcript told = payments(
      "id,name,amount\n1,a\"b,1\n2,\"a\"b,2\n3, \"c\",3\n4,\"d\" ,4\n5,\"e\"\rf,5\n6,f,6\n");
  CHECK(told.rows == lines{"6|f|6"});
  CHECK(told.rejects == lines{"2@15 a quote inside a field without quotes: 1,a\"b,1",
                              "3@23 text behind a closing quote: 2,\"a\"b,2",
                              "4@32 a quote inside a field without quotes: 3, \"c\",3",
                              "5@41 text behind a closing quote: 4,\"d\" ,4",
                              "6@50 text behind a closing quote: 5,\"e\"\rf,5"});
}

TEST_CASE("text that is not UTF-8, NUL and stray carriage returns make bad rows", "[csv][F22]") {
  using namespace std::string_literals;
  const transcript told = payments(
      "id,name,amount\n1,\xc3\xa9,1\n2,\xff,2\n3,\xed\xa0\x80,3\n4,a\0b,4\n"
      "5,a\rb,5\n6,\"a\rb\",6\n7,c,7\r\r\n8,\xc3,8\n"s);
  CHECK(told.rows == lines{"1|\xc3\xa9|1", "6|a\rb|6"});
  CHECK(told.rejects == lines{"3@22 name (text): not UTF-8: 2,\xff,2",
                              "4@28 name (text): not UTF-8: 3,\xed\xa0\x80,3",
                              "5@36 name (text): a NUL character: 4,a\0b,4"s,
                              "6@44 name (text): a carriage return outside quotes: 5,a\rb,5",
                              "8@62 amount (float64): not a number: 7,c,7\r",
                              "9@70 name (text): not UTF-8: 8,\xc3,8"});
}

TEST_CASE("a value that is none of its type makes a bad row", "[csv][F22]") {
  const transcript told = payments(
      "id,name,amount\n,a,1\n-1,a,1\n+1,a,1\n 1,a,1\n1.0,a,1\n4294967295,a,1\n4294967296,a,1\n"
      "99999999999999999999999,a,1\n1,a,x\n1,a,1.5 \n007,,\n");
  CHECK(told.rows == lines{"4294967295|a|1", "7||~"});
  CHECK(told.rejects == lines{"2@15 id (uint32): empty: ,a,1",
                              "3@20 id (uint32): not a whole number: -1,a,1",
                              "4@27 id (uint32): not a whole number: +1,a,1",
                              "5@34 id (uint32): not a whole number:  1,a,1",
                              "6@41 id (uint32): not a whole number: 1.0,a,1",
                              "8@64 id (uint32): out of range: 4294967296,a,1",
                              "9@79 id (uint32): out of range: 99999999999999999999999,a,1",
                              "10@107 amount (float64): not a number: 1,a,x",
                              "11@113 amount (float64): not a number: 1,a,1.5 "});
}

TEST_CASE("floating-point fields take NaN, infinities and minus zero, but nothing out of range",
          "[csv][F22]") {
  const transcript told = payments(
      "id,name,amount\n1,,NaN\n2,,nan\n3,,Inf\n4,,-inf\n5,,Infinity\n6,,-0\n7,,1e999\n8,,-1e999\n"
      "9,,1e-999\n10,,5e-324\n11,,nan(1)\n12,,1e308\n13,,0x10\n14,,1d3\n15,,-NaN\n");
  CHECK(told.rows == lines{"1||nan", "2||nan", "3||inf", "4||-inf", "5||inf", "6||-0", "10||5e-324",
                           "12||1e+308", "15||-nan"});
  CHECK(told.rejects == lines{"8@62 amount (float64): out of range: 7,,1e999",
                              "9@71 amount (float64): out of range: 8,,-1e999",
                              "10@81 amount (float64): out of range: 9,,1e-999",
                              "12@102 amount (float64): not a number: 11,,nan(1)",
                              "14@123 amount (float64): not a number: 13,,0x10",
                              "15@132 amount (float64): not a number: 14,,1d3"});
}

TEST_CASE("a separator other than the comma can be chosen", "[csv]") {
  CHECK(payments("id;name;amount\n1;a,b;1\n", {.separator = ';'}).rows == lines{"1|a,b|1"});
  CHECK(payments("id\tname\tamount\n1\t\"a\tb\"\t1\n", {.separator = '\t'}).rows ==
        lines{"1|a\tb|1"});
}

TEST_CASE("files of a list have head lines and line numbers of their own", "[csv]") {
  const test::temporary_folder folder;
  const from::csv<payment> files{
      std::vector<std::string>{folder.write("a.csv", "id,name,amount\n1,a,1\n2,\"b"),
                               folder.write("b.csv", "\"x\n\",amount,name,id\n,3,c,3\n,4,d\n"),
                               folder.write("c.csv", "name,id,amount\n\ne,5,5\n6"),
                               folder.write("d.csv", "id,name,amount\n7,g,7")},
      {.extra = extra_columns::ignored}};
  const transcript told = test::read_all([&](const source_context& at) { return files.open(at); });
  CHECK(told.rows == lines{"1|a|1", "3|c|3", "5|e|5", "7|g|7"});
  CHECK(told.rejects == lines{"3@21 an open quote: 2,\"b", "4@27 3 fields instead of 4: ,4,d",
                              "4@22 1 fields instead of 3: 6"});
}

TEST_CASE("a row its connector has a reason against is a bad row, with its place", "[csv][F22]") {
  const test::temporary_folder folder;
  // Every id once, in growing order, per reader.
  const auto growing = [last = 0u](const payment& p) mutable -> std::string_view {
    if (p.name == "bad") return "bad by name";
    if (p.id <= last) return "id does not grow";
    last = p.id;
    return {};
  };
  const std::string text =
      "id,name,amount\n1,bad,1\n2,\"a\nb\",\n2,c,\n\n3,bad,1\n4,d,0.5\n4,e,0.5";
  const auto input = from::csv<payment>{folder.write("a.csv", text)}.rejecting(growing);
  const lines rows{"2|a\nb|~", "4|d|0.5"};
  const lines rejects{"2@15 bad by name: 1,bad,1", "5@32 id does not grow: 2,c,",
                      "7@38 bad by name: 3,bad,1", "9@54 id does not grow: 4,e,0.5"};
  for (const std::size_t most : {1, 2, 100})
    for (int time = 0; time < 2; ++time) {  // the second reader begins anew
      const transcript told =
          test::read_all([&](const source_context& at) { return input.open(at); }, {.rows = most});
      CHECK(told.rows == rows);
      CHECK(told.rejects == rejects);
    }
}

TEST_CASE("the head lines of all files are looked at before anything is read", "[csv]") {
  const test::temporary_folder folder;
  const from::csv<payment> files{std::vector<std::string>{
      folder.write("a.csv", "id,name,amount\n1,a,1\n"), folder.write("b.csv", "id,name\n")}};
  const auto reader = files.open({});
  REQUIRE_FALSE(reader);
  CHECK(reader.failure().message ==
        folder.path("b.csv") + ": no column amount; the record payment has id, name, amount");
}

TEST_CASE("a CSV file that is not there is an error", "[csv]") {
  const from::csv<payment> input{"no_such_file.csv"};
  auto opened = input.open({});
  REQUIRE_FALSE(opened);
  CHECK(opened.failure() ==
        error{error_code::not_found, "cannot open no_such_file.csv (no such file or directory)"});
}

}  // namespace sluice

#include <functional>
#include <random>
#include <string>
#include <vector>

#include "sluice/connectors/csv.hpp"
#include "sluice/connectors/file_position.hpp"
#include "sluice/connectors/generator.hpp"
#include "sluice/connectors/json_lines.hpp"
#include "sluice/connectors/reject_logs.hpp"
#include "sluice/connectors/text.hpp"
#include "sluice/tests/connectors/temporary_folder.hpp"
#include "sluice/tests/connectors/transcript.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice {

namespace {

using test::lines;
using test::temporary_folder;

struct two_texts {
  std::string_view a;
  std::optional<std::string_view> b;
};
SLUICE_RECORD(two_texts, a, b);

struct numbered {
  std::uint64_t row;
};
SLUICE_RECORD(numbered, row);

using opener = std::function<result<std::unique_ptr<source_reader>>(const source_context&)>;
using random_numbers = std::mt19937_64;

// What came out: rows, and bad rows as `FILE LINE@OFFSET REASON: TEXT`.
struct outcome {
  lines rows;
  lines rejects;
  bool operator==(const outcome&) const = default;
};
std::ostream& operator<<(std::ostream& out, const outcome& o) {
  return out << Catch::Detail::stringify(o.rows) << " and " << Catch::Detail::stringify(o.rejects);
}

// Opens a reader at `position`, reads `reads` batches of `rows` rows onto the end of `to`, and
// returns where it stands; nothing once it is at the end.
std::optional<std::string> read_on(const opener& open, const std::string& position,
                                   std::size_t rows, std::size_t reads, outcome& to) {
  const auto log = std::make_shared<memory_reject_log>();
  source_context at;
  at.stage = "test";
  at.bounds.rows = rows;
  at.rejects = log;
  at.position = position;
  auto opened = open(at);
  if (!opened) FAIL(opened.failure().message);
  source_reader& reader = *opened.value();
  bool ended = false;
  for (; reads > 0 && !ended; --reads) {
    auto got = reader.read();
    REQUIRE(got);
    ended = got.value().state == read_state::end;
    if (const batch_ptr& batch = got.value().rows)
      for (std::size_t row = 0; row < batch->size(); ++row)
        to.rows.push_back(test::shown(*batch, row));
  }
  for (const auto& bad : log->rows())
    to.rejects.push_back(bad.input + ' ' + std::to_string(bad.line) + "@" +
                         std::to_string(bad.offset) + " " + bad.reason + ": " + bad.text);
  const std::string here = reader.position();
  CHECK_FALSE(here.empty());
  // At the end there is nothing to be read from the position either.
  if (ended) {
    at.position = here;
    auto again = open(at);
    REQUIRE(again);
    auto nothing = again.value()->read();
    REQUIRE(nothing);
    CHECK(nothing.value().rows == nullptr);
    CHECK(nothing.value().state == read_state::end);
    return std::nullopt;
  }
  return here;
}

// Readers that take turns at random places give what one reader gives.
void check_turns(const opener& open, random_numbers& random) {
  outcome whole, turns;
  read_on(open, "", 1000, SIZE_MAX, whole);
  std::optional<std::string> position = "";
  while (position) position = read_on(open, *position, 1 + random() % 4, random() % 4, turns);
  CHECK(turns == whole);
}

// One to three files of pieces drawn at random, behind `head`.
std::vector<std::string> drawn_files(const temporary_folder& folder, random_numbers& random,
                                     const std::vector<std::string>& heads,
                                     const std::vector<std::string>& pieces) {
  std::vector<std::string> paths;
  for (std::size_t file = 0, files = 1 + random() % 3; file < files; ++file) {
    const bool returns = random() % 2 == 0;
    std::string text = random() % 2 == 0 ? "\xef\xbb\xbf" : "";
    const auto add = [&](const std::string& line) { text += line + (returns ? "\r\n" : "\n"); };
    if (!heads.empty()) add(heads[random() % heads.size()]);
    for (std::size_t left = random() % 12; left > 0; --left) add(pieces[random() % pieces.size()]);
    if (random() % 3 == 0) text += pieces[0];  // the last line without its end
    paths.push_back(folder.write("in" + std::to_string(file), text));
  }
  return paths;
}

template <class F>
void for_each_seed(F f) {
  const temporary_folder folder;
  for (std::uint64_t seed = 1; seed <= 150; ++seed) {
    INFO("seed " << seed);
    random_numbers random{seed};
    f(folder, random);
  }
}

// Opens `files` for one instance and reads `rows` rows; returns where it stands.
template <class Files>
std::string position_behind(const Files& files, std::size_t rows) {
  outcome ignored;
  return read_on([&](const source_context& at) { return files.open(at); }, "", 1, rows, ignored)
      .value();
}
template <class Files>
error refusal_of(const Files& files, const std::string& position) {
  source_context at;
  at.position = position;
  auto opened = files.open(at);
  REQUIRE_FALSE(opened);
  return opened.failure();
}

}  // namespace

TEST_CASE("readers of CSV go on where another stood", "[position][csv][F906]") {
  for_each_seed([](const temporary_folder& folder, random_numbers& random) {
    const from::csv<two_texts> files{
        drawn_files(folder, random, {"a,b", "b,a", "\"a\",b"},
                    {"plain,1", "\"two\nlines\",\"say \"\"x\"\"\"", "one", "", "a,b,c", "\"open,1",
                     "x\"y,\"\"", "much too long a line for one row,2", "\"a\"b,3", "e,"}),
        {.max_field = 20, .max_row = 30, .reject_file = {}}};
    check_turns([&](const source_context& at) { return files.open(at); }, random);
  });
}

TEST_CASE("readers of JSON lines go on where another stood", "[position][json_lines][F906]") {
  for_each_seed([](const temporary_folder& folder, random_numbers& random) {
    const from::json_lines<two_texts> files{
        drawn_files(folder, random, {},
                    {R"({"a":"x","b":"1"})", R"({"a":"y"})", "", "{", R"({"b":"1"})",
                     R"({"a":"much too long a line for one row"})", R"({"a":"\n"})"}),
        {.max_line = 30, .reject_file = {}}};
    check_turns([&](const source_context& at) { return files.open(at); }, random);
  });
}

TEST_CASE("readers of text go on where another stood", "[position][text][F906]") {
  for_each_seed([](const temporary_folder& folder, random_numbers& random) {
    const from::text_file files{
        drawn_files(folder, random, {},
                    {"to", "", "be or\xff not", "much too long a line", "\xc3\xa9", "\r"}),
        {.max_line = 12}};
    check_turns([&](const source_context& at) { return files.open(at); }, random);
  });
}

TEST_CASE("generated rows go on where another reader stood", "[position][generate][F906]") {
  for_each_seed([](const temporary_folder&, random_numbers& random) {
    const from::generate<numbered> rows{[](std::uint64_t row, numbered& n) { n = {row}; },
                                        {.count = 1 + random() % 40}};
    const std::size_t instances = 1 + random() % 3;
    for (std::size_t i = 0; i < instances; ++i)
      check_turns(
          [&](source_context at) {
            at.instance = i;
            at.instances = instances;
            return rows.open(at);
          },
          random);
  });
}

TEST_CASE("a file that has grown is read on to its new end", "[position][F906]") {
  const temporary_folder folder;
  const from::csv<two_texts> file{folder.write("in.csv", "a,b\n1,\n2,\n")};
  const std::string position = position_behind(file, 1);
  folder.write("in.csv", "a,b\n1,\n2,\n3,\n");
  outcome rest;
  read_on([&](const source_context& at) { return file.open(at); }, position, 10, SIZE_MAX, rest);
  CHECK(rest.rows == lines{"2|~", "3|~"});
}

TEST_CASE("a file that is no longer the one that was read is refused by name", "[position][F906]") {
  const temporary_folder folder;
  const std::string path = folder.write("in", "one\ntwo\nthree\n");
  const from::text_file file{path};
  const std::string position = position_behind(file, 2);
  const error refused{error_code::malformed,
                      "not the file that was being read, before byte 8: " + path};
  folder.write("in", "one\ntoo\nthree\n");
  CHECK(refusal_of(file, position) == refused);
  folder.write("in", "one\n");
  CHECK(refusal_of(file, position) == refused);
  folder.write("in", "");
  CHECK(refusal_of(file, position) == refused);
}

TEST_CASE("a byte changed at either end of what was read is noticed", "[position][F906]") {
  const temporary_folder folder;
  std::string text;
  while (text.size() < 3 * file_position::looked_at) text += "0123456\n";
  const from::text_file file{folder.write("in", text)};
  const std::size_t read = text.size() / 8 - 1;
  const std::string position = position_behind(file, read);
  const std::size_t behind = 8 * read;
  for (const std::size_t changed : {std::size_t{0}, file_position::looked_at - 2,
                                    behind - file_position::looked_at, behind - 2}) {
    INFO("byte " << changed);
    std::string other = text;
    other[changed] = 'x';
    folder.write("in", other);
    CHECK(refusal_of(file, position).code == error_code::malformed);
  }
  text[behind] = 'x';
  folder.write("in", text);
  source_context at;
  at.position = position;
  CHECK(file.open(at));
}

TEST_CASE("another list of files is refused by name", "[position][F906]") {
  const temporary_folder folder;
  const std::string a = folder.write("a", "1\n2\n"), b = folder.write("b", "3\n4\n");
  const std::string position = position_behind(from::text_file{std::vector{a, b}}, 3);
  const error refused{
      error_code::malformed,
      "the list of files is not the one that was being read: no longer file 2: " + b};
  CHECK(refusal_of(from::text_file{std::vector{b, a}}, position) == refused);
  CHECK(refusal_of(from::text_file{std::vector{a}}, position) == refused);
  // What comes behind the position may be new.
  const from::text_file more{std::vector{a, b, folder.write("c", "5\n")}};
  outcome rest;
  read_on([&](const source_context& at) { return more.open(at); }, position, 10, SIZE_MAX, rest);
  CHECK(rest.rows == lines{"4", "5"});
}

TEST_CASE("bytes that are no position are refused", "[position][F906]") {
  const temporary_folder folder;
  const from::text_file text{folder.write("in", "1\n2\n")};
  const from::csv<two_texts> csv{folder.write("in.csv", "a,b\n1,\n2,\n")};
  const std::string of_text = position_behind(text, 1), of_csv = position_behind(csv, 1);
  for (std::size_t bytes = 1; bytes < of_text.size(); ++bytes)
    CHECK(refusal_of(text, of_text.substr(0, bytes)).code == error_code::malformed);
  for (std::size_t bytes = 1; bytes < of_csv.size(); ++bytes)
    CHECK(refusal_of(csv, of_csv.substr(0, bytes)).code == error_code::malformed);
  CHECK(refusal_of(text, of_text + "x").code == error_code::malformed);
}

}  // namespace sluice

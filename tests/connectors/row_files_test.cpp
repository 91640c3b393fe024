#include <filesystem>
#include <string>

#include "sluice/connectors/csv.hpp"
#include "sluice/connectors/json_lines.hpp"
#include "sluice/records/batch.hpp"
#include "sluice/tests/connectors/temporary_folder.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice {

namespace {

using test::content_of;
using test::temporary_folder;

struct entry {
  std::int32_t id;
  std::optional<double> amount;
  std::optional<std::string_view> text;
  instant at;
  bool on;
};
SLUICE_RECORD(entry, id, amount, text, at, on);

struct maybe_word {
  std::optional<std::string_view> text;
};
SLUICE_RECORD(maybe_word, text);

template <class T>
batch_ptr batch_of(std::initializer_list<T> rows) {
  batch_builder<T> out{buffer_pool{}};
  for (const T& row : rows) out.push(row);
  return out.take();
}

// What `sink` writes for `rows` to the file `path`.
template <class T, class Sink>
std::string written(const Sink& sink, const std::string& path, std::initializer_list<T> rows) {
  auto writer = sink.open({.stage = "out", .fields = &schema_of<T>()});
  REQUIRE(writer);
  if (rows.size() > 0) REQUIRE(writer.value()->write(*batch_of(rows)));
  REQUIRE(writer.value()->close());
  return content_of(path);
}

result<std::unique_ptr<sink_writer>> open_part(const to::csv& sink, std::size_t instance,
                                               std::size_t instances) {
  return sink.open({"out", instance, instances, &schema_of<maybe_word>()});
}

}  // namespace

TEST_CASE("CSV has a head line and quotes where they are needed", "[to_csv][F1201]") {
  const temporary_folder folder;
  const std::string path = folder.path("out.csv");
  CHECK(written<entry>(to::csv{path}, path,
                       {{1, 0.5, "plain", {0}, true},
                        {-2, std::nullopt, std::nullopt, {1}, false},
                        {3, -0.0, "", instant::highest(), true},
                        {4, 1e300, "a,b", {0}, true},
                        {5, 100'000, "say \"hi\"\r\n", {0}, true}}) ==
        "id,amount,text,at,on\n"
        "1,0.5,plain,1970-01-01T00:00:00Z,true\n"
        "-2,,,1970-01-01T00:00:00.000001Z,false\n"
        "3,-0,\"\",9223372036854775807,true\n"
        "4,1e+300,\"a,b\",1970-01-01T00:00:00Z,true\n"
        "5,100000,\"say \"\"hi\"\"\r\n\",1970-01-01T00:00:00Z,true\n");
  CHECK(written<maybe_word>(to::csv{path}, path, {{"a"}, {std::nullopt}, {""}}) ==
        "text\na\n\n\"\"\n");
  CHECK(written<maybe_word>(to::csv{path}, path, {}) == "text\n");
}

TEST_CASE("JSON lines have null for what is absent or no number", "[to_json_lines][F1201]") {
  const temporary_folder folder;
  const std::string path = folder.path("out.jsonl");
  CHECK(
      written<entry>(to::json_lines{path}, path,
                     {{1, 0.5, "a\"\n\xff", {0}, true},
                      {-2, std::nullopt, std::nullopt, {1}, false},
                      {3, std::numeric_limits<double>::infinity(), "", {0}, true},
                      {4, std::numeric_limits<double>::quiet_NaN(), "", {0}, true}}) ==
      "{\"id\":1,\"amount\":0.5,\"text\":\"a\\\"\\n\xef\xbf\xbd\",\"at\":\"1970-01-01T00:00:00Z\","
      "\"on\":true}\n"
      R"({"id":-2,"amount":null,"text":null,"at":"1970-01-01T00:00:00.000001Z","on":false})"
      "\n"
      R"({"id":3,"amount":null,"text":"","at":"1970-01-01T00:00:00Z","on":true})"
      "\n"
      R"({"id":4,"amount":null,"text":"","at":"1970-01-01T00:00:00Z","on":true})"
      "\n");
}

TEST_CASE("a folder takes one file an instance", "[to_csv]") {
  const temporary_folder folder;
  const to::csv sink{folder.path("a/b")};
  for (std::size_t i = 0; i < 3; ++i) {
    auto writer = open_part(sink, i, 3);
    REQUIRE(writer);
    const std::string text = "row " + std::to_string(i);
    REQUIRE(writer.value()->write(*batch_of<maybe_word>({{text}})));
    REQUIRE(writer.value()->flush({1}));
  }
  CHECK(content_of(folder.path("a/b/part-00000.csv")) == "text\nrow 0\n");
  CHECK(content_of(folder.path("a/b/part-00002.csv")) == "text\nrow 2\n");
  CHECK(sink.describe() == "csv files, " + folder.path("a/b/part-*.csv"));
  CHECK(to::csv{"x.csv"}.describe() == "csv file, x.csv");
  CHECK(to::json_lines{"x"}.describe() == "json lines files, x/part-*.jsonl");
}

TEST_CASE("rows are in the file at the end of their epoch", "[to_csv]") {
  const temporary_folder folder;
  auto writer = open_part(to::csv{folder.path("out.csv")}, 0, 1);
  REQUIRE(writer);
  CHECK(content_of(folder.path("out.csv")) == "text\n");
  REQUIRE(writer.value()->write(*batch_of<maybe_word>({{"a"}})));
  REQUIRE(writer.value()->flush({1}));
  CHECK(content_of(folder.path("out.csv")) == "text\na\n");
}

TEST_CASE("parts of an earlier run with more instances are removed, other files are not",
          "[to_csv]") {
  const temporary_folder folder;
  for (const char* name : {"part-00000.csv", "part-00001.csv", "part-00002.csv", "part-00007.csv",
                           "part-00007.jsonl", "part-x0007.csv", "notes.csv"})
    folder.write(name, "old\n");
  REQUIRE(open_part(to::csv{folder.path("")}, 0, 2));
  CHECK(content_of(folder.path("part-00000.csv")) == "text\n");
  CHECK(content_of(folder.path("part-00001.csv")) == "old\n");  // the other instance's to replace
  CHECK_FALSE(std::filesystem::exists(folder.path("part-00002.csv")));
  CHECK_FALSE(std::filesystem::exists(folder.path("part-00007.csv")));
  CHECK(content_of(folder.path("part-00007.jsonl")) == "old\n");
  CHECK(content_of(folder.path("part-x0007.csv")) == "old\n");
  CHECK(content_of(folder.path("notes.csv")) == "old\n");
}

TEST_CASE("files that cannot be made or written are errors by name", "[to_csv]") {
  const temporary_folder folder;
  const auto several = open_part(to::csv{folder.path("out.csv")}, 0, 2);
  REQUIRE_FALSE(several);
  CHECK(several.failure().message ==
        "one file for 2 instances of out, give a folder instead: " + folder.path("out.csv"));

  const auto missing = open_part(to::csv{folder.path("no/such/out.csv")}, 0, 1);
  REQUIRE_FALSE(missing);
  CHECK(missing.failure().code == error_code::not_found);

  folder.write("file", "");
  const auto no_folder = open_part(to::csv{folder.path("file")}, 0, 1);
  REQUIRE_FALSE(no_folder);
  CHECK(no_folder.failure().message.starts_with("cannot prepare folder " + folder.path("file")));

  std::filesystem::create_symlink("/dev/full", folder.path("full.csv"));
  const auto full = open_part(to::csv{folder.path("full.csv")}, 0, 1);
  REQUIRE_FALSE(full);
  CHECK(full.failure() == error{error_code::no_space, "cannot write " + folder.path("full.csv") +
                                                          " (no space left on device)"});
}

TEST_CASE("a disk that fills up is an error at the write or the flush", "[to_csv]") {
  const temporary_folder folder;
  std::filesystem::create_symlink("/dev/full", folder.path("full.jsonl"));
  auto writer = to::json_lines{folder.path("full.jsonl")}.open(
      {.stage = "out", .fields = &schema_of<maybe_word>()});
  REQUIRE(writer);  // nothing to write yet
  CHECK(writer.value()->write(*batch_of<maybe_word>({{"a"}})));
  const auto flushed = writer.value()->flush({1});
  REQUIRE_FALSE(flushed);
  CHECK(flushed.failure().code == error_code::no_space);

  const std::string large(600'000, 'x');
  const auto written = writer.value()->write(*batch_of<maybe_word>({{large}}));
  REQUIRE_FALSE(written);
  CHECK(written.failure().code == error_code::no_space);
}

}  // namespace sluice

#include "sluice/connectors/text.hpp"

#include <string>

#include "sluice/tests/connectors/temporary_folder.hpp"
#include "sluice/tests/connectors/transcript.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice {

using test::lines;
using test::temporary_folder;
using test::transcript;

TEST_CASE("the lines of a text file are rows", "[text]") {
  const temporary_folder folder;
  const std::string input = "\xef\xbb\xbfto be\r\n\nor\xff not\nto \xc3\xa9\nbe";
  const std::string path = folder.write("in.txt", input);
  const from::text_file file{path};
  const transcript told =
      test::read_all([&](const source_context& at) { return file.open(at); }, {}, input);
  CHECK(told.rows == lines{"to be", "", "to \xc3\xa9", "be"});
  CHECK(told.rejects == lines{"3@11 not UTF-8: or\xff not"});
  CHECK(file.describe() == "text file, " + path);
}

TEST_CASE("a line over the limit is a bad row", "[text]") {
  const temporary_folder folder;
  const from::text_file file{folder.write("in.txt", "1234\n12345\n123"), {.max_line = 4}};
  const transcript told = test::read_all([&](const source_context& at) { return file.open(at); });
  CHECK(told.rows == lines{"1234", "123"});
  CHECK(told.rejects == lines{"2@5 a line over the limit: 12345"});
}

TEST_CASE("files are spread over instances and read one after another", "[text]") {
  const temporary_folder folder;
  std::vector<std::string> paths;
  for (const char* name : {"a", "b", "c", "d", "e"})
    paths.push_back(folder.write(name, std::string(name) + "1\n" + name + "2"));
  paths.push_back(folder.write("empty", ""));
  const from::text_file files{paths};
  CHECK(files.describe() == "text files, " + paths[0] + " and 5 more");
  const auto instance = [&](std::size_t i, std::size_t n) {
    return test::read_all([&](source_context at) {
             at.instance = i;
             at.instances = n;
             return files.open(at);
           })
        .rows;
  };
  CHECK(instance(0, 1) == lines{"a1", "a2", "b1", "b2", "c1", "c2", "d1", "d2", "e1", "e2"});
  CHECK(instance(0, 2) == lines{"a1", "a2", "c1", "c2", "e1", "e2"});
  CHECK(instance(1, 2) == lines{"b1", "b2", "d1", "d2"});
  CHECK(instance(6, 7) == lines{});
}

TEST_CASE("line numbers and offsets begin anew with every file", "[text]") {
  const temporary_folder folder;
  const from::text_file files{
      std::vector<std::string>{folder.write("a", "x\n\xff\n"), folder.write("b", "y\n\xfe\n")}};
  const transcript told = test::read_all([&](const source_context& at) { return files.open(at); });
  CHECK(told.rejects == lines{"2@2 not UTF-8: \xff", "2@2 not UTF-8: \xfe"});
}

TEST_CASE("a file that is not there is an error before anything is read", "[text]") {
  const temporary_folder folder;
  const std::string there = folder.write("a", "x\n");
  const auto open = [](std::vector<std::string> paths) {
    return from::text_file{std::move(paths)}.open({});
  };
  const auto missing = open({there, there, folder.path("b")});
  REQUIRE_FALSE(missing);
  CHECK(missing.failure() == error{error_code::not_found, "cannot open " + folder.path("b") +
                                                              " (no such file or directory)"});
  const auto directory = open({folder.path("")});
  REQUIRE_FALSE(directory);
  CHECK(directory.failure().message == "cannot open " + folder.path("") + " (is a directory)");
}

TEST_CASE("without a reject log a bad row is an error that names its place", "[text]") {
  const temporary_folder folder;
  const from::text_file file{folder.write("in.txt", "a\nb\xff\n")};
  auto reader = file.open({});
  REQUIRE(reader);
  const auto read = reader.value()->read();
  REQUIRE_FALSE(read);
  CHECK(read.failure() ==
        error{error_code::malformed,
              folder.path("in.txt") + ":2: not UTF-8 (byte 2): \"b\xef\xbf\xbd\""});
}

TEST_CASE("progress is told in bytes", "[text]") {
  const temporary_folder folder;
  const from::text_file files{
      std::vector<std::string>{folder.write("a", "12\n45\n"), folder.write("b", "12\n")}};
  source_context at;
  at.bounds.rows = 1;
  auto reader = files.open(at);
  REQUIRE(reader);
  CHECK(reader.value()->progress().done == 0);
  CHECK(reader.value()->progress().total == 9);
  REQUIRE(reader.value()->read());
  REQUIRE(reader.value()->read());
  CHECK(reader.value()->progress().done == 3);
  REQUIRE(reader.value()->read());
  CHECK(reader.value()->progress().done == 6);
  REQUIRE(reader.value()->read());
  CHECK(reader.value()->progress().done == 9);
}

}  // namespace sluice

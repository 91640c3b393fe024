#include <algorithm>

#include "sluice/graph/settings_reader.hpp"
#include "sluice/tests/graph/settings/reading.hpp"
#include "sluice/tests/graph/settings/wrong_files.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice {
namespace {

settings_reading read_wrong(const wrong_file& file) {
  const std::vector<environment_variable> environment{{wrong_file_secret_name, wrong_file_secret}};
  settings_reader reader(wrong_file_stages);
  reader.environment(environment);
  reader.text(wrong_file_name, file.text);
  return reader.read();
}

// Cuts a line where the expected one leaves the rest to the parser.
std::string comparable(const std::string& said, const std::string& expected) {
  const std::string open_end = "…";
  if (!expected.ends_with(open_end)) return said;
  return said.substr(0, expected.size() - open_end.size()) + open_end;
}

void check_all(const std::vector<wrong_file>& files) {
  for (const auto& file : files) {
    INFO(file.text);
    auto said = one_lines(read_wrong(file).errors);
    for (std::size_t i = 0; i < std::min(said.size(), file.errors.size()); ++i) {
      said[i] = comparable(said[i], file.errors[i]);
    }
    CHECK(said == file.errors);
  }
}

std::vector<wrong_file> all_wrong_files() {
  std::vector<wrong_file> all;
  for (auto part : {files_of_wrong_syntax(), files_of_wrong_keys(), files_of_wrong_values(),
                    files_of_wrong_stages()}) {
    all.insert(all.end(), part.begin(), part.end());
  }
  return all;
}

TEST_CASE("a file that is not TOML is refused with place and remedy", "[settings][F21][U32][P9]") {
  check_all(files_of_wrong_syntax());
}

TEST_CASE("an unknown key is refused with the nearest known one", "[settings][F21][U30]") {
  check_all(files_of_wrong_keys());
}

TEST_CASE("a wrong value is refused with key, value and what is allowed", "[settings][F21][U31]") {
  check_all(files_of_wrong_values());
}

TEST_CASE("what is wrong about a stage is refused", "[settings][F21][P1]") {
  check_all(files_of_wrong_stages());
}

TEST_CASE("sixty wrong files and more give one line for each error", "[settings][F21][U36]") {
  auto files = all_wrong_files();
  CHECK(files.size() >= 60);
  for (const auto& file : files) {
    INFO(file.text);
    for (const auto& line : one_lines(read_wrong(file).errors)) {
      CHECK(line.find('\n') == line.npos);
      CHECK(line.starts_with(wrong_file_name + ":"));
    }
  }
}

TEST_CASE("a wrong file throws before anything can run", "[settings][F21]") {
  for (const auto& file : all_wrong_files()) {
    INFO(file.text);
    CHECK_THROWS_AS(read_wrong(file).checked(), config_error);
  }
}

TEST_CASE("a secret in a variable is never shown", "[settings][U34]") {
  for (const auto& file : all_wrong_files()) {
    auto reading = read_wrong(file);
    std::string shown = explain(reading.values);
    for (const auto& problem : reading.errors) shown += render(problem);
    for (const auto& problem : reading.warnings) shown += render(problem);
    CHECK(shown.find(wrong_file_secret) == shown.npos);
  }
}

TEST_CASE("all errors of several files come at once, in order", "[settings][U14]") {
  settings_reader reader(test_stages);
  reader.set("batch.rows=none");
  reader.text("one.toml", "[batch]\nrows = 0\npolicy = off\n[comit]\n");
  reader.text("two.toml", "[batch]\npolicy = \"fast\"\n");
  reader.file("missing.toml");
  reader.code_stage("decid", "policy", "off");
  auto said = one_lines(reader.read().errors);
  REQUIRE(said.size() == 7);
  CHECK(said[0].starts_with("settings_wrong_test.cpp:"));
  CHECK(said[0].ends_with(": unknown stage: decid (did you mean decide?)"));
  CHECK(said[1] == "one.toml:2:8: value out of range: batch.rows = 0 (allowed: 1 to 1048576 rows)");
  CHECK(said[2] == R"(one.toml:3:10: text must be quoted: off (quote it: "off"))");
  CHECK(said[3] == "one.toml:4:2: unknown key: comit (did you mean commit?)");
  CHECK(said[4].starts_with(R"(two.toml:2:10: unknown policy: batch.policy = "fast")"));
  CHECK(said[5] == "missing.toml: cannot read configuration file (No such file or directory)");
  CHECK(said[6] ==
        "--set batch.rows=none: not a whole number: batch.rows = none (allowed: 1 to 1048576 "
        "rows)");
}

TEST_CASE("the error thrown says all lines", "[settings][F21]") {
  try {
    read_text("[batch]\nrow = 1\n[credits]\n").checked();
    FAIL("nothing was thrown");
  } catch (const config_error& error) {
    CHECK(std::string(error.what()) ==
          "a.toml:2:1: unknown key: batch.row (did you mean batch.rows?)\n"
          "a.toml:3:2: unknown key: credits (did you mean credit?)");
    CHECK(error.problems().size() == 2);
  }
}

TEST_CASE("no error follows from another one", "[settings]") {
  CHECK(one_lines(read_text("[batch]\nrows = 200_000\n[credit]\nrow = 200_000\n").errors) ==
        lines{"a.toml:4:1: unknown key: credit.row (did you mean credit.rows?)"});
  CHECK(read_text("[stage.decide]\npolicy = \"min\"\nallowLatencyMs = 5\n").errors.size() == 1);
  CHECK(read_text("microBatch.allowLatencyMs = 5\nminiBatch.size = 20000 rows\n").warnings.empty());
}

TEST_CASE("a file that is none is refused", "[settings][F21]") {
  settings_reader reader(test_stages);
  reader.file(".");
  reader.text("large.toml", std::string((1 << 20) + 1, '\n'));
  CHECK(one_lines(reader.read().errors) ==
        lines{".: cannot read configuration file (Is a directory)",
              "large.toml: configuration file too large: 1048577 bytes (at most 1048576)"});
}

TEST_CASE("keys nested without end are refused, not followed", "[settings][F21]") {
  std::string dots;
  for (int i = 0; i < 100'000; ++i) dots += "a.";
  for (const auto& text : {dots + "a = 1", "[" + dots + "a]", "a = {" + dots + "a = 1}"}) {
    auto errors = read_text(text).errors;
    REQUIRE(errors.size() == 1);
    CHECK(errors[0].message.starts_with("key too long: "));
    CHECK(one_line(errors[0]).size() < 200);
  }
}

}  // namespace
}  // namespace sluice

#include "sluice/graph/settings_lines.hpp"
#include "sluice/graph/settings_nearest.hpp"
#include "sluice/graph/settings_problem.hpp"
#include "sluice/graph/settings_scan.hpp"
#include "sluice/graph/settings_segments.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice {
namespace {

using path = std::vector<std::string>;

TEST_CASE("statements are found with path and place", "[settings_scan]") {
  auto found = scan_statements("a.b = 1 # c = 2\n\n [t . \"u.v\"] # x\n  'k'.l=2\r\n[[w]]\n");
  REQUIRE(found.size() == 4);
  CHECK(found[0].path == path{"a", "b"});
  CHECK(found[0].value == "1 # c = 2");
  CHECK(found[1].path == path{"t", "u.v"});
  CHECK(found[1].kind == statement_kind::table);
  CHECK(found[1].column == 2);
  CHECK(found[2].path == path{"t", "u.v", "k", "l"});
  CHECK(found[2].table_depth == 2);
  CHECK(found[2].line == 4);
  CHECK(found[2].column == 3);
  CHECK(found[2].value == "2");
  CHECK(found[3].kind == statement_kind::table_array);
}

TEST_CASE("a value reaches to its last bracket or quote", "[settings_scan]") {
  auto found = scan_statements(
      "a = [1, # ]\n \"]\",\n 2]\n"
      "b = \"\"\"x = 1\n\\\"\"\" \"\"\" # y\n"
      "c = '''\n[t]\n'''\n"
      "d = \"[\"\n"
      "e = {\n");
  REQUIRE(found.size() == 5);
  CHECK(found[0].last_line == 3);
  CHECK(found[1].line == 4);
  CHECK(found[1].last_line == 5);
  CHECK(found[2].line == 6);
  CHECK(found[2].last_line == 8);
  CHECK(found[3].line == 9);
  CHECK(found[3].last_line == 9);
  CHECK(found[4].last_line == 11);
  CHECK(statement_at(found, 2) == &found[0]);
  CHECK(statement_at(found, 7) == &found[2]);
  CHECK(statement_at(found, 99) == nullptr);
}

TEST_CASE("a repetition is traced to its first line", "[settings_scan]") {
  auto first = [](std::string_view text) {
    auto found = scan_statements(text);
    auto earlier = contradicted_by(found, found.back());
    return earlier ? earlier->line : 0;
  };
  CHECK(first("x = 1\na = 1\na = 2") == 2);
  CHECK(first("[a]\nb = 1\n[a]") == 1);
  CHECK(first("a.b = 1\n[a]") == 1);
  CHECK(first("a = 1\n[a.b]") == 1);
  CHECK(first("a = 1\na.b = 1") == 1);
  CHECK(first("a.b = 1\na = 1") == 1);
  CHECK(first("[a.b]\n[a]") == 0);
  CHECK(first("[a.b]\nc = 1\n[a]") == 0);
  CHECK(first("[[a]]\n[[a]]") == 0);
  CHECK(first("a.b = 1\na.c = 1") == 0);
}

TEST_CASE("a line is cut into strings, comments and the rest", "[settings_segments]") {
  auto cut = [](std::initializer_list<std::string_view> lines) {
    segment_walk walk;
    std::string said;
    for (auto line : lines) {
      for (const auto& segment : walk.next(line, 0)) {
        said += "ptlc"[static_cast<int>(segment.kind)];
        said += std::to_string(segment.end - segment.begin);
      }
      said += '|';
    }
    return said;
  };
  CHECK(cut({R"(rows = "a # b" # c)"}) == "p7t7p1c3|");
  CHECK(cut({R"(a = 'it\' # c)"}) == "p4t5p1c3|");
  CHECK(cut({R"(a = "it\" # c)"}) == "p4t9|");
  CHECK(cut({R"(a = """x)", "# y", R"(z""""" # c)"}) == "p4l4|l3|l6p1c3|");
  CHECK(cut({R"(a = """x\""")", R"(""")"}) == "p4l8|l3|");
  CHECK(cut({"a = ''''''b"}) == "p4l6p1|");
}

TEST_CASE("characters beyond ASCII are kept where they may stand", "[settings_segments]") {
  CHECK(plain_characters("a = \"é\" # é\n") == "a = \"é\" # é\n");
  CHECK(plain_characters("größe = “1” é\n") == "gr??e = ?1? ?\n");
  CHECK(plain_characters("a = '''é''' # é") == "a = '''?''' # é");
  CHECK(plain_characters(R"("é".'é' = ["é",'é'] # {'é'="é"})") ==
        R"("é".'é' = ["é",'é'] # {'é'="é"})");
  CHECK(plain_characters(R"(rows = 1"é")") == R"(rows = 1"?")");
  CHECK(plain_characters(R"(rows = 1'"é'"é")") == R"(rows = 1'"?'"?")");
  CHECK(plain_characters(R"(rows = 6x.y="é")") == R"(rows = 6x.y="?")");
  CHECK(plain_characters(R"(rows = 6."é")") == R"(rows = 6."?")");
  CHECK(plain_characters(R"(rows = 6{a = "é"})") == R"(rows = 6{a = "?"})");
  CHECK(plain_characters(R"(rows = 6["é"])") == R"(rows = 6["?"])");
  CHECK(plain_characters(R"(a = {b."é" = "é", c = "é"})") == R"(a = {b."é" = "é", c = "é"})");
  CHECK(plain_characters(R"(a = '''x'''"é")") == R"(a = '''x'''"?")");
  CHECK(plain_characters("5\xA9 \xC3\xA9\xA9 \xFF\xFF") == "5? ? ??");
}

TEST_CASE("columns count characters, not bytes", "[settings_lines]") {
  settings_lines text("é = 1\r\nab\n");
  CHECK(text.size() == 3);
  CHECK(text.line(1) == "é = 1");
  CHECK(text.line(4).empty());
  CHECK(text.column(1, 2) == 2);
  CHECK(text.slice(1, 2, 4) == " =");
  CHECK(text.slice(1, 5, 99) == "1");
  CHECK(text.slice(1, 9, 3).empty());
}

TEST_CASE("edits are counted", "[settings_nearest]") {
  CHECK(edit_distance("", "") == 0);
  CHECK(edit_distance("rows", "rows") == 0);
  CHECK(edit_distance("row", "rows") == 1);
  CHECK(edit_distance("rwos", "rows") == 2);
  CHECK(edit_distance("", "rows") == 4);
  CHECK(edit_distance("kitten", "sitting") == 3);
}

TEST_CASE("the nearest name is near, or there is none", "[settings_nearest]") {
  const std::vector<std::string> names{"rows", "policy", "max_bytes"};
  CHECK(nearest_name("row", names) == "rows");
  CHECK(nearest_name("polcy", names) == "policy");
  CHECK(nearest_name("maxbytes", names) == "max_bytes");
  CHECK_FALSE(nearest_name("colour", names));
  CHECK_FALSE(nearest_name("", names));
  CHECK_FALSE(nearest_name(std::string(1000, 'r'), names));
  CHECK_FALSE(nearest_name("row", {}));
}

TEST_CASE("the caret stands below its character", "[settings_problem]") {
  auto problem = error_saying("what", "why");
  problem.origin = {setting_layer::file, "a.toml", 3, 5, {}};
  problem.source_line = "\té = x";
  CHECK(one_line(problem) == "a.toml:3:5: what (why)");
  CHECK(render(problem) == "a.toml:3:5: what\n\té = x\n\t   ^ why");
  problem.source_line.clear();
  CHECK(render(problem) == one_line(problem));
}

TEST_CASE("what is shown is one line without control characters", "[settings_problem]") {
  CHECK(printable("a\nb\x1B[31m\t") == "a\\nb\\x1b[31m\\x09");
  CHECK(printable("é\xA9 \xC3 ") == "é\\xa9 \\xc3 ");
  CHECK(printable(std::string(80, 'x')) == std::string(80, 'x'));
  CHECK(printable(std::string(81, 'x')) == std::string(80, 'x') + "…");
}

}  // namespace
}  // namespace sluice

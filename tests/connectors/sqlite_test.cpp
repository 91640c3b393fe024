#include "sluice/connectors/sqlite.hpp"

#include "sluice/connectors/outside_wait.hpp"
#include "sluice/connectors/sqlite_database.hpp"
#include "sluice/tests/connectors/table_rows.hpp"
#include "sluice/tests/connectors/temporary_folder.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice {

namespace {

using namespace test;

struct measured {
  std::int64_t id;
  double value;
};
SLUICE_RECORD(measured, id, value);

// A database file and somebody else's connection to it.
struct outside {
  temporary_folder folder;
  std::string path = folder.path("out.db");

  sqlite_database open() const {
    auto made = sqlite_database::open(path, sqlite_database::access::write);
    if (!made) throw std::runtime_error(made.failure().message);
    return std::move(made).value();
  }
  void run(const std::string& sql) const { REQUIRE(open().run(sql)); }
  lines ask(const std::string& sql, int columns) const {
    auto database = open();
    auto asked = database.prepare(sql);
    REQUIRE(asked);
    lines found;
    for (auto more = asked.value().step(); more && more.value(); more = asked.value().step()) {
      std::string line;
      for (int c = 0; c < columns; ++c) line += (c == 0 ? "" : "|") + asked.value().text(c);
      found.push_back(line);
    }
    return found;
  }
  template <class T>
  std::string refusal() const {
    return why_refused<T>(to::sqlite_table{path, "t"});
  }
};

sink_context committing(std::shared_ptr<outside_wait> wait = {}) {
  return {.stage = "out", .fields = &schema_of<pair_row>(), .commits = true, .wait = wait};
}

}  // namespace

TEST_CASE("every type of field is stored in SQLite as it was", "[sqlite][F1203]") {
  const outside there;
  REQUIRE(write_once(to::sqlite_table{there.path, "all"}, everything_there_is()));
  CHECK(there.ask("SELECT * FROM \"all\" ORDER BY middle", 16) ==
        lines{"0|-128|-32768|-2147483648|-9223372036854775808|0|0|0|0|-1.5|-1.0e-300|0||0||",
              "1|127|32767|2147483647|9223372036854775807|255|65535|4294967295|"
              "9223372036854775807|16777216.0|0.1|1522540800500001|tab\t, line\n, return\r, \\N "
              "and \\. and \"é\"|1|7|"});
  CHECK(there.ask("SELECT word IS NULL FROM \"all\" ORDER BY middle", 1) == lines{"1", "0"});
}

TEST_CASE("what SQLite cannot hold is refused before it is staged", "[sqlite][X27]") {
  const outside there;
  auto rows = everything_there_is();
  rows[1].large_count = std::uint64_t{1} << 63;
  CHECK(write_once(to::sqlite_table{there.path, "all"}, rows).failure().message ==
        "cannot be stored: field large_count: above 9223372036854775807, which SQLite cannot hold, "
        "in row 1 of a batch");
}

TEST_CASE("NaN is NULL in SQLite, and so its column may be NULL", "[sqlite]") {
  const outside there;
  const double nan = std::numeric_limits<double>::quiet_NaN();
  REQUIRE(write_once<measured>(to::sqlite_table{there.path, "t"}, {{1, nan}, {2, 0.5}}));
  CHECK(there.ask("SELECT id, value IS NULL FROM t ORDER BY id", 2) == lines{"1|1", "2|0"});
}

TEST_CASE("rows of an epoch are in the database at its flush, and not before", "[sqlite][F1203]") {
  const outside there;
  auto writer =
      to::sqlite_table{there.path, "t"}.open({.stage = "out", .fields = &schema_of<pair_row>()});
  REQUIRE(writer);
  CHECK_FALSE(writer.value()->commits());
  REQUIRE(writer.value()->write(*batch_of<pair_row>({{1, "a"}, {2, "b"}})));
  CHECK(there.ask("SELECT id FROM t", 1) == lines{});
  REQUIRE(writer.value()->flush({1}));
  CHECK(there.ask("SELECT id FROM t", 1) == lines{"1", "2"});
  CHECK(there.ask("SELECT name FROM sqlite_master WHERE name = 'sluice_epochs'", 1) == lines{});
}

TEST_CASE("an SQLite table that does not fit is refused before anything runs", "[sqlite][F1203]") {
  const outside there;
  const std::string where = "table t of " + there.path + ' ';
  CHECK(there.refusal<pair_row>().empty());
  CHECK_FALSE(std::filesystem::exists(there.path));
  SECTION("a column is missing") {
    there.run("CREATE TABLE t (id INTEGER)");
    CHECK(there.refusal<pair_row>() == where + "has no column for the field name");
  }
  SECTION("a column is of another kind") {
    there.run("CREATE TABLE t (id TEXT, name TEXT)");
    CHECK(there.refusal<pair_row>() ==
          where + "has a column id of type TEXT, but the field is int64 and needs INTEGER");
  }
  SECTION("a number may be none") {
    there.run("CREATE TABLE t (id INTEGER, value REAL NOT NULL)");
    CHECK(there.refusal<measured>() ==
          where + "has a column value that is NOT NULL, but the field may be absent");
  }
  SECTION("it fits, with a number of its own") {
    there.run("CREATE TABLE t (line INTEGER PRIMARY KEY, name VARCHAR(9), id BIGINT NOT NULL)");
    CHECK(there.refusal<pair_row>().empty());
    REQUIRE(write_once<pair_row>(to::sqlite_table{there.path, "t"}, {{5, "x"}}));
    CHECK(there.ask("SELECT line, name, id FROM t", 3) == lines{"1|x|5"});
  }
  SECTION("it is a view") {
    there.run("CREATE VIEW t AS SELECT 1 AS id");
    CHECK(there.refusal<pair_row>() == "t is a view, not a table");
  }
  SECTION("the file is no database") {
    there.folder.write("out.db", std::string(4096, 'x'));
    CHECK(there.refusal<pair_row>() == there.path + ": file is not a database");
  }
}

TEST_CASE("a committing writer to SQLite makes its commits last", "[sqlite][F903][D3]") {
  const outside there;
  REQUIRE(to::sqlite_table{there.path, "t"}.open(committing()));
  CHECK(there.ask("PRAGMA journal_mode", 1) == lines{"wal"});
  // The setting of a connection, not of the file.
  CHECK(there.ask("PRAGMA synchronous", 1) == lines{"2"});
}

TEST_CASE("a commit waits by name while the database is locked, until the run is ended",
          "[sqlite][X27]") {
  const outside there;
  lines told;
  std::shared_ptr<outside_waits> waits;
  waits = std::make_shared<outside_waits>([&](const std::string& stage, const std::string& why) {
    told.push_back(stage + ": " + why);
    waits->end();
  });
  auto writer = to::sqlite_table{there.path, "t"}.open(committing(waits));
  REQUIRE(writer);
  REQUIRE(writer.value()->resolve({.generation = {1}, .decided = {}, .fresh = true, .job = {}}));
  REQUIRE(writer.value()->write(*batch_of<pair_row>({{1, "a"}})));
  const auto prepared = writer.value()->prepare({1}, {1})();
  REQUIRE(prepared);
  auto other = there.open();
  REQUIRE(other.run("BEGIN IMMEDIATE"));
  const auto done = writer.value()->commit({1}, {1})();
  REQUIRE_FALSE(done);
  CHECK(done.failure().message == there.path + ": database is locked");
  CHECK(told == lines{"out: " + there.path + ": database is locked"});
  // Nothing was given up: the next generation shows it.
  REQUIRE(other.run("ROLLBACK"));
  auto next = to::sqlite_table{there.path, "t"}.open(committing());
  REQUIRE(next);
  REQUIRE(next.value()->resolve({.generation = {2},
                                 .decided = {{{1}, {1}, 0, prepared.value()}},
                                 .fresh = false,
                                 .job = {}}));
  CHECK(there.ask("SELECT id FROM t", 1) == lines{"1"});
}

}  // namespace sluice

#include "sluice/connectors/postgres.hpp"

#include "sluice/tests/connectors/postgres_database.hpp"
#include "sluice/tests/connectors/table_rows.hpp"
#include "sluice/tests/connectors/temporary_folder.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice {

namespace {

using namespace test;

struct maybe_row {
  std::int64_t id;
  std::optional<std::string_view> name;
};
SLUICE_RECORD(maybe_row, id, name);

template <class T>
std::string refusal(const std::string& table, const std::string& conninfo = postgres_conninfo()) {
  return why_refused<T>(to::postgres_table{conninfo, table});
}

}  // namespace

TEST_CASE("every type of field is stored in PostgreSQL as it was", "[postgres][F1203]") {
  postgres_database database;
  const std::string table = database.table("all");
  REQUIRE(write_once(to::postgres_table{postgres_conninfo(), table}, everything_there_is()));
  CHECK(database.ask("SELECT * FROM " + table + " ORDER BY middle") ==
        lines{"f|-128|-32768|-2147483648|-9223372036854775808|0|0|0|0|-1.5|-1e-300|1970-01-01 "
              "00:00:00+00||0||",
              "t|127|32767|2147483647|9223372036854775807|255|65535|4294967295|9223372036854775807|"
              "1.6777216e+07|0.1|2018-04-01 00:00:00.500001+00|tab\t, line\n, return\r, \\N and "
              "\\. and \"é\"|1|7|"});
  CHECK(database.ask("SELECT word IS NULL FROM " + table + " ORDER BY middle") == lines{"t", "f"});
}

TEST_CASE("numbers that are none and the largest ones are stored in PostgreSQL", "[postgres]") {
  postgres_database database;
  const std::string table = database.table("all");
  auto rows = everything_there_is();
  rows.resize(1);
  rows[0].large_count = UINT64_MAX;
  rows[0].precise = std::numeric_limits<double>::quiet_NaN();
  rows[0].single = -std::numeric_limits<float>::infinity();
  REQUIRE(write_once(to::postgres_table{postgres_conninfo(), table}, rows));
  CHECK(database.ask("SELECT large_count, precise, single FROM " + table) ==
        lines{"18446744073709551615|NaN|-Infinity"});
}

TEST_CASE("what PostgreSQL cannot hold is refused before it is staged", "[postgres][X27]") {
  postgres_database database;
  const to::postgres_table sink{postgres_conninfo(), database.table("all")};
  auto rows = everything_there_is();
  SECTION("a time before the year 1") {
    rows[1].at = instant::lowest();
    CHECK(write_once(sink, rows).failure().message ==
          "cannot be stored: field at: a time outside of the years 1 to 9999, in row 1 of a batch");
  }
  SECTION("text that is no text") {
    rows[0].text = "\xff";
    CHECK_THAT(write_once(sink, rows).failure().message,
               Catch::StartsWith("cannot be stored: field text: "));
  }
}

TEST_CASE("a table that does not fit is refused before anything runs", "[postgres][F1203]") {
  postgres_database database;
  const std::string table = database.table("t");
  const auto refused = [&](const std::string& columns) {
    database.run("CREATE TABLE " + table + " (" + columns + ")");
    std::string why = refusal<pair_row>(table);
    const std::string where = "table " + table + " of postgres on ";
    return why.starts_with(where) ? why.substr(why.find(' ', where.size()) + 1) : why;
  };
  CHECK(refusal<pair_row>(table).empty());
  SECTION("a column is missing") {
    CHECK(refused("id bigint") == "has no column for the field name");
  }
  SECTION("a column is too small") {
    CHECK(refused("id integer, name text") ==
          "has a column id of type integer, but the field is int64 and needs bigint");
  }
  SECTION("a text is too short") {
    CHECK(refused("id bigint, name varchar(5)") ==
          "has a column name of type character varying(5), but the field is text and needs text");
  }
  SECTION("a further column must have a value") {
    CHECK(refused("id bigint, name text, more text NOT NULL") ==
          "has a column more that must have a value, but the record pair_row has no such field");
  }
  SECTION("a column is computed") {
    CHECK(refused("id bigint GENERATED ALWAYS AS (1) STORED, name text") ==
          "computes the column id itself");
  }
  SECTION("an optional field must be there") {
    database.run("CREATE TABLE " + table + " (id bigint, name text NOT NULL)");
    CHECK_THAT(refusal<maybe_row>(table),
               Catch::Contains("has a column name that is NOT NULL, but the field may be absent"));
  }
  SECTION("it fits, in another order and with a number of its own") {
    CHECK(refused("line serial, name text NOT NULL, id numeric").empty());
    REQUIRE(write_once<pair_row>(to::postgres_table{postgres_conninfo(), table}, {{5, "x"}}));
    CHECK(database.ask("SELECT line, name, id FROM " + table) == lines{"1|x|5"});
  }
  SECTION("it is a view") {
    database.run("CREATE VIEW " + table + " AS SELECT 1 AS id");
    CHECK_THAT(refusal<pair_row>(table), Catch::EndsWith(": not a table: " + table));
  }
}

TEST_CASE("trying a table changes nothing", "[postgres]") {
  postgres_database database;
  CHECK(refusal<pair_row>(database.table("new")).empty());
  CHECK(database.ask("SELECT to_regclass('" + database.table("new") + "') IS NULL") == lines{"t"});
}

TEST_CASE("a server that is not there is an error that names it without the password",
          "[postgres]") {
  const temporary_folder nowhere;
  const std::string why =
      refusal<pair_row>("t", "host=" + nowhere.path("") + " dbname=db password=secret");
  CHECK_THAT(why, Catch::StartsWith("db on " + nowhere.path("") + ": cannot connect: "));
  CHECK_THAT(why, !Catch::Contains("secret"));
  CHECK_THAT(to::postgres_table("host=h dbname=db password=secret", "t").describe(),
             Catch::Equals("postgres table, t of db on h"));
  CHECK_THAT(refusal<pair_row>("t", "host"),
             Catch::StartsWith("not a connection string of PostgreSQL: "));
}

TEST_CASE("a name with quotes in it is only a name", "[postgres]") {
  postgres_database database;
  const std::string table = database.table("o\"dd; x");
  REQUIRE(write_once<pair_row>(to::postgres_table{postgres_conninfo(), table}, {{1, "a"}}));
  CHECK(database.ask("SELECT id FROM " + database.table("\"o\"\"dd; x\"")) == lines{"1"});
}

TEST_CASE("a session makes its commits last, and holds no locks for a stopped process",
          "[postgres][D3]") {
  auto made = postgres_connection::open(
      postgres_conninfo() + " options='-c synchronous_commit=off'", postgres_database::patience);
  REQUIRE(made);
  const auto shown = [&](const std::string& setting) {
    return made.value().ask("SHOW " + setting, {}, postgres_database::patience).value().rows.at(0);
  };
  CHECK(shown("synchronous_commit").at(0) == "on");
  CHECK(shown("idle_in_transaction_session_timeout").at(0) == "10s");
  CHECK(shown("client_encoding").at(0) == "UTF8");
}

TEST_CASE("an answer that never comes is waited for only as long as somebody wants it",
          "[postgres][X27]") {
  auto connection = postgres_connection::open(postgres_conninfo(), postgres_database::patience);
  REQUIRE(connection);
  int asked = 0;
  const auto done = connection.value().run("SELECT pg_sleep(3600)",
                                           [&](std::chrono::milliseconds) { return ++asked < 3; });
  REQUIRE_FALSE(done);
  CHECK(done.failure().code == error_code::unavailable);
  CHECK(asked == 3);
}

}  // namespace sluice

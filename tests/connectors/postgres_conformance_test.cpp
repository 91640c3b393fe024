#include <filesystem>

#include "sluice/connectors/copy_text.hpp"
#include "sluice/connectors/postgres_port.hpp"
#include "sluice/tests/connectors/conforming_table.hpp"
#include "sluice/tests/connectors/postgres_database.hpp"
#include "sluice/tests/connectors/temporary_folder.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice {

namespace {

using namespace test;

constexpr row_format staged_format{.extension = ".rows", .row = append_copy_row};

// A table of its own, and the sink to it under the kit.
struct rehearsed_postgres {
  temporary_folder folder{folder_in_memory()};
  std::string staging = folder.path("staged");
  postgres_database database;
  std::string table = database.table("out");
  std::string epochs = database.table("sluice_epochs");
  bool made = false;
  crash_countdown count;
  sink_under_test sink;

  explicit rehearsed_postgres(sink_bug bug = sink_bug::none) {
    sink.open = [this, bug](const sink_context& at) -> result<std::unique_ptr<sink_writer>> {
      auto port = std::make_shared<postgres_port>(postgres_conninfo(), "server", table, *at.fields,
                                                  at.stage, nullptr);
      if (auto done = port->make_tables(/*with_epochs=*/true); !done) return done.failure();
      made = true;
      return conforming_table(at, staged_format, std::move(port), staging, count, bug);
    };
    sink.visible = [this]() -> result<std::vector<visible_row>> {
      std::vector<visible_row> rows;
      if (!made) return rows;
      // The large row is only as long as it is: most of the time went into fetching it.
      auto found = database.connection().ask(
          "SELECT number, CASE WHEN alike THEN NULL ELSE text END, length(text) FROM (SELECT *, "
          "length(text) > 500 AND text = repeat('x', length(text)) AS alike FROM " +
              table + ") AS rows",
          {}, postgres_database::patience);
      if (!found) return found.failure();
      for (const auto& row : found.value().rows)
        rows.push_back({std::stoull(row[0].value()),
                        row[1] ? *row[1] : std::string(std::stoull(row[2].value()), 'x')});
      return rows;
    };
    sink.prepared = [this]() -> result<std::vector<std::string>> { return files_below(staging); };
    sink.crash_after = [this](std::size_t steps) { count.set(steps); };
    sink.clear = [this] {
      std::filesystem::remove_all(staging);
      if (made) database.run("TRUNCATE " + table + ", " + epochs);
    };
    sink.instances = {{1}};
  }
};

}  // namespace

TEST_CASE("the PostgreSQL sink shows every row once whatever happens",
          "[postgres][sink_conformance][S30][F903][F1203][F1210][X2][X14][X22][X27]") {
  rehearsed_postgres outside;
  CHECK(check_sink(outside.sink) == std::vector<std::string>{});
}

TEST_CASE("several instances of the PostgreSQL sink show every row once whatever happens",
          "[.slow][postgres][sink_conformance][S30][F903][F1203][F1210]") {
  rehearsed_postgres outside;
  outside.sink.instances = {{2, 1}, {1, 3}};
  CHECK(check_sink(outside.sink) == std::vector<std::string>{});
}

TEST_CASE("bugs in a sink to PostgreSQL are found", "[postgres][sink_conformance][F1210]") {
  const auto [bug, said] = GENERATE(
      table<sink_bug, std::string>({{sink_bug::shows_before_commit, "shown, and not to be: "},
                                    {sink_bug::commits_twice, "(gone)"},
                                    {sink_bug::forgets_on_resolve, "lost: "},
                                    {sink_bug::only_newest, "lost: "}}));
  rehearsed_postgres outside{bug};
  outside.sink.most_findings = 1;
  outside.sink.crash_after = nullptr;  // these are found between calls
  CHECK_THAT(check_sink(outside.sink).at(0), Catch::Contains(said));
}

}  // namespace sluice

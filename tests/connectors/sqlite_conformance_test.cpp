#include <chrono>
#include <filesystem>

#include "sluice/connectors/copy_text.hpp"
#include "sluice/connectors/sqlite.hpp"
#include "sluice/connectors/sqlite_port.hpp"
#include "sluice/tests/connectors/conforming_table.hpp"
#include "sluice/tests/connectors/temporary_folder.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice {

namespace {

using namespace test;

constexpr row_format staged_format{.extension = ".rows", .row = append_plain_copy_row};

// A database of its own, and the sink to it under the kit.
struct rehearsed_sqlite {
  temporary_folder folder{folder_in_memory()};
  std::string path = folder.path("out.db");
  std::string staging = folder.path(".out.db.sluice");
  crash_countdown count;
  sink_under_test sink;

  explicit rehearsed_sqlite(sink_bug bug = sink_bug::none) {
    sink.open = [this, bug](const sink_context& at) -> result<std::unique_ptr<sink_writer>> {
      auto port = std::make_shared<sqlite_port>(path, "out", *at.fields);
      if (auto made = port->make_tables(/*with_epochs=*/true); !made) return made.failure();
      return conforming_table(at, staged_format, std::move(port), staging, count, bug);
    };
    sink.visible = [this] { return visible(); };
    sink.prepared = [this]() -> result<std::vector<std::string>> { return files_below(staging); };
    sink.crash_after = [this](std::size_t steps) { count.set(steps); };
    sink.clear = [this] {
      std::filesystem::remove_all(staging);
      for (const char* end : {"", "-wal", "-shm"}) std::filesystem::remove(path + end);
    };
  }

  result<std::vector<visible_row>> visible() const {
    std::vector<visible_row> rows;
    if (!std::filesystem::exists(path)) return rows;
    auto database = sqlite_database::open(path, sqlite_database::access::read);
    if (!database) return database.failure();
    auto listed = database.value().prepare("SELECT number, text FROM out");
    if (!listed) return listed.failure();
    for (;;) {
      auto more = listed.value().step();
      if (!more) return more.failure();
      if (!more.value()) return rows;
      rows.push_back(
          {static_cast<std::uint64_t>(listed.value().integer(0)), listed.value().text(1)});
    }
  }
};

}  // namespace

TEST_CASE("the SQLite sink shows every row once whatever happens",
          "[sqlite][sink_conformance][S30][F903][F1203][F1210][X2][X14][X22][X27]") {
  rehearsed_sqlite outside;
  CHECK(check_sink(outside.sink) == std::vector<std::string>{});
}

TEST_CASE("bugs in a sink to SQLite are found", "[sqlite][sink_conformance][F1210]") {
  const auto [bug, said] = GENERATE(
      table<sink_bug, std::string>({{sink_bug::shows_before_commit, "shown, and not to be: "},
                                    {sink_bug::commits_twice, "(gone)"},
                                    {sink_bug::forgets_on_resolve, "lost: "},
                                    {sink_bug::only_newest, "lost: "}}));
  rehearsed_sqlite outside{bug};
  outside.sink.most_findings = 1;
  outside.sink.crash_after = nullptr;  // these are found between calls
  CHECK_THAT(check_sink(outside.sink).at(0), Catch::Contains(said));
}

}  // namespace sluice

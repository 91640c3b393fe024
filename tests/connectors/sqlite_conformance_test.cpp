#include <filesystem>

#include "sluice/connectors/copy_text.hpp"
#include "sluice/connectors/sqlite.hpp"
#include "sluice/connectors/sqlite_port.hpp"
#include "sluice/tests/connectors/conforming_table.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice {

namespace {

using namespace test;

// A database of its own, and the sink to it under the kit.
class rehearsed_sqlite final : public rehearsed_table {
 public:
  explicit rehearsed_sqlite(sink_bug bug = sink_bug::none)
      : rehearsed_table(".out.db.sluice", {.extension = ".rows", .row = append_plain_copy_row},
                        bug) {}

 private:
  result<std::shared_ptr<transaction_port>> table(const sink_context& at) override {
    auto port = std::make_shared<sqlite_port>(path_, "out", *at.fields);
    if (auto made = port->make_tables(/*with_epochs=*/true); !made) return made.failure();
    return std::shared_ptr<transaction_port>{std::move(port)};
  }

  result<std::vector<visible_row>> visible() override {
    std::vector<visible_row> rows;
    if (!std::filesystem::exists(path_)) return rows;
    auto database = sqlite_database::open(path_, sqlite_database::access::read);
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

  void clear() override {
    for (const char* end : {"", "-wal", "-shm"}) std::filesystem::remove(path_ + end);
  }

  std::string path_ = folder.path("out.db");
};

}  // namespace

TEST_CASE("the SQLite sink shows every row once whatever happens",
          "[sqlite][sink_conformance][S30][F903][F1203][F1210][X2][X14][X22][X27]") {
  rehearsed_sqlite outside;
  CHECK(check_sink(outside.sink) == std::vector<std::string>{});
}

TEST_CASE("bugs in a sink to SQLite are found", "[sqlite][sink_conformance][F1210]") {
  check_found(bugs_of_tables, [](sink_bug bug) { return rehearsed_sqlite{bug}; });
}

}  // namespace sluice

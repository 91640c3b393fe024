#include "sluice/connectors/copy_text.hpp"
#include "sluice/connectors/postgres_port.hpp"
#include "sluice/tests/connectors/conforming_table.hpp"
#include "sluice/tests/connectors/postgres_database.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice {

namespace {

using namespace test;

// A table of its own, and the sink to it under the kit.
class rehearsed_postgres final : public rehearsed_table {
 public:
  explicit rehearsed_postgres(sink_bug bug = sink_bug::none)
      : rehearsed_table("staged", {.extension = ".rows", .row = append_copy_row}, bug) {
    sink.instances = {{1}};
  }

 private:
  result<std::shared_ptr<transaction_port>> table(const sink_context& at) override {
    auto port = std::make_shared<postgres_port>(postgres_conninfo(), "server", table_, *at.fields,
                                                at.stage, nullptr);
    if (auto done = port->make_tables(/*with_epochs=*/true); !done) return done.failure();
    made_ = true;
    return std::shared_ptr<transaction_port>{std::move(port)};
  }

  result<std::vector<visible_row>> visible() override {
    std::vector<visible_row> rows;
    if (!made_) return rows;
    // The large row is only as long as it is: most of the time went into fetching it.
    auto found = database_.connection().ask(
        "SELECT number, CASE WHEN alike THEN NULL ELSE text END, length(text) FROM (SELECT *, "
        "length(text) > 500 AND text = repeat('x', length(text)) AS alike FROM " +
            table_ + ") AS rows",
        {}, postgres_database::patience);
    if (!found) return found.failure();
    for (const auto& row : found.value().rows)
      rows.push_back({std::stoull(row[0].value()),
                      row[1] ? *row[1] : std::string(std::stoull(row[2].value()), 'x')});
    return rows;
  }

  void clear() override {
    if (made_) database_.run("TRUNCATE " + table_ + ", " + epochs_);
  }

  postgres_database database_;
  std::string table_ = database_.table("out");
  std::string epochs_ = database_.table("sluice_epochs");
  bool made_ = false;
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
  check_found(bugs_of_tables, [](sink_bug bug) { return rehearsed_postgres{bug}; });
}

}  // namespace sluice

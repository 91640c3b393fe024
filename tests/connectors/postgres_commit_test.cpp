#include <map>
#include <optional>
#include <thread>

#include "sluice/connectors/committed_table.hpp"
#include "sluice/connectors/copy_text.hpp"
#include "sluice/connectors/outside_wait.hpp"
#include "sluice/connectors/postgres_port.hpp"
#include "sluice/connectors/staging_folder.hpp"
#include "sluice/connectors/table_columns.hpp"
#include "sluice/tests/connectors/counting_ports.hpp"
#include "sluice/tests/connectors/postgres_database.hpp"
#include "sluice/tests/connectors/table_rows.hpp"
#include "sluice/tests/connectors/temporary_folder.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice {

namespace {

using namespace test;

enum class moment { before, at, behind };

// A table whose connection the server ends around the first COMMIT of every epoch: before it is
// sent, while it is under way, or when it is done and nobody has heard of it.
class ended_at_commit final : public counting_table {
 public:
  ended_at_commit(std::shared_ptr<transaction_port> inner, crash_countdown& count,
                  postgres_database& server)
      : counting_table(std::move(inner), count), server_(server) {}

  void end_next(moment when) { next_ = when; }
  std::uint64_t ended() const { return ended_; }
  std::uint64_t commits() const { return commits_; }

  result<void> commit() override {
    ++commits_;
    const auto when = std::exchange(next_, std::nullopt);
    if (!when) return counting_table::commit();
    if (when == moment::before) end_connection();
    std::thread other;
    if (when == moment::at) other = std::thread{[this] { end_connection(); }};
    auto done = counting_table::commit();
    if (other.joinable()) other.join();
    if (when != moment::behind) return done;
    end_connection();
    return error{error_code::unavailable, "the answer was lost"};
  }

 private:
  void end_connection() {
    const auto found = server_.ask(
        "SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity "
        "WHERE application_name = 'sluice' AND pid <> pg_backend_pid()");
    ended_ += std::stoull(found.at(0));
  }

  postgres_database& server_;
  std::optional<moment> next_;
  std::uint64_t ended_ = 0;
  std::uint64_t commits_ = 0;
};

// Commits so many epochs, a third of them with each of the three.
void end_around_commits(std::uint64_t epochs) {
  temporary_folder folder;
  postgres_database server;
  const auto port = std::make_shared<postgres_port>(
      postgres_conninfo(), "server", server.table("out"), schema_of<pair_row>(), "out", nullptr);
  REQUIRE(port->make_tables(/*with_epochs=*/true));
  crash_countdown count;
  const auto table = std::make_shared<ended_at_commit>(port, count, server);
  const auto waits = std::make_shared<outside_waits>();
  const sink_context at{
      .stage = "out", .fields = &schema_of<pair_row>(), .commits = true, .wait = waits};
  committed_table writer{{.at = at,
                          .format = {.extension = ".rows", .row = append_copy_row},
                          .refuse = check_texts,
                          .folder = staging_folder(folder.path("staged"), "out"),
                          .table = table}};
  REQUIRE(writer.resolve({.generation = {1}, .decided = {}, .fresh = true, .job = {}}));
  std::map<moment, std::uint64_t> ended;
  const std::uint64_t commits_before = table->commits();
  for (std::uint64_t epoch = 1; epoch <= epochs; ++epoch) {
    INFO("epoch " << epoch);
    const auto row = static_cast<std::int64_t>(epoch);
    REQUIRE(writer.write(*batch_of<pair_row>({{2 * row, "a"}, {2 * row + 1, "b"}})));
    REQUIRE(writer.prepare({1}, {epoch})());
    const auto when = static_cast<moment>(epoch % 3);
    const std::uint64_t before = table->ended();
    table->end_next(when);
    REQUIRE(writer.commit({1}, {epoch})());
    ended[when] += table->ended() - before;
  }
  // At COMMIT a connection may be gone before the server looks for it; the others never are.
  CHECK(ended[moment::before] == epochs / 3);
  CHECK(ended[moment::behind] == epochs / 3);
  CHECK(table->ended() >= epochs - 2);
  CHECK(table->commits() >= commits_before + epochs + epochs / 3);
  const std::string all = std::to_string(2 * epochs);
  CHECK(server.ask("SELECT count(*), count(DISTINCT id), min(id), max(id) FROM " +
                   server.table("out")) ==
        lines{all + '|' + all + "|2|" + std::to_string(2 * epochs + 1)});
}

}  // namespace

TEST_CASE("connections that end around COMMIT lose and double no row",
          "[postgres][F903][F1203][X2][X27]") {
  end_around_commits(30);
}

TEST_CASE("a hundred connections that end around COMMIT lose and double no row",
          "[.slow][postgres][F903][F1203][X2][X27]") {
  end_around_commits(102);
}

}  // namespace sluice

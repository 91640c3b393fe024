#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "sluice/connectors/sqlite_database.hpp"
#include "sluice/graph/run.hpp"
#include "sluice/sluice.hpp"
#include "sluice/tests/connectors/temporary_folder.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice {
namespace {

struct number {
  std::int64_t value;
};
SLUICE_RECORD(number, value);

std::int64_t number_of(sqlite_database& database, const std::string& sql) {
  auto asked = database.prepare(sql);
  REQUIRE(asked);
  REQUIRE(asked.value().step().value());
  return asked.value().integer(0);
}

}  // namespace

// A generation that ends while a sink waits for a locked database must end, and leave what was
// decided to the next one.
TEST_CASE("a failure elsewhere cuts the wait for a database short, and loses nothing",
          "[run][actors][X27][F903]") {
  constexpr std::int64_t rows = 30'000;
  const test::temporary_folder folder;
  const std::string path = folder.path("out.db");
  const auto fails = std::make_shared<std::atomic<bool>>(false);
  graph g{"waits"};
  g.batch({.rows = 64, .every = std::chrono::milliseconds{20}});
  g.source("numbers", from::generate<number>{[](std::uint64_t row, number& n) {
                                               n.value = static_cast<std::int64_t>(row);
                                             },
                                             {.count = rows, .rate = 6000}})
      .map([fails](const number& n) {
        if (fails->exchange(false)) throw std::runtime_error("no luck");
        return n;
      })
      .sink("out", to::sqlite_table{path, "out"});

  std::optional<sqlite_database> other;
  std::mutex mutex;
  std::vector<std::string> waits, failures;
  run_options options;
  options.checkpoints = folder.path("checkpoints");
  options.on_start = [&] {
    if (!failures.empty()) return;
    other.emplace(sqlite_database::open(path, sqlite_database::access::write).value());
    REQUIRE(other->run("BEGIN IMMEDIATE"));
  };
  options.on_outside_wait = [&](const std::string& stage, const std::string& why) {
    const std::lock_guard lock(mutex);
    waits.push_back(stage + ": " + why);
    fails->store(true);
  };
  options.on_restart = [&](generation_id, const std::string& why) {
    failures.push_back(why);
    if (other) REQUIRE(other->run("ROLLBACK"));
  };
  const auto ran = run_graph(g, settings_in_code(g), options);
  REQUIRE(ran);
  CHECK(ran.value().finished);
  REQUIRE(failures.size() == 1);
  CHECK_THAT(failures[0], Catch::Contains("no luck"));
  REQUIRE_FALSE(waits.empty());
  CHECK(waits[0] == "out: " + path + ": database is locked");
  CHECK(number_of(*other, "SELECT count(*) FROM out") == rows);
  CHECK(number_of(*other, "SELECT count(DISTINCT value) FROM out") == rows);
}

}  // namespace sluice

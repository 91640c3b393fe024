#include "sluice/connectors/committed_table.hpp"

#include <algorithm>

#include "sluice/connectors/copy_text.hpp"
#include "sluice/connectors/table_columns.hpp"
#include "sluice/sim/sim_disk.hpp"
#include "sluice/tests/connectors/stepped_files.hpp"
#include "sluice/tests/connectors/table_rows.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice {

namespace {

using namespace test;
using lines = std::vector<std::string>;

struct number_row {
  std::uint64_t number;
};
SLUICE_RECORD(number_row, number);

// A database that does what a transaction is for, and fails as it is told.
struct fake_database {
  std::string visible;
  std::map<std::size_t, epoch_row> rows;
  std::size_t refusals = 0;         // begins that fail
  bool loses_reply_after = false;   // the next commit takes effect, and fails
  bool loses_reply_before = false;  // the next commit does not, and fails
  std::size_t commits = 0;
};

class fake_port final : public transaction_port {
 public:
  explicit fake_port(fake_database& database) : database_(database) {}
  result<void> begin(std::chrono::seconds) override {
    if (database_.refusals > 0) return --database_.refusals, error{error_code::failed, "not now"};
    changed_ = database_;
    return {};
  }
  result<std::vector<epoch_row>> rows(const job_id&, const std::string&,
                                      std::optional<std::size_t> instance) override {
    std::vector<epoch_row> found;
    for (const auto& [i, row] : changed_->rows)
      if (!instance || *instance == i) found.push_back(row);
    return found;
  }
  result<bool> put(const job_id&, const std::string&, const epoch_row& row) override {
    changed_->rows[row.instance] = row;
    return true;
  }
  result<void> insert(std::string_view bytes) override {
    changed_->visible += bytes;
    return {};
  }
  result<void> commit() override {
    const bool lost_before = std::exchange(database_.loses_reply_before, false);
    const bool lost_after = std::exchange(database_.loses_reply_after, false);
    if (!lost_before) {
      database_.visible = changed_->visible;
      database_.rows = changed_->rows;
      ++database_.commits;
    }
    changed_.reset();
    return lost_before || lost_after ? result<void>{error{error_code::unavailable, "no reply"}}
                                     : result<void>{};
  }
  void rollback() override { changed_.reset(); }
  std::string place() const override { return "fake"; }

 private:
  fake_database& database_;
  std::optional<fake_database> changed_;
};

// Waits for nothing and remembers what for; the run ends after so many waits.
class counted_wait final : public outside_wait {
 public:
  explicit counted_wait(std::size_t most) : most_(most) {}
  bool wait(const std::string& stage, const std::string& why, std::chrono::milliseconds) override {
    waits.push_back(stage + ": " + why);
    return waits.size() <= most_;
  }
  bool waited(const std::string&, const std::string&, std::chrono::milliseconds) override {
    return true;
  }
  void over(const std::string&) override { ++overs; }
  lines waits;
  std::size_t overs = 0;

 private:
  std::size_t most_;
};

struct one_table {
  sim::sim_disk disk{1};
  std::shared_ptr<file_port> files = disk.open();
  fake_database database;
  std::shared_ptr<counted_wait> wait = std::make_shared<counted_wait>(100);

  committed_table writer(std::size_t instance = 0, std::size_t instances = 1) {
    return writer_to(files, instance, instances);
  }
  committed_table writer_to(std::shared_ptr<file_port> folder, std::size_t instance = 0,
                            std::size_t instances = 1) {
    committed_table::parts made;  // piece by piece: g++ 12 takes the whole for uninitialized
    made.at.stage = "out";
    made.at.instance = instance;
    made.at.instances = instances;
    made.at.fields = &schema_of<number_row>();
    made.at.commits = true;
    made.at.wait = wait;
    made.format = {.extension = ".rows", .row = append_copy_row};
    made.refuse = check_texts;
    made.folder = [folder](const job_id&) -> result<std::shared_ptr<file_port>> { return folder; };
    made.table = std::make_shared<fake_port>(database);
    return committed_table{std::move(made)};
  }
  decided_epoch prepare(committed_table& with, std::uint64_t generation, std::uint64_t epoch,
                        const std::vector<number_row>& rows, std::size_t instance = 0) {
    if (!rows.empty()) REQUIRE(with.write(*batch_of(rows)));
    auto prepared = with.prepare({generation}, {epoch})();
    REQUIRE(prepared);
    return {{epoch}, {generation}, instance, prepared.value()};
  }
};

resolution beginning(std::uint64_t generation, std::vector<decided_epoch> decided = {}) {
  return {.generation = {generation}, .decided = std::move(decided), .fresh = false, .job = {}};
}

}  // namespace

TEST_CASE("a commit that the outside refuses twenty times is tried until it is taken",
          "[committed_table][X27]") {
  one_table there;
  auto writer = there.writer();
  REQUIRE(writer.resolve(beginning(1)));
  there.prepare(writer, 1, 1, {{7}});
  there.database.refusals = 20;
  REQUIRE(writer.commit({1}, {1})());
  CHECK(there.database.visible == "7\n");
  CHECK(there.wait->waits == lines(20, "out: not now"));
  CHECK(there.wait->overs == 1);
  CHECK(there.files->list().value() == lines{});
}

TEST_CASE("a wait that the end of the run cuts short leaves the epoch to the next generation",
          "[committed_table][X27][I5]") {
  one_table there;
  there.wait = std::make_shared<counted_wait>(3);
  auto writer = there.writer();
  REQUIRE(writer.resolve(beginning(1)));
  const auto decided = there.prepare(writer, 1, 1, {{7}});
  there.database.refusals = 1000;
  CHECK_FALSE(writer.commit({1}, {1})());
  CHECK(there.wait->waits.size() == 4);
  there.database.refusals = 0;
  REQUIRE(there.writer().resolve(beginning(2, {decided})));
  CHECK(there.database.visible == "7\n");
}

TEST_CASE("a reply that is lost is looked up", "[committed_table][X2]") {
  one_table there;
  auto writer = there.writer();
  REQUIRE(writer.resolve(beginning(1)));
  there.prepare(writer, 1, 1, {{7}});
  const bool after = GENERATE(true, false);
  (after ? there.database.loses_reply_after : there.database.loses_reply_before) = true;
  const std::size_t before = there.database.commits;
  REQUIRE(writer.commit({1}, {1})());
  CHECK(there.database.visible == "7\n");
  CHECK(there.database.commits == before + 1);
}

TEST_CASE("a writer of an older generation is shut out", "[committed_table][X22][I5]") {
  one_table there;
  auto old = there.writer();
  REQUIRE(old.resolve(beginning(1)));
  there.prepare(old, 1, 1, {{7}});
  REQUIRE(there.writer().resolve(beginning(2)));
  const auto late = old.commit({1}, {1})();
  REQUIRE_FALSE(late);
  CHECK(late.failure() ==
        error{error_code::refused, "a newer generation of this run writes to fake"});
  CHECK(there.database.visible.empty());
  CHECK(there.wait->waits.empty());
  const auto later = there.writer().resolve(beginning(1));
  REQUIRE_FALSE(later);
  CHECK(later.failure().code == error_code::refused);
}

TEST_CASE("a process that was stopped at any step of its opening drops nothing of a newer one",
          "[committed_table][X14][I5]") {
  bool stops = true;
  for (std::uint64_t stop = 0; stops; ++stop) {
    INFO("stopped at step " << stop);
    one_table there;
    decided_epoch decided;
    {
      auto first = there.writer();
      REQUIRE(first.resolve(beginning(1)));
      decided = there.prepare(first, 1, 1, {{7}});
    }
    auto newer = there.writer();
    stops = false;
    auto stepped = std::make_shared<stepped_files>(there.files, stop, [&] {
      stops = true;
      REQUIRE(newer.resolve(beginning(3, {decided})));
      there.prepare(newer, 3, 2, {{8}});
      REQUIRE(newer.write(*batch_of<number_row>({{9}})));
    });
    static_cast<void>(there.writer_to(stepped).resolve(beginning(2, {decided})));
    if (!stops) break;
    REQUIRE(newer.commit({3}, {2})());
    CHECK(there.database.visible == "7\n8\n");
    REQUIRE(newer.prepare({3}, {3})());
    REQUIRE(newer.commit({3}, {3})());
    CHECK(there.database.visible == "7\n8\n9\n");
    CHECK(there.files->list().value() == lines{});
  }
}

TEST_CASE("an instance shuts out the former ones it stands for", "[committed_table][I5]") {
  one_table there;
  std::vector<decided_epoch> decided;
  for (const std::size_t i : {0, 1, 2}) {
    auto writer = there.writer(i, 3);
    REQUIRE(writer.resolve(beginning(1)));
    decided.push_back(there.prepare(writer, 1, 1, {{i}}, i));
  }
  REQUIRE(there.writer(0, 2).resolve(beginning(2, {decided[0], decided[2]})));
  CHECK(there.database.visible == "0\n2\n");
  REQUIRE(there.writer(1, 2).resolve(beginning(2, {decided[1]})));
  CHECK(there.database.visible == "0\n2\n1\n");
  CHECK(there.database.rows[2] == epoch_row{2, {2}, {1}});
  CHECK(there.files->list().value() == lines{});
}

TEST_CASE("what was prepared and is not as it was stops the run", "[committed_table][D3][D8]") {
  one_table there;
  auto writer = there.writer();
  REQUIRE(writer.resolve(beginning(1)));
  const auto decided = there.prepare(writer, 1, 1, {{7}});
  const std::string file = there.files->list().value().at(0);
  std::string why = "changed";
  SECTION("gone") {
    REQUIRE(there.files->remove(file));
    why = "gone";
  }
  SECTION("cut") { REQUIRE(there.files->truncate(file, 1)); }
  SECTION("longer") { REQUIRE(there.files->append_to(file).value()->append(std::string{"8\n"})); }
  const error expected{error_code::needs_decision,
                       "what was prepared is not there as it was: disk/" + file + " (" + why + ')'};
  const auto committed = writer.commit({1}, {1})();
  REQUIRE_FALSE(committed);
  CHECK(committed.failure() == expected);
  const auto resolved = there.writer().resolve(beginning(2, {decided}));
  REQUIRE_FALSE(resolved);
  CHECK(resolved.failure() == expected);
  CHECK(there.database.visible.empty());
}

TEST_CASE("a database that does not know of the sink is not taken for its own",
          "[committed_table][D8]") {
  one_table there;
  auto writer = there.writer();
  REQUIRE(writer.resolve(beginning(1)));
  const auto decided = there.prepare(writer, 1, 9, {{7}});
  there.database.rows.clear();
  const auto resolved = there.writer().resolve(beginning(2, {decided}));
  REQUIRE_FALSE(resolved);
  CHECK(resolved.failure().code == error_code::needs_decision);
  CHECK_THAT(resolved.failure().message,
             Catch::StartsWith("sluice_epochs of fake does not know of instance 0, which has "
                               "prepared epoch 9: "));
}

TEST_CASE("an epoch without rows asks nothing of the outside", "[committed_table][F903]") {
  one_table there;
  auto writer = there.writer();
  REQUIRE(writer.resolve(beginning(1)));
  const std::size_t before = there.database.commits;
  CHECK(there.prepare(writer, 1, 1, {}).prepared.empty());
  REQUIRE(writer.commit({1}, {1})());
  CHECK(there.database.commits == before);
}

TEST_CASE("power that fails while rows are staged loses and doubles none",
          "[committed_table][D3][X17][X24]") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed)
    for (std::uint64_t step = 0; step < 16; ++step) {
      INFO("seed " << seed << ", step " << step);
      sim::sim_disk disk{seed};
      one_table there;
      there.files = disk.open();
      auto writer = there.writer();
      REQUIRE(writer.resolve(beginning(1)));
      disk.fail_power_after(step);
      std::vector<decided_epoch> decided;
      // Both are decided before the first is committed: what was answered for must be there then.
      for (const std::uint64_t epoch : {1, 2}) {
        if (!writer.write(*batch_of<number_row>({{epoch}}))) break;
        auto prepared = writer.prepare({1}, {epoch})();
        if (!prepared) break;
        decided.push_back({{epoch}, {1}, 0, prepared.value()});
      }
      for (std::uint64_t epoch = 1; decided.size() == 2 && epoch <= 2; ++epoch)
        if (!writer.commit({1}, {epoch})()) break;
      disk.fail_power();
      there.files = disk.open();
      REQUIRE(there.writer().resolve(beginning(2, decided)));
      CHECK(there.database.visible == std::string("1\n2\n").substr(0, 2 * decided.size()));
      CHECK(there.files->list().value() == lines{});
    }
}

TEST_CASE("fields of a staged line are read back as they were", "[copy_text]") {
  for (const std::string text : {"", "\\N", "\\.", "a\tb", "\n", "\r\n", "\\", "\\t", "é"}) {
    std::string line;
    append_copy_row(line, *batch_of<everything>([&] {
                      auto rows = everything_there_is();
                      rows.resize(1);
                      rows[0].text = text;
                      return rows;
                    }()),
                    0);
    REQUIRE(line.back() == '\n');
    line.pop_back();
    CHECK(line.find('\n') == std::string::npos);
    copy_fields fields{line};
    for (int c = 0; c <= 12; ++c) REQUIRE(fields.next());
    CHECK(fields.text() == text);
    CHECK_FALSE(fields.absent());
    REQUIRE(fields.next());
    REQUIRE(fields.next());
    CHECK(fields.absent());
    REQUIRE(fields.next());
    CHECK_FALSE(fields.next());
  }
}

TEST_CASE("a long wait is told of, ever more seldom, and its end", "[outside_wait][X27]") {
  using std::chrono::milliseconds;
  lines told;
  outside_waits waits{
      [&](const std::string& stage, const std::string& why) { told.push_back(stage + ':' + why); }};
  const auto pass = [&](int ms) { return waits.waited("a", "why", milliseconds{ms}); };
  CHECK(pass(999));
  waits.over("a");
  CHECK(told == lines{});
  for (int second = 0; second < 8; ++second) CHECK(pass(1000));
  CHECK(told == lines(4, "a:why"));  // after 1, 2, 4 and 8 seconds
  waits.over("a");
  waits.over("a");
  CHECK(told.size() == 5);
  CHECK(told.back() == "a:");
  waits.end();
  CHECK_FALSE(pass(1));
  CHECK_FALSE(waits.wait("a", "why", milliseconds{3'600'000}));
}

}  // namespace sluice

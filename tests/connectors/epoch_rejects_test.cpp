#include "sluice/connectors/epoch_rejects.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "sluice/connectors/reject_logs.hpp"
#include "sluice/sim/sim_disk.hpp"
#include "sluice/tests/connectors/crash_stories.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice {

namespace {

using namespace test;
using sim::disk_fault;
using sim::sim_disk;

const std::string name = "bad.jsonl";

std::string line_of(std::uint64_t row) {
  std::string text;
  append_rejected(text, "stage", {"in", row, row, "bad", "x"});
  return text;
}

// The rejects of several instances, each of five parts in an epoch of its own, from generation to
// generation. The truth about what is decided is never lost.
class story {
 public:
  static constexpr std::uint64_t parts = 5;

  // `at_once`: epochs that are decided before the first of them is committed, 1 or 2.
  story(sim_disk& disk, std::uint64_t at_once, std::size_t instances)
      : disk_(disk), at_once_(at_once), instances_(instances) {}

  // True if it is at the end, and false if something went wrong on the way.
  bool attempt() {
    ++generation_;
    const auto total = std::make_shared<std::atomic<std::uint64_t>>(0);
    const std::shared_ptr<file_port> files = disk_.open();
    const auto file = std::make_shared<epoch_file>(files, name);
    std::vector<std::unique_ptr<epoch_rejects>> logs;
    for (std::size_t i = 0; i < instances_; ++i)
      logs.push_back(std::make_unique<epoch_rejects>(file, "stage", i, total));
    for (std::size_t i = 0; i < instances_; ++i) {
      logs[i]->begin_generation({generation_});
      if (!file->resolve(resolution_of(i), i, instances_)) return false;
    }
    look(*files, "after a restart");
    while (decided_.size() < parts) {
      const std::size_t first = decided_.size();
      for (std::uint64_t k = 0; k < at_once_ && decided_.size() < parts; ++k)
        if (!prepare(logs, {++epoch_})) return false;
      for (std::size_t d = first; d < decided_.size(); ++d)
        for (std::size_t i = 0; i < instances_; ++i)
          if (!file->append(decided_[d][i])) return false;
      look(*files, "after a commit");
    }
    return true;
  }

  void restart() { disk_.dark() ? disk_.fail_power() : disk_.kill(); }

  // Begins once more, changing nothing.
  void resolve_again() {
    const std::shared_ptr<file_port> files = disk_.open();
    const auto file = std::make_shared<epoch_file>(files, name);
    for (std::size_t i = 0; i < instances_; ++i)
      REQUIRE(file->resolve(resolution_of(i), i, instances_));
    look(*files, "at the end");
  }

 private:
  // In one part of four nothing is rejected, in others only by some.
  static std::vector<std::uint64_t> rows_of(std::uint64_t part, std::size_t instance) {
    std::vector<std::uint64_t> rows;
    for (std::uint64_t i = 0; i < (part + instance) % 4; ++i)
      rows.push_back(100 * part + 10 * instance + i);
    return rows;
  }

  bool prepare(std::vector<std::unique_ptr<epoch_rejects>>& logs, epoch_id epoch) {
    const std::uint64_t part = decided_.size() + 1;
    std::vector<decided_epoch> made;
    for (std::size_t i = 0; i < instances_; ++i) {
      for (const auto row : rows_of(part, i))
        if (!logs[i]->reject("in", row, row, "bad", "x")) return false;
      made.push_back({epoch, {generation_}, i, {}});
      const auto work = logs[i]->prepare({generation_}, epoch);
      if (!work) continue;
      auto prepared = work();
      if (!prepared) return false;
      made.back().prepared = prepared.value();
    }
    decided_.push_back(std::move(made));
    return true;
  }

  resolution resolution_of(std::size_t i) const {
    resolution how{{generation_}, {}, decided_.empty()};
    for (std::size_t d = decided_.size() > 2 ? decided_.size() - 2 : 0; d < decided_.size(); ++d)
      how.decided.push_back(decided_[d][i]);
    return how;
  }

  // Every row of a decided epoch is in the file once, and nothing is left over.
  void look(file_port& files, const std::string& when) const {
    INFO(when << ", " << decided_.size() << " epochs are decided");
    std::vector<std::string> expected, there;
    for (std::uint64_t part = 1; part <= decided_.size(); ++part)
      for (std::size_t i = 0; i < instances_; ++i)
        for (const auto row : rows_of(part, i)) expected.push_back(line_of(row));
    const auto read = files.read(name);
    std::string text = read ? read.value() : "";
    for (std::size_t end = 0; (end = text.find('\n')) != std::string::npos; text.erase(0, end + 1))
      there.push_back(text.substr(0, end + 1));
    CHECK(text == "");
    std::sort(expected.begin(), expected.end());
    std::sort(there.begin(), there.end());
    CHECK(there == expected);
    const auto names = files.list().value();
    CHECK(std::none_of(names.begin(), names.end(), [](const auto& one) {
      return one.ends_with(".staged") || one.ends_with(".writing");
    }));
  }

  sim_disk& disk_;
  std::uint64_t at_once_;
  std::size_t instances_;
  std::uint64_t generation_ = 0;
  std::uint64_t epoch_ = 0;
  std::vector<std::vector<decided_epoch>> decided_;  // by epoch, then instance
};

// Tells the story once, with what `spoil` does to the disk, and sees it through.
template <class Spoil>
std::uint64_t tell(std::uint64_t seed, std::uint64_t at_once, std::size_t instances, Spoil spoil) {
  sim_disk disk{seed};
  return see_through(disk, story{disk, at_once, instances}, spoil);
}

// Calls `f(steps of the undisturbed story, tell)`.
template <class F>
void for_each_story(std::uint64_t seeds, F f) {
  for (const std::uint64_t at_once : {1, 2})
    for (const std::size_t instances : {1, 3}) {
      const std::uint64_t steps = tell(1, at_once, instances, [](sim_disk&) {});
      for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
        INFO("seed " << seed << ", " << at_once << " at once, " << instances << " instances");
        f(steps, [&](auto spoil) { tell(seed, at_once, instances, spoil); });
      }
    }
}

}  // namespace

TEST_CASE("power that fails at any step loses and doubles no rejected row",
          "[epoch_rejects][F1207][X17][D3][I5]") {
  for_each_story(4, [](std::uint64_t steps, auto tell) { fail_power_once(steps, tell); });
}

TEST_CASE("power that fails again while a restart is under way loses no rejected row",
          "[epoch_rejects][F1207][X17][D3][I5]") {
  for_each_story(2, [](std::uint64_t steps, auto tell) { fail_power_twice(steps, 2, 10, tell); });
}

TEST_CASE("a disk that fails at any step loses and doubles no rejected row",
          "[epoch_rejects][F1207][D3][I5]") {
  const auto fault = GENERATE(disk_fault::io_error, disk_fault::short_write);
  for_each_story(1, [&](std::uint64_t steps, auto tell) { go_wrong_once(steps, fault, tell); });
}

namespace {

struct one_log {
  sim_disk disk{1};
  std::shared_ptr<file_port> files = disk.open();
  std::shared_ptr<epoch_file> file = std::make_shared<epoch_file>(files, name);
  epoch_rejects log{file, "stage", 0, std::make_shared<std::atomic<std::uint64_t>>(0)};

  result<void> resolve(const resolution& how) {
    log.begin_generation(how.generation);
    return file->resolve(how, 0, 1);
  }
  decided_epoch rejected(std::uint64_t row, std::uint64_t epoch) {
    REQUIRE(log.reject("in", row, row, "bad", "x"));
    return {{epoch}, {1}, 0, log.prepare({1}, {epoch})().value()};
  }
};

}  // namespace

TEST_CASE("rejected rows are seen once their epoch is decided", "[epoch_rejects][F1207]") {
  one_log at;
  REQUIRE(at.resolve({{1}, {}, true}));
  CHECK_FALSE(at.log.prepare({1}, {1}));  // nothing was rejected
  const auto second = at.rejected(7, 2);
  CHECK_FALSE(at.files->read(name));
  REQUIRE(at.file->append({{1}, {1}, 0, ""}));
  CHECK_FALSE(at.files->read(name));
  REQUIRE(at.file->append(second));
  CHECK(at.files->read(name).value() == line_of(7));
  REQUIRE(at.file->append(second));  // again
  CHECK(at.files->read(name).value() == line_of(7));
  CHECK(at.log.count() == 1);
}

TEST_CASE("a file of rejected rows that was taken away begins anew", "[epoch_rejects]") {
  one_log at;
  REQUIRE(at.resolve({{1}, {}, true}));
  REQUIRE(at.file->append(at.rejected(1, 1)));
  REQUIRE(at.files->remove(name));
  REQUIRE(at.file->append(at.rejected(2, 2)));
  CHECK(at.files->read(name).value() == line_of(2));
}

TEST_CASE("what another run rejected is removed where nothing was ever sealed", "[epoch_rejects]") {
  one_log at;
  REQUIRE(at.resolve({{1}, {}, true}));
  REQUIRE(at.file->append(at.rejected(1, 1)));
  at.rejected(2, 2);
  REQUIRE(epoch_file(at.files, name).resolve({{5}, {}, true}, 0, 1));
  CHECK(at.files->list().value().empty());
}

TEST_CASE("a late opening of an older generation leaves what a newer one has prepared",
          "[epoch_rejects][X14][I5]") {
  one_log at;
  REQUIRE(at.resolve({{3}, {}, true}));
  REQUIRE(at.log.reject("in", 1, 1, "bad", "x"));
  const auto prepared = at.log.prepare({3}, {1})();
  REQUIRE(prepared);
  REQUIRE(epoch_file(at.files, name).resolve({{2}, {}, GENERATE(true, false)}, 0, 1));
  REQUIRE(at.file->append({{1}, {3}, 0, prepared.value()}));
  CHECK(at.files->read(name).value() == line_of(1));
}

TEST_CASE("prepared rejects that are gone or changed are named", "[epoch_rejects][X16][F15]") {
  one_log at;
  REQUIRE(at.resolve({{1}, {}, true}));
  const auto first = at.rejected(1, 1);
  const std::string staged = ".bad.jsonl.0.1.00000000000000000001.staged";
  SECTION("gone") {
    REQUIRE(at.files->remove(staged));
    CHECK(at.file->append(first).failure() ==
          error{error_code::malformed,
                "disk/" + staged +
                    ": the file is gone, and .bad.jsonl.appending does not say that "
                    "it was appended"});
  }
  SECTION("longer") {
    REQUIRE(at.files->append_to(staged).value()->append(std::string{"x"}));
    CHECK(at.file->append(first).failure() ==
          error{error_code::malformed, "disk/" + staged + ": not as it was prepared"});
  }
  SECTION("the record of what was appended") {
    REQUIRE(at.file->append(first));
    std::string record = at.files->read(".bad.jsonl.appending").value();
    const auto byte = GENERATE(range(0, 60));
    if (static_cast<std::size_t>(byte) >= record.size()) return;
    record[static_cast<std::size_t>(byte)] ^= 4;
    REQUIRE(replace_durably(*at.files, ".bad.jsonl.appending", record));
    const auto resolved = epoch_file(at.files, name).resolve({{2}, {first}, false}, 0, 1);
    REQUIRE_FALSE(resolved);
    CHECK(resolved.failure().code == error_code::malformed);
    CHECK(resolved.failure().message.starts_with("disk/.bad.jsonl.appending: "));
  }
}

}  // namespace sluice

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "sluice/connectors/committed_files.hpp"
#include "sluice/tests/connectors/crash_stories.hpp"
#include "sluice/tests/connectors/numbered_files.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice {

namespace {

using namespace test;
using sim::disk_fault;
using sim::sim_disk;

// A sink of several instances that sees five parts of an input through, each in an epoch of its
// own, from generation to generation. The truth about what is decided is never lost.
class story {
 public:
  static constexpr std::uint64_t parts = 5;

  // `at_once`: epochs that are decided before the first of them is committed, 1 or 2.
  // `instances`: of every generation, in turn.
  story(sim_disk& disk, std::uint64_t at_once, std::vector<std::size_t> instances)
      : disk_(disk), at_once_(at_once), instances_(std::move(instances)) {}

  // True if it is at the end, and false if something went wrong on the way.
  bool attempt() {
    const std::size_t n = instances_[generation_++ % instances_.size()];
    const std::shared_ptr<file_port> files = disk_.open();
    std::vector<committed_files> writers;
    for (std::size_t i = 0; i < n; ++i) writers.push_back(writer_of(files, i, n));
    for (std::size_t i = 0; i < n; ++i)
      if (!writers[i].resolve(resolution_of(i, n))) return false;
    look(*files, "after a restart");
    look_for_fences(*files, n);
    while (decided_.size() < parts) {
      std::vector<epoch_id> open;
      for (std::uint64_t k = 0; k < at_once_ && decided_.size() < parts; ++k) {
        open.push_back({++epoch_});
        if (!prepare(writers, open.back())) return false;
      }
      for (const epoch_id epoch : open)
        for (auto& writer : writers)
          if (!writer.commit({generation_}, epoch)()) return false;
      look(*files, "after a commit");
    }
    return true;
  }

  // What went wrong has ended the process, or the machine.
  void restart() { disk_.dark() ? disk_.fail_power() : disk_.kill(); }

  // Begins once more, changing nothing.
  void resolve_again() {
    const std::size_t n = instances_[(generation_ - 1) % instances_.size()];
    const std::shared_ptr<file_port> files = disk_.open();
    look(*files, "at the end");
    folder_content before = content_of(*files);
    // Those of generations before the first sealed epoch were kept while nothing was sealed.
    for (const std::string& name : fences(before)) before.erase(name);
    for (std::size_t i = 0; i < n; ++i)
      REQUIRE(writer_of(files, i, n).resolve(resolution_of(i, n)));
    look_for_fences(*files, n);
    for (std::size_t i = 0; i < n; ++i) before[fence_of(i, generation_)] = "";
    CHECK(content_of(*files) == before);
  }

 private:
  struct decided {
    generation_id generation;
    epoch_id epoch;
    std::vector<std::string> prepared;  // by instance
  };

  // Part k has k % 4 rows: one in four has none, others leave instances out.
  static std::vector<std::uint64_t> rows_of(std::uint64_t part) {
    std::vector<std::uint64_t> rows;
    for (std::uint64_t i = 0; i < part % 4; ++i) rows.push_back(10 * part + i);
    return rows;
  }

  bool prepare(std::vector<committed_files>& writers, epoch_id epoch) {
    decided made{{generation_}, epoch, {}};
    std::vector<std::vector<std::uint64_t>> shares(writers.size());
    for (const auto row : rows_of(decided_.size() + 1))
      shares[row * writers.size() / 4 % writers.size()].push_back(row);
    for (std::size_t i = 0; i < writers.size(); ++i)
      if (!write_rows(writers[i], shares[i])) return false;
    for (auto& writer : writers) {
      auto prepared = writer.prepare({generation_}, epoch)();
      if (!prepared) return false;
      made.prepared.push_back(prepared.value());
    }
    decided_.push_back(std::move(made));
    return true;
  }

  resolution resolution_of(std::size_t i, std::size_t n) const {
    resolution how{{generation_}, {}, decided_.empty()};
    for (std::size_t d = decided_.size() > 2 ? decided_.size() - 2 : 0; d < decided_.size(); ++d)
      for (std::size_t of = i; of < decided_[d].prepared.size(); of += n)
        how.decided.push_back(
            {decided_[d].epoch, decided_[d].generation, of, decided_[d].prepared[of]});
    return how;
  }

  // Everything decided can be seen, nothing else, and nothing is left over.
  void look(file_port& files, const std::string& when) const {
    INFO(when << ", " << decided_.size() << " epochs are decided");
    const folder_content all = content_of(files);
    std::map<std::string, int> lines, expected;
    std::string text = visible(all);
    for (std::size_t end = 0; (end = text.find('\n')) != std::string::npos; text.erase(0, end + 1))
      ++lines[text.substr(0, end + 1)];
    for (std::uint64_t part = 1; part <= decided_.size(); ++part)
      for (const auto row : rows_of(part)) ++expected[row_text(row)];
    if (lines != expected) {
      CHECK(names_of(all) == names{});  // says what is there, which the rows are too long for
      FAIL("the visible rows are not those of the decided epochs");
    }
    CHECK(hidden(all) == names{});
  }

  // One of each instance, once something is decided.
  void look_for_fences(file_port& files, std::size_t instances) const {
    if (decided_.empty()) return;
    names expected;
    for (std::size_t i = 0; i < instances; ++i) expected.push_back(fence_of(i, generation_));
    CHECK(fences(content_of(files)) == expected);
  }

  sim_disk& disk_;
  std::uint64_t at_once_;
  std::vector<std::size_t> instances_;
  std::uint64_t generation_ = 0;
  std::uint64_t epoch_ = 0;
  std::vector<decided> decided_;
};

// Tells the story once, with what `spoil` does to the disk, and sees it through.
template <class Spoil>
std::uint64_t tell(std::uint64_t seed, std::uint64_t at_once,
                   const std::vector<std::size_t>& instances, Spoil spoil) {
  sim_disk disk{seed};
  return see_through(disk, story{disk, at_once, instances}, spoil);
}

// Calls `f(steps of the undisturbed story, tell)`.
template <class F>
void for_each_story(std::uint64_t seeds, F f) {
  for (const std::uint64_t at_once : {1, 2})
    for (const std::vector<std::size_t>& instances :
         {std::vector<std::size_t>{1}, {2}, {3, 2}, {1, 3}}) {
      const std::uint64_t steps = tell(1, at_once, instances, [](sim_disk&) {});
      for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
        INFO("seed " << seed << ", " << at_once << " at once, " << instances[0] << " instances");
        f(steps, [&](auto spoil) { tell(seed, at_once, instances, spoil); });
      }
    }
}

}  // namespace

TEST_CASE("power that fails at any step of any epoch loses and doubles no row",
          "[committed_files][F903][X14][X17][D3][I5]") {
  for_each_story(4, [](std::uint64_t steps, auto tell) { fail_power_once(steps, tell); });
}

TEST_CASE("power that fails again while a restart is under way loses and doubles no row",
          "[committed_files][F903][X14][X17][D3][I5]") {
  for_each_story(2, [](std::uint64_t steps, auto tell) { fail_power_twice(steps, 3, 8, tell); });
}

TEST_CASE("a disk that fails at any step of any epoch loses and doubles no row",
          "[committed_files][F903][D3][I5]") {
  const auto fault = GENERATE(disk_fault::io_error, disk_fault::short_write);
  for_each_story(1, [&](std::uint64_t steps, auto tell) { go_wrong_once(steps, fault, tell); });
}

}  // namespace sluice

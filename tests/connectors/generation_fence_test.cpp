#include <cstdint>
#include <memory>
#include <semaphore>
#include <set>
#include <string>
#include <thread>
#include <tuple>
#include <utility>
#include <vector>

#include "sluice/connectors/committed_files.hpp"
#include "sluice/tests/connectors/numbered_files.hpp"
#include "sluice/tests/connectors/stepped_files.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice {

namespace {

using namespace test;
using sim::sim_disk;

constexpr job_id job{{5, 6}}, other_job{{1, 2}};

decided_epoch prepare_one(committed_files& writer, std::uint64_t generation, std::uint64_t epoch,
                          std::size_t instance, std::uint64_t row) {
  REQUIRE(write_rows(writer, {row}));
  auto prepared = writer.prepare({generation}, {epoch})();
  REQUIRE(prepared);
  return {{epoch}, {generation}, instance, prepared.value()};
}

// A process that opens a generation, and is stopped before one of its steps.
class stopped_opening {
 public:
  stopped_opening(std::shared_ptr<file_port> files, std::uint64_t stop, std::size_t instance,
                  std::size_t instances, resolution how)
      : thread_([=, this, how = std::move(how)] {
          const auto stepped = std::make_shared<stepped_files>(files, stop, [this] {
            was_stopped_ = true;
            stopped_.release();
            goes_on_.acquire();
          });
          resolved_ = writer_of(stepped, instance, instances).resolve(how);
          if (!was_stopped_) stopped_.release();
        }) {
    stopped_.acquire();
  }
  ~stopped_opening() { static_cast<void>(go_on()); }

  bool was_stopped() const { return was_stopped_; }
  bool gone_on() const { return !thread_.joinable(); }
  // Once more changes nothing.
  result<void> go_on() {
    if (thread_.joinable()) {
      goes_on_.release();
      thread_.join();
    }
    return resolved_;
  }

 private:
  std::binary_semaphore stopped_{0}, goes_on_{0};
  bool was_stopped_ = false;
  result<void> resolved_;
  std::thread thread_;
};

// A folder in which a process is stopped at one of its steps, and goes on at one of the steps of
// the generation that has taken over.
class takeover {
 public:
  // The process that is stopped is instance `late` of `late_of`; who takes over has `newer_of`.
  takeover(std::size_t late, std::size_t late_of, std::size_t newer_of)
      : late_(late), late_of_(late_of), newer_of_(newer_of) {}

  // Nothing was sealed. The files of another run have names that this one will use too.
  void begin_anew() {
    for (const std::string& name :
         {std::string{"part-00000.00000000000000000001.txt"},
          std::string{"part-00001.00000000000000000001.txt"},
          std::string{"part-00000.00000000000000000007.txt"},
          std::string{".part-00000.2.00000000000000000002.txt.staged"},
          std::string{".part-00000.2.1.txt.writing"}, std::string{".part-00000.3.1.txt.writing"},
          fence_of(0, 9, other_job)})
      REQUIRE(files_->create(name).value()->append(std::string_view{"row\n99\n"}));
  }

  // Two epochs are decided and one is not, of the instances of which the late one is to be one.
  void begin_behind() {
    generation_ = 1;
    for (std::size_t i = 0; i < late_of_; ++i) {
      committed_files writer = writer_of(files_, i, late_of_);
      REQUIRE(writer.resolve({{1}, {}, true, job}));
      for (const std::uint64_t epoch : {1, 2})
        decide(prepare_one(writer, 1, epoch, i, row(epoch, i)));
      prepare_one(writer, 1, 3, i, row(99, i));
    }
    epoch_ = 3;
  }

  // Returns whether the process came to the step `stop` at all, and the other one to `go_on`.
  std::pair<bool, bool> tell(std::uint64_t stop, std::uint64_t go_on) {
    const std::uint64_t late_generation = ++generation_;
    stopped_opening late{files_, stop, late_, late_of_,
                         resolution_of(late_generation, late_, late_of_)};
    take_over(
        std::make_shared<stepped_files>(files_, go_on, [&] { static_cast<void>(late.go_on()); }));
    const bool came_to = late.gone_on();
    if (!came_to) {
      const folder_content before = without_hidden(content_of(*files_));
      const auto resolved = late.go_on();
      CHECK(without_hidden(content_of(*files_)) == before);
      if (late.was_stopped() && stop <= steps_to_listing) {
        REQUIRE_FALSE(resolved);
        CHECK(resolved.failure() ==
              error{error_code::refused, "generation " + std::to_string(generation_) +
                                             " has begun here, this is generation " +
                                             std::to_string(late_generation) + ": disk"});
      }
    }
    CHECK(visible_rows() == committed_);
    return {late.was_stopped(), came_to};
  }

  // Two processes, one after the other, are stopped; the first goes on before a third takes over,
  // the second behind that. Returns whether they were stopped at all.
  std::pair<bool, bool> tell_of_two(std::uint64_t first_stop, std::uint64_t second_stop) {
    stopped_opening first{files_, first_stop, late_, late_of_,
                          resolution_of(++generation_, late_, late_of_)};
    stopped_opening second{files_, second_stop, late_, late_of_,
                           resolution_of(++generation_, late_, late_of_)};
    static_cast<void>(first.go_on());
    take_over(files_);
    static_cast<void>(second.go_on());
    CHECK(visible_rows() == committed_);
    return {first.was_stopped(), second.was_stopped()};
  }

  // What is decided is there, and nothing that somebody may take for it.
  void restart() {
    ++generation_;
    for (std::size_t i = 0; i < 2; ++i)
      REQUIRE(writer_of(files_, i, 2).resolve(resolution_of(generation_, i, 2)));
    CHECK(visible_rows() == decided_rows_);
    const folder_content all = content_of(*files_);
    for (const std::string& name : hidden(all)) {
      CHECK_THAT(name, Catch::EndsWith(".dropped"));
      CHECK(all.at(name).empty());
    }
    CHECK(fences(all) == names{fence_of(0, generation_, job), fence_of(1, generation_, job)});
  }

  void begin_another_run() {
    REQUIRE(writer_of(files_, 0, 1).resolve({{1}, {}, true, {{7, 8}}}));
    CHECK(files_->list().value() == names{fence_of(0, 1, {{7, 8}})});
  }

 private:
  // Making the fence, syncing it, and both lists: who stops before one of them finds the newer one.
  static constexpr std::uint64_t steps_to_listing = 3;

  static std::uint64_t row(std::uint64_t epoch, std::size_t instance) {
    return 1000 + 10 * epoch + instance;
  }

  void decide(const decided_epoch& one) {
    decided_.push_back(one);
    decided_rows_.insert(row(one.epoch.value, one.instance));
  }

  resolution resolution_of(std::uint64_t generation, std::size_t i, std::size_t n) const {
    resolution how{{generation}, {}, decided_.empty(), job};
    for (const decided_epoch& one : decided_)
      if (one.instance % n == i) how.decided.push_back(one);
    return how;
  }

  // A generation that commits one epoch and prepares another one, which is decided.
  void take_over(std::shared_ptr<file_port> files) {
    ++generation_;
    std::vector<committed_files> writers;
    for (std::size_t i = 0; i < newer_of_; ++i) {
      writers.push_back(writer_of(files, i, newer_of_));
      REQUIRE(writers[i].resolve(resolution_of(generation_, i, newer_of_)));
    }
    for (const bool commits : {true, false}) {
      ++epoch_;
      for (std::size_t i = 0; i < newer_of_; ++i)
        decide(prepare_one(writers[i], generation_, epoch_, i, row(epoch_, i)));
      if (!commits) continue;
      for (auto& writer : writers) REQUIRE(writer.commit({generation_}, {epoch_})());
      committed_ = decided_rows_;
    }
  }

  static folder_content without_hidden(folder_content all) {
    std::erase_if(all, [](const auto& one) {
      return one.first.ends_with(".dropped") || one.first.ends_with(".fence");
    });
    return all;
  }

  std::multiset<std::uint64_t> visible_rows() const {
    std::multiset<std::uint64_t> rows;
    std::string text = visible(content_of(*files_));
    for (std::size_t end = 0; (end = text.find('\n')) != std::string::npos; text.erase(0, end + 1))
      rows.insert(std::stoull(text));
    return rows;
  }

  sim_disk disk_{1};
  std::shared_ptr<file_port> files_ = disk_.open();
  std::size_t late_, late_of_, newer_of_;
  std::uint64_t generation_ = 0;
  std::uint64_t epoch_ = 0;
  std::vector<decided_epoch> decided_;
  std::multiset<std::uint64_t> decided_rows_, committed_;
};

}  // namespace

TEST_CASE("a process that was stopped at any step of its first opening changes nothing later",
          "[generation_fence][committed_files][X14][I5]") {
  const auto [late, late_of, newer_of] = GENERATE(
      table<std::size_t, std::size_t, std::size_t>({{0, 1, 1}, {0, 1, 2}, {1, 2, 1}, {1, 2, 2}}));
  const bool fresh = GENERATE(true, false);
  std::uint64_t told = 0;
  bool stops = true;
  for (std::uint64_t stop = 0; stops; ++stop) {
    bool goes_on = true;
    for (std::uint64_t go_on = 0; goes_on; ++go_on, ++told) {
      INFO((fresh ? "fresh, " : "not fresh, ")
           << "instance " << late << " of " << late_of << ", then " << newer_of
           << ", stopped at step " << stop << ", goes on at step " << go_on);
      takeover story{late, late_of, newer_of};
      fresh ? story.begin_anew() : story.begin_behind();
      std::tie(stops, goes_on) = story.tell(stop, go_on);
      story.restart();
      story.begin_another_run();
      if (!stops) break;
    }
  }
  CHECK(told > 100);
}

TEST_CASE("two processes that were stopped in their openings change nothing later",
          "[generation_fence][committed_files][X14][I5]") {
  const std::size_t newer_of = GENERATE(1, 2);
  const bool fresh = GENERATE(true, false);
  bool first_stops = true;
  for (std::uint64_t first = 0; first_stops; ++first) {
    bool second_stops = true;
    for (std::uint64_t second = 0; second_stops; ++second) {
      INFO((fresh ? "fresh, " : "not fresh, ")
           << newer_of << " instances, stopped at steps " << first << " and " << second);
      takeover story{0, 1, newer_of};
      fresh ? story.begin_anew() : story.begin_behind();
      std::tie(first_stops, second_stops) = story.tell_of_two(first, second);
      story.restart();
      story.begin_another_run();
    }
  }
}

}  // namespace sluice

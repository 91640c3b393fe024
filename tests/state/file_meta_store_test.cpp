#include "sluice/state/file_meta_store.hpp"

#include <algorithm>
#include <array>
#include <csignal>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <sys/wait.h>
#include <unistd.h>

#include "sluice/sim/sim_disk.hpp"
#include "sluice/tests/state/meta_store_places.hpp"
#include "sluice/tests/support/catch.hpp"
#include "sluice/tests/support/child_process.hpp"

namespace sluice {

namespace {

using truth = std::optional<meta_truth>;

constexpr job_id job{{7, 8}};
constexpr graph_hash graph{9};
constexpr std::uint64_t numbers = 100;
constexpr std::uint64_t short_log = 1000;  // replaced every few writes

std::unique_ptr<file_meta_store> open(sim::sim_disk& disk) {
  return std::make_unique<file_meta_store>(disk.open(), short_log);
}

// The writes of a run, one behind the other.
const std::vector<std::function<meta_answer(meta_store&)>>& writes() {
  static const auto all = [] {
    std::vector<std::function<meta_answer(meta_store&)>> list;
    list.emplace_back([](meta_store& at) { return at.create(job, graph); });
    list.emplace_back([](meta_store& at) { return at.bump_generation({0}, numbers); });
    for (std::uint64_t epoch = 1; epoch <= 6; ++epoch)
      list.emplace_back(
          [=](meta_store& at) { return at.put_commit(some_manifest({1}, {epoch}), numbers); });
    return list;
  }();
  return all;
}

// Makes all writes until one is not done. Returns the truth after each that was, none in front.
std::vector<truth> run(meta_store& at) {
  std::vector<truth> truths{std::nullopt};
  for (const auto& write : writes()) {
    const auto answer = write(at);
    if (answer.outcome != meta_outcome::done) {
      CHECK(answer.outcome == meta_outcome::unknown);
      CHECK(answer.message != "");
      CHECK_FALSE(at.load());
      CHECK(at.bump_generation({0}, numbers).outcome == meta_outcome::unknown);
      break;
    }
    truths.emplace_back(answer.truth);
  }
  return truths;
}

const std::vector<truth>& undisturbed() {
  static const auto truths = [] {
    sim::sim_disk disk{1};
    return run(*open(disk));
  }();
  return truths;
}

// A new coordinator finds the truth after the last write that was done, or after the next one, and
// can go on: what it then writes outlives a power failure.
void check_next_coordinator(sim::sim_disk& disk, const std::vector<truth>& acknowledged) {
  const auto found = open(disk)->load();
  REQUIRE(found);
  const std::size_t last = acknowledged.size() - 1;
  const auto& all = undisturbed();
  const bool before = found.value() == all[last];
  const bool after = last + 1 < all.size() && found.value() == all[last + 1];
  REQUIRE((before || after));

  auto next = open(disk);
  const auto answer = found.value() ? next->bump_generation(found.value()->generation, numbers)
                                    : next->create(job, graph);
  REQUIRE(answer.outcome == meta_outcome::done);
  disk.fail_power();
  REQUIRE(open(disk)->load().value() == answer.truth);
}

}  // namespace

TEST_CASE("power fails at every step of every write: the truth is the one before or after",
          "[file_meta_store][D1][D4][D5][X1][X8][X24][F16]") {
  REQUIRE(undisturbed().size() == writes().size() + 1);
  std::uint64_t steps = 0;
  for (bool finished = false; !finished; ++steps)
    for (std::uint64_t seed = 1; seed <= 30; ++seed) {
      INFO("seed " << seed << ", step " << steps);
      sim::sim_disk disk{seed * 1000 + steps};
      disk.fail_power_after(steps);
      const auto acknowledged = run(*open(disk));
      finished = !disk.dark();
      disk.fail_power();
      check_next_coordinator(disk, acknowledged);
    }
  CHECK(steps > 30);
}

TEST_CASE("every step of every write goes wrong: unknown, and the truth is before or after",
          "[file_meta_store][D7][X1][X24][F14]") {
  const auto fault =
      GENERATE(sim::disk_fault::io_error, sim::disk_fault::short_write, sim::disk_fault::lost_sync);
  const bool power_fails = GENERATE(false, true);
  std::uint64_t wrong = 0;
  for (bool finished = false; !finished; ++wrong) {
    CAPTURE(power_fails, wrong);
    sim::sim_disk disk{wrong};
    disk.go_wrong_after(wrong, fault);
    const auto acknowledged = run(*open(disk));
    finished = disk.steps() <= wrong;
    if (finished) break;
    power_fails ? disk.fail_power() : disk.kill();
    check_next_coordinator(disk, acknowledged);
  }
  CHECK(wrong > 30);
}

TEST_CASE("a disk that is full makes a write wait, and leaves the truth",
          "[file_meta_store][F13]") {
  // What happens next: there is room again; the process ends; the power fails.
  const auto then = GENERATE(range(0, 3));
  std::size_t waited = 0;
  for (std::uint64_t room = 0; room < 3000; room += 10) {
    CAPTURE(then, room);
    sim::sim_disk disk{room};
    disk.leave_room(room);
    auto store = open(disk);
    std::vector<truth> acknowledged{std::nullopt};
    for (std::size_t i = 0; i < writes().size(); ++i) {
      auto answer = writes()[i](*store);
      if (answer.outcome == meta_outcome::not_now) {
        ++waited;
        CHECK(answer.message.find("no space left on device") != std::string::npos);
        REQUIRE(store->load().value() == acknowledged.back());
        REQUIRE(writes()[i](*store).outcome == meta_outcome::not_now);
        disk.leave_room({});
        if (then > 0) break;
        answer = writes()[i](*store);
      }
      REQUIRE(answer.outcome == meta_outcome::done);
      acknowledged.emplace_back(answer.truth);
    }
    if (then == 0) REQUIRE(acknowledged == undisturbed());
    store.reset();
    disk.leave_room({});
    then == 2 ? disk.fail_power() : disk.kill();
    REQUIRE(open(disk)->load().value() == acknowledged.back());
    check_next_coordinator(disk, acknowledged);
  }
  CHECK(waited > 100);
}

TEST_CASE("power fails at every step of writes for which there was no room at first",
          "[file_meta_store][D4][F13][F16]") {
  for (std::uint64_t room = 0; room < 2000; room += 90) {
    std::uint64_t steps = 0;
    for (bool finished = false; !finished; ++steps)
      for (std::uint64_t seed = 1; seed <= 4; ++seed) {
        INFO("seed " << seed << ", step " << steps << ", room " << room);
        sim::sim_disk disk{seed * 1000 + steps};
        disk.leave_room(room);
        disk.fail_power_after(steps);
        std::vector<truth> acknowledged{std::nullopt};
        {
          auto store = open(disk);
          for (std::size_t i = 0; i < writes().size(); ++i) {
            auto answer = writes()[i](*store);
            if (answer.outcome == meta_outcome::not_now) {
              disk.leave_room({});
              answer = writes()[i](*store);
            }
            if (answer.outcome != meta_outcome::done) break;
            acknowledged.emplace_back(answer.truth);
          }
        }
        finished = !disk.dark();
        disk.leave_room({});
        disk.fail_power();
        check_next_coordinator(disk, acknowledged);
      }
    CHECK(steps > 30);
  }
}

TEST_CASE("half an entry of the witness does not hide those behind it", "[file_meta_store][F13]") {
  const auto length = [](sim::sim_disk& of) { return of.open()->read("truth.log").value().size(); };
  const auto made = [](sim::sim_disk& of, std::size_t count) {
    auto store = std::make_unique<file_meta_store>(of.open());
    for (std::size_t i = 0; i < count; ++i)
      REQUIRE(writes()[i](*store).outcome == meta_outcome::done);
    return store;
  };
  sim::sim_disk measured{1}, disk{1};
  made(measured, 5);
  auto store = made(disk, 4);
  disk.leave_room(length(measured) - length(disk) + 10);
  REQUIRE(writes()[4](*store).outcome == meta_outcome::done);
  REQUIRE(store->notes().size() == 1);
  disk.leave_room({});
  REQUIRE(writes()[5](*store).outcome == meta_outcome::done);
  const auto seen = read_witness(disk.open()->read("truth.seen").value());
  REQUIRE(seen);
  CHECK(seen->bytes == length(disk));
}

TEST_CASE("a full disk whose record cannot be taken back makes the write unknown",
          "[file_meta_store][F13][D7]") {
  sim::sim_disk disk{1};
  auto store = std::make_unique<file_meta_store>(disk.open());
  for (std::size_t i = 0; i < 3; ++i) REQUIRE(writes()[i](*store).outcome == meta_outcome::done);
  disk.leave_room(5);
  disk.go_wrong_after(1, sim::disk_fault::io_error);  // the cut
  REQUIRE(writes()[3](*store).outcome == meta_outcome::unknown);
  CHECK_FALSE(store->load());
}

TEST_CASE("a record whose write was broken off is cut off, and said so", "[file_meta_store][X1]") {
  std::size_t noted = 0;
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    sim::sim_disk disk{seed};
    auto store = std::make_unique<file_meta_store>(disk.open());
    for (std::size_t i = 0; i < 3; ++i) REQUIRE(writes()[i](*store).outcome == meta_outcome::done);
    const std::size_t whole = disk.open()->read("truth.log").value().size();
    disk.fail_power_after(0);
    REQUIRE(writes()[3](*store).outcome == meta_outcome::unknown);
    disk.fail_power();
    const std::size_t torn = disk.open()->read("truth.log").value().size() - whole;
    auto next = std::make_unique<file_meta_store>(disk.open());
    REQUIRE(next->load());
    if (torn == 0 || next->load().value() == undisturbed()[4]) continue;
    REQUIRE(next->notes() ==
            std::vector{"disk/truth.log: byte " + std::to_string(whole) + ": cut off " +
                        std::to_string(torn) + " bytes of a record whose write was broken off"});
    ++noted;
    REQUIRE(next->bump_generation({1}, numbers).outcome == meta_outcome::done);
    next = std::make_unique<file_meta_store>(disk.open());
    REQUIRE(next->load());
    CHECK(next->notes().empty());
  }
  CHECK(noted > 20);
}

TEST_CASE("what a sync that failed lost is written again before anybody acts on it",
          "[file_meta_store][D7][X24]") {
  sim::sim_disk disk{1};
  auto store = std::make_unique<file_meta_store>(disk.open());
  for (std::size_t i = 0; i < 3; ++i) REQUIRE(writes()[i](*store).outcome == meta_outcome::done);
  disk.go_wrong_after(1, sim::disk_fault::lost_sync);  // written, not synced
  REQUIRE(writes()[3](*store).outcome == meta_outcome::unknown);
  disk.kill();
  auto next = std::make_unique<file_meta_store>(disk.open());
  const auto bumped = next->bump_generation({1}, numbers);
  REQUIRE(bumped.outcome == meta_outcome::done);
  REQUIRE(bumped.truth.last()->epoch == epoch_id{2});  // what memory alone held
  disk.fail_power();
  CHECK(file_meta_store{disk.open()}.load().value() == bumped.truth);
}

TEST_CASE("the log is replaced before it grows too long", "[file_meta_store]") {
  sim::sim_disk disk{1};
  auto store = open(disk);
  REQUIRE(writes()[0](*store).outcome == meta_outcome::done);
  REQUIRE(writes()[1](*store).outcome == meta_outcome::done);
  std::size_t longest = 0, shorter = 0, before = 0;
  for (std::uint64_t epoch = 1; epoch <= 50; ++epoch) {
    REQUIRE(store->put_commit(some_manifest({1}, {epoch}), numbers).outcome == meta_outcome::done);
    const std::size_t now = disk.open()->read("truth.log").value().size();
    longest = std::max(longest, now);
    shorter += now < before ? 1 : 0;
    before = now;
    CHECK(disk.open()->list().value() == std::vector<std::string>{"truth.log", "truth.seen"});
    CHECK(disk.open()->read("truth.seen").value().size() <= 24 * 6);
  }
  CHECK(shorter >= 8);
  CHECK(longest < 3000);
  CHECK(store->notes().empty());
}

TEST_CASE("a witness that cannot be written is noted, and the write stands", "[file_meta_store]") {
  sim::sim_disk disk{1};
  auto store = std::make_unique<file_meta_store>(disk.open());
  REQUIRE(writes()[0](*store).outcome == meta_outcome::done);
  disk.go_wrong_after(2, sim::disk_fault::io_error);  // append, sync, witness
  const auto bumped = store->bump_generation({0}, numbers);
  REQUIRE(bumped.outcome == meta_outcome::done);
  CHECK(store->notes() ==
        std::vector<std::string>{"cannot write disk/truth.seen (input/output error)"});
  CHECK(file_meta_store{disk.open()}.load().value() == bumped.truth);
}

TEST_CASE("a log that cannot be read is no empty place", "[file_meta_store][D8]") {
  for (const std::string name : {"truth.log", "truth.seen"}) {
    const scratch_folder folder;
    auto store = file_meta_store::open(folder.path()).value();
    std::filesystem::create_directory(folder.file(name));
    const auto loaded = store->load();
    REQUIRE_FALSE(loaded);
    CHECK(loaded.failure().message == "cannot read " + folder.file(name) + " (is a directory)");
    CHECK(store->create(job, graph).outcome == meta_outcome::unknown);
  }
}

TEST_CASE("a second process is told who has the store", "[file_meta_store][directory_lock]") {
  const scratch_folder folder;
  auto first = file_meta_store::open(folder.path());
  REQUIRE(first);
  const std::string mine = std::to_string(::getpid());
  auto second = file_meta_store::open(folder.path());
  REQUIRE_FALSE(second);
  CHECK(second.failure() ==
        error{error_code::unavailable, folder.path() + " is in use by process " + mine});

  // Removing what says so does not give the store away.
  std::filesystem::remove(folder.file("holder"));
  second = file_meta_store::open(folder.path());
  REQUIRE_FALSE(second);
  CHECK(second.failure().message == folder.path() + " is in use by another process");

  first.value().reset();
  CHECK(file_meta_store::open(folder.path()));
}

TEST_CASE("a process that was killed no longer has the store", "[directory_lock]") {
  const scratch_folder folder;
  std::array<int, 2> ends{};
  REQUIRE(::pipe(ends.data()) == 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const auto lock = directory_lock::take(folder.path());
    static_cast<void>(::write(ends[1], lock ? "held" : "lost", 4));
    while (true) ::pause();
  }
  std::array<char, 4> said{};
  REQUIRE(::read(ends[0], said.data(), said.size()) == 4);
  CHECK(std::string(said.data(), said.size()) == "held");
  const auto taken = directory_lock::take(folder.path());
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  for (const int end : ends) ::close(end);
  REQUIRE_FALSE(taken);
  CHECK(taken.failure().message ==
        folder.path() + " is in use by process " + std::to_string(child));
  CHECK(directory_lock::take(folder.path()));
}

}  // namespace sluice

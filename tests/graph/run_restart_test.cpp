#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "sluice/graph/run.hpp"
#include "sluice/sluice.hpp"
#include "sluice/tests/connectors/temporary_folder.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice {
namespace {

struct number {
  std::uint64_t value;
};
SLUICE_RECORD(number, value);

// Every row that was made, in order, also those of later attempts.
struct read_log {
  std::mutex mutex;
  std::vector<std::uint64_t> rows;
};

std::vector<std::uint64_t> committed_numbers(const std::string& folder) {
  std::vector<std::uint64_t> all;
  if (!std::filesystem::exists(folder)) return all;
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    if (!file.path().filename().string().starts_with("part-")) continue;
    std::ifstream lines{file.path()};
    std::string line;
    std::getline(lines, line);  // its head
    while (std::getline(lines, line)) all.push_back(std::stoull(line));
  }
  std::sort(all.begin(), all.end());
  return all;
}

}  // namespace

// What S16 asks for: a batch that fails is done again, and only that one and those behind it.
TEST_CASE("after a failure nothing before the last checkpoint is read again",
          "[run][actors][S16][F1103]") {
  constexpr std::uint64_t rows = 3000, fails_at = 1300;
  const test::temporary_folder folder;
  const auto log = std::make_shared<read_log>();
  const auto fails = std::make_shared<std::atomic<int>>(1);
  graph g{"fails once"};
  g.batch({.rows = 16, .every = std::chrono::milliseconds{10}});
  g.source("numbers", from::generate<number>{[log](std::uint64_t row, number& n) {
                                               n.value = row;
                                               const std::lock_guard lock(log->mutex);
                                               log->rows.push_back(row);
                                             },
                                             {.count = rows, .rate = 3000}})
      .map([fails](const number& n) {
        if (n.value == fails_at && fails->fetch_sub(1) == 1) throw std::runtime_error("no luck");
        return n;
      })
      .sink("out", to::csv{folder.path("out")});

  run_options options;
  options.checkpoints = folder.path("checkpoints");
  std::vector<std::string> failures;
  std::vector<std::uint64_t> at_failure;
  options.on_restart = [&](generation_id, const std::string& why) {
    failures.push_back(why);
    at_failure = committed_numbers(folder.path("out"));
  };
  const auto ran = run_graph(g, settings_in_code(g), options);
  REQUIRE(ran);
  CHECK(ran.value().finished);
  REQUIRE(failures.size() == 1);
  CHECK(failures[0].find("no luck") != std::string::npos);

  // The second attempt begins where the numbers go back.
  const auto& made = log->rows;
  const auto back = std::adjacent_find(made.begin(), made.end(), std::greater_equal<>{});
  REQUIRE(back != made.end());
  const std::uint64_t again = *(back + 1);
  INFO("committed at the failure: " << at_failure.size() << ", read again from " << again);
  CHECK_FALSE(at_failure.empty());
  CHECK(again >= at_failure.size());
  CHECK(again <= fails_at);
  CHECK(std::is_sorted(back + 1, made.end()));

  std::vector<std::uint64_t> expected(rows);
  for (std::uint64_t i = 0; i < rows; ++i) expected[i] = i;
  CHECK(committed_numbers(folder.path("out")) == expected);
}

TEST_CASE("a run that fails again and again gives up, and says why", "[run][actors][S16]") {
  const test::temporary_folder folder;
  graph g{"fails"};
  g.source("numbers", from::generate<number>{[](std::uint64_t row, number& n) { n.value = row; },
                                             {.count = 10}})
      .map([](const number& n) -> number {
        if (n.value == 5) throw std::runtime_error("never");
        return n;
      })
      .sink("out", to::csv{folder.path("out")});
  run_options options;
  options.checkpoints = folder.path("checkpoints");
  options.most_restarts = 2;
  int restarts = 0;
  options.on_restart = [&](generation_id, const std::string&) { ++restarts; };
  const auto ran = run_graph(g, settings_in_code(g), options);
  REQUIRE(ran);
  CHECK_FALSE(ran.value().finished);
  CHECK(ran.value().failure.find("never") != std::string::npos);
  CHECK(restarts == 2);
  CHECK(committed_numbers(folder.path("out")).empty());
}

}  // namespace sluice

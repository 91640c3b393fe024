// `simulate` as a person calls it.
#include <filesystem>
#include <unistd.h>

#include <fstream>
#include <sstream>

#include "sluice/tests/support/catch.hpp"
#include "sluice/tests/support/child_process.hpp"

namespace sluice {
namespace {

finished_child simulate(const std::string& graph, std::vector<std::string> more = {}) {
  std::vector<std::string> words{SLUICE_SIMULATED_PROGRAM, "simulate", "--graph", graph};
  words.insert(words.end(), more.begin(), more.end());
  return run_child(std::move(words));
}

bool says(const std::string& text, const std::string& what) { return text.find(what) != text.npos; }

// The words of the command behind `reproduce: `, of which none has to be quoted.
std::vector<std::string> reproduction(const finished_child& failed) {
  REQUIRE(failed.exit_code == 1);
  REQUIRE(failed.out.starts_with("reproduce: simulated_program simulate "));
  REQUIRE(lines_of(failed.out).size() == 1);
  std::istringstream text{failed.out.substr(std::string{"reproduce: "}.size())};
  std::vector<std::string> words;
  for (std::string word; text >> word;) words.push_back(word);
  words.front() = SLUICE_SIMULATED_PROGRAM;
  return words;
}

// What was wrong, and the first rows that were.
std::string problem_of(const finished_child& failed) {
  const std::size_t at = failed.err.find("I2: ");
  REQUIRE(at != failed.err.npos);
  return failed.err.substr(at, failed.err.rfind('\n', failed.err.size() - 2) - at);
}

TEST_CASE("a graph that keeps its state in the library holds for every seed",
          "[simulate][F1602][B1][U15]") {
  const auto ran = simulate("sound", {"--seeds", "1..25"});
  INFO(ran.err);
  CHECK(ran.exit_code == 0);
  CHECK(ran.out.starts_with("25 seeds: "));
  CHECK(ran.out.ends_with("every seed held\n"));
  CHECK(says(ran.out, " kill"));
  CHECK(says(ran.err, "source payments (generator, rows without end): the first 200 rows"));
  CHECK(says(ran.err, "sink ends (csv file, /nowhere/at/all.csv): is not opened"));
}

TEST_CASE("state that no checkpoint has is found, and the line that is printed finds it again",
          "[simulate][F1602][B1][U15]") {
  for (const char* graph : {"hidden", "global"}) {
    const auto failed =
        simulate(graph, {"-q", "--seeds", "1..40", "--faults", "kill,drop", "--nodes", "3"});
    INFO(graph << ": " << failed.err);
    CHECK(says(failed.err, "I2: sink numbered shows other rows"));
    const auto again = run_child(reproduction(failed));
    CHECK(again.exit_code == 1);
    CHECK(again.out == failed.out);
    CHECK(problem_of(again) == problem_of(failed));
  }
}

TEST_CASE("what depends on the order of arrival, on a clock or on luck is said to",
          "[simulate][F1602][B1]") {
  const auto arrival = simulate("arrival");
  INFO(arrival.err);
  CHECK(arrival.exit_code == 1);
  CHECK(says(arrival.err, "the order in which rows of several channels arrive"));
  const auto clock = simulate("clock");
  INFO(clock.err);
  CHECK(clock.exit_code == 1);
  CHECK(says(clock.err, "code of the graph reads a clock"));
}

TEST_CASE("a graph that fails without any fault is told before the first seed",
          "[simulate][F1602][B1]") {
  const auto throwing = simulate("throwing");
  CHECK(throwing.exit_code == 1);
  CHECK(says(throwing.err, "the graph fails without any fault"));
  CHECK(says(throwing.err, "no payment has the number 70"));
  const auto dying = simulate("dying");
  CHECK(dying.exit_code == 1);
  CHECK(says(dying.err, "the process was ended: Aborted"));
}

TEST_CASE("what cannot be simulated is refused by name", "[simulate][F1602][B1]") {
  const auto refused = [](const finished_child& child, const std::string& why) {
    INFO(child.err);
    CHECK(child.exit_code == 2);
    CHECK(child.out == "");
    CHECK(says(child.err, why));
  };
  refused(simulate("socket"),
          "source lines (text socket, localhost:1, at most once) cannot be simulated");
  refused(simulate("missing"), "source lines (text file, there-is-no-such-file.txt) cannot open");
  refused(simulate("sound", {"--faults", "kil"}), "unknown fault: kil (did you mean kill?)");
  refused(simulate("sound", {"--seeds", "9..3"}), "--seeds 9..3 (A..B, or one seed; from 1)");
  refused(simulate("sound", {"--trace", "/nowhere/at/all"}), "cannot write the trace");
}

TEST_CASE("without faults nothing happens, and a trace says what did", "[simulate][F1602][B1]") {
  const auto calm = simulate("sound", {"--seeds", "4", "--faults", "none"});
  CHECK(calm.exit_code == 0);
  CHECK(says(calm.out, "1 seed: "));
  CHECK(says(calm.out, "0 rollbacks, 0 restarts; no faults"));
  const std::string trace = "simulate_test." + std::to_string(::getpid()) + ".trace";
  const auto traced = simulate("sound", {"--seeds", "3..5", "--trace", trace});
  CHECK(traced.exit_code == 0);
  std::ifstream file{trace};
  const std::string text{std::istreambuf_iterator<char>{file}, {}};
  CHECK(says(text, "start node-1"));
  CHECK(says(text, "is sealed"));
  std::filesystem::remove(trace);
}

TEST_CASE("programs of this repository can be simulated", "[simulate][F1602][B1]") {
  const std::string file = "simulate_test." + std::to_string(::getpid()) + ".txt";
  std::ofstream{file} << "to be or not to be\nthat is the question\nto be\n";
  const auto words = run_child({SLUICE_WORDCOUNT, "simulate", "--file", file, "--seeds", "1..10"});
  INFO(words.err);
  CHECK(words.exit_code == 0);
  CHECK(says(words.err, "all 3 rows"));
  std::filesystem::remove(file);
}

}  // namespace
}  // namespace sluice

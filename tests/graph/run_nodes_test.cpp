#include <algorithm>

#include "sluice/tests/support/catch.hpp"
#include "sluice/tests/support/child_process.hpp"

namespace sluice {

namespace {

// What the program says to a wrong line, of which everything else is right.
std::string refused(std::vector<std::string> words) {
  words.insert(words.begin(), SLUICE_RUN_PROGRAM);
  const scratch_folder folder;
  const auto child = run_child(std::move(words), {.folder = folder.path()});
  INFO(child.err);
  CHECK(child.exit_code == 2);
  CHECK(child.out.empty());
  CHECK_FALSE(folder.has("checkpoints"));  // nothing is begun
  return child.err;
}

bool says(const std::string& message, std::string_view part) {
  return message.find(part) != message.npos;
}

}  // namespace

TEST_CASE("several nodes need a directory that all of them see", "[run_nodes][actors]") {
  CHECK(says(refused({"node", "--name", "b", "--cluster", "a=ipc:///a,b=ipc:///b"}),
             "several nodes need --checkpoints DIR"));
}

TEST_CASE("a node needs to know who it is and who the others are", "[run_nodes][actors]") {
  CHECK(says(refused({"node", "--checkpoints", "checkpoints"}), "node needs --name NAME"));
  CHECK(says(refused({"node", "--name", "b", "--checkpoints", "checkpoints"}),
             "--name b needs the nodes: --cluster"));
  CHECK(says(refused({"run", "--cluster", "a=ipc:///a", "--checkpoints", "checkpoints"}),
             "--name NAME says which of them this is"));
  CHECK(says(refused({"node", "--name", "c", "--cluster", "a=ipc:///a,b=ipc:///b", "--checkpoints",
                      "checkpoints"}),
             "--name c: there is no such node in cluster.nodes"));
}

TEST_CASE("a wrong list of nodes is refused with its entry", "[run_nodes][actors][F21]") {
  CHECK(says(refused({"run", "--name", "a", "--cluster", "a=ipc:///a,b=udp://b", "--checkpoints",
                      "checkpoints"}),
             "node \"b=udp://b\": "));
}

TEST_CASE("a number of nodes is a whole one from 1 to 64", "[run_nodes][actors]") {
  for (const char* wrong : {"0", "65", "-1", "two", "2.5"})
    CHECK(says(refused({"run", "--nodes", wrong, "--checkpoints", "checkpoints"}),
               "a whole number from 1 to 64"));
}

TEST_CASE("what is rejected on any node stands once in the one file",
          "[run_nodes][actors][F1207]") {
  const scratch_folder folder;
  const auto payments = [&](const char* file, int rejected) {
    std::string text = "card,amount\n";
    for (int i = 0; i < 1'000; ++i)
      text += i % 10 == rejected ? "none,1\n" : std::to_string(i) + ",1\n";
    folder.write(file, text);
  };
  payments("a.csv", 3);
  payments("b.csv", 7);
  const auto child = run_child({SLUICE_RUN_PROGRAM, "run", "--graph", "two inputs", "--nodes", "2",
                                "--output", "copies", "--set", "batch.rows=16"},
                               {.folder = folder.path()});
  INFO(child.err);
  CHECK(child.exit_code == 0);
  CHECK(says(child.err, "payments.rejected.jsonl"));
  const std::string rejected = folder.read("payments.rejected.jsonl");
  CHECK(std::count(rejected.begin(), rejected.end(), '\n') == 200);
  for (const char* file : {"a.csv", "b.csv"})
    for (int line = 1; line <= 1'001; ++line) {
      const int row = line - 2;
      const bool bad = row >= 0 && row % 10 == (file[0] == 'a' ? 3 : 7);
      const std::string number = "\"line\":" + std::to_string(line) + ",";
      const std::string place = "\"input\":\"" + std::string(file) + "\",\"offset\":";
      std::size_t found = 0;
      for (std::size_t at = 0; (at = rejected.find(place, at)) != rejected.npos; ++at)
        found += rejected.compare(rejected.find("\"line\":", at), number.size(), number) == 0;
      if (found != (bad ? 1u : 0u)) FAIL(file << " line " << line << ": " << found << " times");
    }
}

TEST_CASE("a run of its own nodes is not one of others", "[run_nodes][actors]") {
  CHECK(says(
      refused({"run", "--nodes", "2", "--cluster", "a=ipc:///a", "--checkpoints", "checkpoints"}),
      "--name NAME says which of them this is"));
}

TEST_CASE("of several nodes one says what is doubtful in the settings",
          "[run_nodes][actors][S27]") {
  const scratch_folder folder;
  folder.write("payments.csv", "card,amount\n1,2\n");
  const auto child = run_child({SLUICE_RUN_PROGRAM, "run", "--nodes", "3", "--checkpoints",
                                "checkpoints", "--set", "blink.microBatch.allowLatencyMs=30"},
                               {.folder = folder.path()});
  INFO(child.err);
  CHECK(child.exit_code == 0);
  const std::string doubt = "time given without a size";
  const auto first = child.err.find(doubt);
  REQUIRE(first != child.err.npos);
  CHECK(child.err.find(doubt, first + 1) == child.err.npos);
}

}  // namespace sluice

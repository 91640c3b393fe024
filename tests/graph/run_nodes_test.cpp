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

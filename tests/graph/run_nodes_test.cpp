#include <algorithm>
#include <csignal>
#include <filesystem>

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

TEST_CASE("a node that waits says for what", "[run_nodes][actors]") {
  const scratch_folder folder;
  const bool with_store = GENERATE(false, true);
  std::vector<std::string> words{
      SLUICE_RUN_PROGRAM,      "node",          "--name",     "b", "--cluster",
      "a=ipc:///a,b=ipc:///b", "--checkpoints", "checkpoints"};
  if (with_store) words.insert(words.end(), {"--set", "cluster.store=etcd://127.0.0.1:1/none"});
  child_process node(words, {.folder = folder.path()});
  CHECK(node.says(with_store ? "waiting for the store: "
                             : "waiting for a to begin the run in checkpoints"));
  node.send(SIGINT);
  CHECK(node.wait() != -1000);
  INFO(node.err());
  CHECK(std::count(node.err().begin(), node.err().end(), '\n') < 10);
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

namespace {

struct ended_run {
  std::vector<std::vector<std::string>> outputs;  // sorted lines, of each sink
  std::string said;
};

ended_run visits(std::vector<std::string> flags, const std::string& graph = "visits") {
  const scratch_folder folder;
  std::vector<std::string> words{SLUICE_RUN_PROGRAM, "run",      "--graph",  graph,
                                 "--count",          "200000",   "--output", folder.file("out"),
                                 "--stats=metrics",  "--verbose"};
  words.insert(words.end(), flags.begin(), flags.end());
  const finished_child ran = run_child(words);
  INFO(ran.err);
  REQUIRE(ran.exit_code == 0);
  ended_run ended{{}, ran.err};
  for (const char* sink : {"out.pages", "out.countries", "out.seconds"}) {
    std::vector<std::string> lines;
    if (!folder.has(sink)) continue;
    for (const auto& file : std::filesystem::directory_iterator(folder.file(sink))) {
      const std::string name = file.path().filename().string();
      if (name.front() == '.') continue;
      for (std::string& line : lines_of(folder.read(std::string(sink) + "/" + name)))
        lines.push_back(std::move(line));
    }
    std::sort(lines.begin(), lines.end());
    ended.outputs.push_back(std::move(lines));
  }
  return ended;
}

// The sum of a metric with this label, over all instances.
double sum_of(const std::string& said, std::string_view name, std::string_view label) {
  double sum = 0;
  for (const std::string& line : lines_of(said))
    if (line.starts_with(name) && line.find(label) != line.npos)
      sum += std::stod(line.substr(line.rfind(' ')));
  return sum;
}

}  // namespace

TEST_CASE("two nodes give the rows of one process, combined before the wire or not",
          "[run_nodes][actors][F701][F203][S12]") {
  const ended_run whole = visits({});
  REQUIRE(whole.outputs.size() == 3);
  CHECK(whole.outputs[0].size() == 52);  // squares modulo 101, and a head
  CHECK(sum_of(whole.said, "sluice_pre_aggregate_rows_total", "") == 0);
  for (const std::string how : {"off", "on", "auto"}) {
    CAPTURE(how);
    const ended_run nodes = visits({"--nodes", "2", "--set", "batch.pre_aggregate=" + how});
    CHECK((nodes.outputs == whole.outputs));
    const double taken = sum_of(nodes.said, "sluice_pre_aggregate_rows_total", "rows=\"taken\"");
    const double sent = sum_of(nodes.said, "sluice_pre_aggregate_rows_total", "rows=\"sent\"");
    if (how == "off") {
      CHECK(taken == 0);
    } else {
      CHECK(taken >= 90'000);
      CHECK(sent < taken / 20);
    }
    CHECK(nodes.said.find("sends rows as they are") == std::string::npos);
  }
}

TEST_CASE("a node that stops combining says why", "[run_nodes][actors][F701][S12]") {
  const ended_run nodes = visits({"--nodes", "2"}, "unique");
  CHECK(says(nodes.said,
             "numbers/batcher: sends rows as they are, combining does not pay: O/I 1.00 is above "
             "0.80\n"));
  CHECK(sum_of(nodes.said, "sluice_pre_aggregate_switches_total", "to=\"whole\"") == 1);
}

}  // namespace sluice

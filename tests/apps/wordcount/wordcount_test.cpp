#include <csignal>
#include <fstream>
#include <map>
#include <regex>
#include <set>

#include "sluice/tests/support/catch.hpp"
#include "sluice/tests/support/child_process.hpp"
#include "sluice/tests/support/listening_socket.hpp"

namespace sluice {
namespace {

const std::string program = SLUICE_WORDCOUNT;

using counts = std::map<std::string, int>;

// What was printed, one map of counts for each epoch that had words.
std::vector<counts> epochs_in(const std::string& printed) {
  static const std::regex head(R"(epoch \d+  \d\d:\d\d:\d\d)");
  std::vector<counts> epochs;
  for (const auto& line : lines_of(printed)) {
    INFO(line);
    if (std::regex_match(line, head)) {
      epochs.emplace_back();
      continue;
    }
    const std::size_t tab = line.find('\t');
    REQUIRE(tab != line.npos);
    REQUIRE_FALSE(epochs.empty());
    CHECK(epochs.back().emplace(line.substr(0, tab), std::stoi(line.substr(tab + 1))).second);
  }
  return epochs;
}

TEST_CASE("words from a socket are counted epoch by epoch, every second, on two threads",
          "[wordcount][S21][actors][P15]") {
  listening_socket server;
  child_process counting({program, "--port", std::to_string(server.port()), "--config",
                          SLUICE_CONFIG_FOLDER "/wordcount.toml"});
  server.accept();
  server.send("to be or not to be\n");
  REQUIRE(counting.prints("not\t1\n"));
  server.send("to  be \n");  // more blanks than needed make no words
  REQUIRE(counting.prints("be\t1\n"));
  server.send("the question");  // the last line need not end
  server.finish();
  CHECK(counting.wait() == 0);
  CHECK(epochs_in(counting.out()) ==
        std::vector<counts>{{{"to", 2}, {"be", 2}, {"or", 1}, {"not", 1}},
                            {{"to", 1}, {"be", 1}},
                            {{"the", 1}, {"question", 1}}});
  CHECK(counting.err().find("marker every 1000 ms") != std::string::npos);
  CHECK(counting.err().find("lines: text socket, localhost:") != std::string::npos);
  CHECK(counting.err().find("at most once: what was read cannot be read again") !=
        std::string::npos);
}

TEST_CASE("netcat can feed it", "[wordcount][S21][actors]") {
  std::string port;
  {
    listening_socket free_port;
    port = std::to_string(free_port.port());
  }
  child_process netcat(
      {"/bin/sh", "-c", "printf 'hello hello\\r\\nworld\\r\\n' | nc -v -N -l 127.0.0.1 " + port});
  REQUIRE(netcat.says("Listening on"));
  const auto counted = run_child({program, "--port", port, "-q"});
  CHECK(counted.exit_code == 0);
  counts all;
  for (const auto& epoch : epochs_in(counted.out))
    for (const auto& [word, n] : epoch) all[word] += n;
  CHECK(all == counts{{"hello", 2}, {"world", 1}});
  CHECK(netcat.wait() == 0);
}

TEST_CASE("the same text in a file gives the same counts", "[wordcount][S15][S26][actors]") {
  std::string text;
  for (int i = 0; i < 20'000; ++i)
    text += "w" + std::to_string(i % 97) + " common w" + std::to_string(i % 13) + "\n";
  const auto totals = [](const std::string& printed) {
    counts all;
    for (const auto& epoch : epochs_in(printed))
      for (const auto& [word, n] : epoch) all[word] += n;
    return all;
  };
  scratch_folder folder;
  folder.write("words.txt", text);
  const auto batch = run_child({program, "--file", "words.txt"}, {.folder = folder.path()});
  CHECK(batch.exit_code == 0);
  CHECK(totals(batch.out).at("common") == 20'000);

  listening_socket server;
  child_process live(
      {program, "--port", std::to_string(server.port()), "--set", "microBatch.allowLatencyMs=10"});
  server.accept();
  server.send(text);
  server.finish();
  CHECK(live.wait() == 0);
  CHECK(totals(live.out()) == totals(batch.out));
}

TEST_CASE("graph shows source, batcher, aggregator and sink", "[wordcount][S22]") {
  const auto shown = run_child({program, "graph"});
  CHECK(shown.exit_code == 0);
  CHECK(shown.err == "");
  std::size_t at = 0;
  for (const char* role : {"  source ", "  batcher ", "  aggregator ", "  sink "}) {
    at = shown.out.find(role, at);
    REQUIRE(at != shown.out.npos);
  }
  CHECK(shown.out.find("word, key text") != std::string::npos);
  CHECK(shown.out.find("lines: at most once") != std::string::npos);
  CHECK(run_child({program, "graph", "--file", "a.txt"}).out.find("at most once") ==
        std::string::npos);
}

TEST_CASE("an interval of a minute is an interval", "[wordcount][S23][actors]") {
  listening_socket server;
  child_process counting({program, "--port", std::to_string(server.port()), "--set",
                          "microBatch.allowLatencyMs=1min"});
  server.accept();
  server.send("one two\n");
  REQUIRE(counting.says("marker every 60000 ms"));
  server.send("two three\n");
  server.finish();  // END does not wait for the minute
  CHECK(counting.wait() == 0);
  CHECK(epochs_in(counting.out()) == std::vector<counts>{{{"one", 1}, {"two", 2}, {"three", 1}}});
}

TEST_CASE("Ctrl-C ends it while it waits for lines", "[wordcount][actors]") {
  listening_socket server;
  child_process counting(
      {program, "--port", std::to_string(server.port()), "--set", "microBatch.allowLatencyMs=20"});
  server.accept();
  server.send("one two two\n");
  REQUIRE(counting.prints("two\t2\n"));
  counting.send(SIGINT);
  CHECK(counting.wait() == 0);
  CHECK(epochs_in(counting.out()) == std::vector<counts>{{{"one", 1}, {"two", 2}}});
  CHECK(counting.err().find("stopped: 1 row in ") != std::string::npos);
}

TEST_CASE("where nobody listens it says how to begin, and starts nothing", "[wordcount]") {
  std::string port;
  {
    listening_socket gone;
    port = std::to_string(gone.port());
  }
  const auto ran = run_child({program, "--port", port});
  CHECK(ran.exit_code == 2);
  CHECK(ran.out == "");
  CHECK(ran.err ==
        "stage lines: cannot connect to localhost:" + port +
            " (connection refused); nothing listens there, for a first try start: nc -lk " + port +
            "\n");
}

TEST_CASE("it takes at most fifteen lines of graph code", "[wordcount][S21]") {
  std::ifstream source(SLUICE_WORDCOUNT_SOURCE);
  int lines = 0;
  bool graph_code = false;
  for (std::string line; std::getline(source, line);) {
    graph_code = graph_code || line.find("graph g{") != line.npos;
    if (line.starts_with("}")) graph_code = false;
    lines += graph_code && !line.empty() ? 1 : 0;
  }
  CHECK(lines > 5);
  CHECK(lines <= 15);
}

}  // namespace
}  // namespace sluice

#include <algorithm>
#include <filesystem>
#include <regex>

#include <nlohmann/json.hpp>

#include "sluice/graph/run_verb_texts.hpp"
#include "sluice/tests/graph/settings/wrong_files.hpp"
#include "sluice/tests/graph/wrong_graphs.hpp"
#include "sluice/tests/support/catch.hpp"
#include "sluice/tests/support/child_process.hpp"

namespace sluice {
namespace {

const std::string program = SLUICE_RUN_PROGRAM;

finished_child called(std::vector<std::string> arguments, const child_options& options = {}) {
  arguments.insert(arguments.begin(), program);
  return run_child(std::move(arguments), options);
}

// A call that starts nothing: exit code 2, nothing on stdout, these lines on stderr.
void refused(const finished_child& child, const std::vector<std::string>& lines) {
  CHECK(child.exit_code == 2);
  CHECK(child.out == "");
  CHECK(lines_of(child.err) == lines);
}

const std::string payments = "card,amount\n1,10\n2,20\n1,30\n3,0\n";

TEST_CASE("a misspelt verb or flag is refused with the nearest one", "[run]") {
  refused(called({"grpah"}), {"run_program: unknown verb: grpah (did you mean graph?)"});
  refused(called({"frobnicate"}), {"run_program: unknown verb: frobnicate"});
  refused(called({"run", "--progres", "json"}),
          {"run_program: unknown flag: --progres (did you mean --progress?)"});
  refused(called({"--stat"}), {"run_program: unknown flag: --stat (did you mean --stats?)"});
  refused(called({"--inptu=a.csv", "run"}),
          {"run_program: unknown flag: --inptu (did you mean --input?)"});
  refused(called({"run", "extra"}), {"run_program: unexpected argument: extra"});
  refused(called({"help", "sttings"}),
          {"run_program: no help on: sttings (did you mean settings?)"});
}

TEST_CASE("a wrong value of a flag is refused with what is right", "[run]") {
  refused(called({"--progress", "jsn"}), {"run_program: wrong value: --progress jsn (auto, bar, "
                                          "plain, json, none; did you mean json?)"});
  refused(called({"--rate", "-1"}),
          {"run_program: wrong value: --rate -1 (a whole number from 0 to 4294967295)"});
  refused(called({"--rate", "12x"}),
          {"run_program: wrong value: --rate 12x (a whole number from 0 to 4294967295)"});
  refused(called({"--count"}), {"run_program: value missing: --count"});
  refused(called({"--quiet=perhaps"}),
          {"run_program: wrong value: --quiet perhaps (true or false)"});
  refused(called({"run"}, {.environment = {"SLUICE_RATE=much"}}),
          {"run_program: wrong value: SLUICE_RATE=much (a whole number from 0 to 4294967295)"});
}

TEST_CASE("a flag that means nothing to the verb is refused", "[run]") {
  refused(called({"graph", "--stats"}), {"run_program: --stats does not go with graph"});
  refused(called({"--stats", "graph"}), {"run_program: --stats does not go with graph"});
  refused(called({"run", "--loudly"}), {"run_program: --loudly does not go with run"});
}

TEST_CASE("flags are variables too, and the command line beats them", "[run]") {
  const child_options options{.environment = {"SLUICE_FORMAT=mermaid"}};
  CHECK(called({"graph"}, options).out.starts_with("flowchart LR\n"));
  CHECK(called({"graph", "--format", "dot"}, options).out.starts_with("digraph \"tested\" {\n"));
  CHECK(called({"greet"}, {.environment = {"SLUICE_LOUDLY=1"}}).out == "HELLO\n");
  CHECK(called({"greet", "--loudly"}).out == "HELLO\n");
  CHECK(called({"greet"}).out == "hello\n");
}

TEST_CASE("help shows the verbs and flags of every program and its own", "[run]") {
  const auto all = called({"--help"});
  CHECK(all.exit_code == 0);
  CHECK(all.err == "");
  for (const char* word : {"Runs a graph of the tests.", "--config", "--set", "--progress",
                           "--stats", "--input FILE", "explain", "check", "again", "greet"})
    CHECK(all.out.find(word) != std::string::npos);
  CHECK(all.out.find("--deny-warnings") == std::string::npos);
  CHECK(called({"help"}).out == all.out);
  CHECK(called({"help", "check"}).out == called({"check", "--help"}).out);
  CHECK(called({"help", "check"}).out.find("--deny-warnings") != std::string::npos);
  CHECK(called({"help", "exit"}).out.find("130") != std::string::npos);
  CHECK(exit_help({{4, "it differs"}})
            .find("\n4    the checkpoint differs from this program (diff), or: it differs\n130  "
                  "aborted") != std::string::npos);
  CHECK(exit_help({{7, "odd"}}).find("\n7    odd\n130  aborted") != std::string::npos);
  CHECK(called({"help", "settings"}).out.find("SLUICE_BATCH_ROWS") != std::string::npos);
}

TEST_CASE("version and list say what was built", "[run]") {
  CHECK(called({"version"}).out == "run_program, built on sluice " SLUICE_TEST_VERSION "\n");
  const auto listed = called({"list"});
  CHECK(listed.exit_code == 0);
  for (const char* word :
       {"from::csv", "from::text_socket", "to::console", "to::json_lines", "CAF 0."})
    CHECK(listed.out.find(word) != std::string::npos);
}

TEST_CASE("a run without a verb reads, sums and writes", "[run][actors]") {
  scratch_folder folder;
  folder.write("payments.csv", payments);
  const auto ran = called({}, {.folder = folder.path()});
  CHECK(ran.exit_code == 0);
  CHECK(ran.out == "");
  auto written = lines_of(folder.read("alerts.csv"));
  std::sort(written.begin(), written.end());  // digits before letters
  CHECK(written == std::vector<std::string>{"1,40", "2,20", "card,sum_amount"});
  const auto said = lines_of(ran.err);
  REQUIRE(said.size() == 2);
  CHECK(said[0].starts_with("tested: 4 stages, "));
  CHECK(said[0].find(
            "marker every 1000 ms (default), policy both (default), size 20000 rows (default)") !=
        std::string::npos);
  CHECK(said[1].starts_with("done: 4 rows in "));
  CHECK(called({"-q"}, {.folder = folder.path()}).err == "");
}

TEST_CASE("sinks that may show a row again are named at the start", "[run][actors][S30]") {
  const scratch_folder folder;
  const auto said = [&](const std::string& output) {
    const auto ran = called({"--graph", "copy", "--count", "10", "--output", output,
                             "--checkpoints", folder.file("checkpoints of " + output)},
                            {.environment = {}, .folder = folder.path()});
    INFO(ran.err);
    CHECK(ran.exit_code == 0);
    return ran.err.find(
               "alerts: at least once: rows are shown at once, so some are shown again "
               "after a failure\n") != std::string::npos;
  };
  CHECK(said("one.csv"));
  CHECK_FALSE(said("folder"));
}

TEST_CASE("rejected rows are counted at the end of every run, even a quiet one",
          "[run][actors][F22]") {
  scratch_folder folder;
  folder.write("payments.csv", payments + "x,1\n4,4,4\n5,\n6,60\n");
  const auto ran = called({"-q"}, {.folder = folder.path()});
  CHECK(ran.exit_code == 0);
  CHECK(ran.err == "payments: read 8  good 5  bad 3 → payments.rejected.jsonl\n");
  CHECK(lines_of(folder.read("payments.rejected.jsonl")).size() == 3);
}

TEST_CASE("settings come from files, flags and variables", "[run][U33]") {
  scratch_folder folder;
  folder.write("a.toml", "[batch]\nrows = 100\n");
  folder.write("b.toml", "[batch]\nrows = 200\n[stage.decide]\npolicy = \"off\"\n");
  const auto explained = [&](std::vector<std::string> arguments,
                             std::vector<std::string> environment = {}) {
    const auto child = called(std::move(arguments),
                              {.environment = std::move(environment), .folder = folder.path()});
    CHECK(child.exit_code == 0);
    for (const auto& line : lines_of(child.out))
      if (line.starts_with("batch.rows ")) return line.substr(line.find_first_not_of(' ', 10));
    return std::string{};
  };
  CHECK(explained({"explain", "--config", "a.toml", "b.toml"}) == "200 rows       b.toml:2:8");
  CHECK(explained({"--config", "a.toml", "explain", "--config"}) == "100 rows       a.toml:2:8");
  CHECK(explained({"explain", "--config"}, {"SLUICE_CONFIG=a.toml"}) ==
        "100 rows       a.toml:2:8");
  CHECK(explained({"explain", "--config", "a.toml"}, {"SLUICE_BATCH_ROWS=7"})
            .ends_with("environment SLUICE_BATCH_ROWS"));
  CHECK(
      explained({"explain", "--config", "a.toml", "--set", "batch.rows=8"}, {"SLUICE_BATCH_ROWS=7"})
          .ends_with("command line --set batch.rows=8"));
  CHECK(explained({"explain", "--config", "--rows", "9"}).starts_with("9 rows "));
  CHECK(
      nlohmann::json::parse(called({"explain", "--config", "--schema"}).out)["properties"].contains(
          "batch"));
}

TEST_CASE("more than sixty wrong files: exit 2, one line for each error, nothing started",
          "[run][F21][U36][actors]") {
  scratch_folder folder;
  folder.write("payments.csv", payments);
  const child_options options{.environment = {wrong_file_secret_name + "=" + wrong_file_secret},
                              .folder = folder.path()};
  std::size_t files = 0;
  for (const auto& part : {files_of_wrong_syntax(), files_of_wrong_keys(), files_of_wrong_values(),
                           files_of_wrong_stages()})
    for (const auto& wrong : part) {
      INFO(wrong.text);
      folder.write(wrong_file_name, wrong.text);
      const auto ran = called({"run", "--config", wrong_file_name}, options);
      CHECK(ran.exit_code == 2);
      CHECK(ran.out == "");
      std::size_t errors = 0;
      for (const auto& line : lines_of(ran.err)) {
        CHECK(line.starts_with(wrong_file_name + ":"));
        errors += line.find(": warning: ") == line.npos ? 1 : 0;
      }
      CHECK(errors == wrong.errors.size());
      ++files;
    }
  CHECK(files >= 60);
  CHECK_FALSE(folder.has("alerts.csv"));
}

TEST_CASE("a wrong graph is refused with one line for each mistake", "[run][C2]") {
  scratch_folder folder;
  for (const char* verb : {"run", "graph", "explain"}) {
    const auto ran = called({verb, "--graph", "wrong"}, {.folder = folder.path()});
    CHECK(ran.exit_code == 2);
    CHECK(ran.out == "");
    const auto said = lines_of(ran.err);
    REQUIRE(said.size() == 2);
    CHECK(said[0].starts_with("run_program.cpp:"));
    CHECK(said[0].find(": stage \"alerts\": another stage has this name (run_program.cpp:") !=
          std::string::npos);
    CHECK(said[1].find(": stage \"positive\": its rows (number) go nowhere") != std::string::npos);
  }
  CHECK_FALSE(folder.has("alerts.csv"));
}

TEST_CASE("each mistake of a graph: exit 2, a line with its place and stage, nothing started",
          "[run][F101][C2][C23]") {
  scratch_folder folder;
  const child_options here{.folder = folder.path()};
  const std::regex place{R"((wrong_graphs|run_program)\.cpp:[1-9][0-9]*)"};
  // Input there is none: whoever opens anything before looking says something else.
  for (const auto& wrong : wrong_graphs()) {
    INFO(wrong.name);
    for (const char* verb : {"run", "again", "graph", "explain"}) {
      auto ran = called({verb, "--graph", wrong.name}, here);
      ran.err = std::regex_replace(ran.err, place, "HERE");
      refused(ran, wrong.mistakes);
    }
    const auto checked = called({"check", "--connect", "--graph", wrong.name}, here);
    CHECK(checked.exit_code == 2);
    CHECK(lines_of(std::regex_replace(checked.err, place, "HERE")) == wrong.mistakes);
  }
  CHECK(std::filesystem::is_empty(folder.path()));
}

TEST_CASE("mistakes of the graph and of the settings come together", "[run]") {
  scratch_folder folder;
  folder.write("a.toml", "[batch]\nrow = 1\n");
  const auto ran =
      called({"--graph", "wrong", "--config", "a.toml", "--set", "x=1"}, {.folder = folder.path()});
  CHECK(ran.exit_code == 2);
  CHECK(lines_of(ran.err).size() == 4);
}

TEST_CASE("a connector that cannot be opened is named with its stage, and nothing is started",
          "[run]") {
  scratch_folder folder;
  refused(called({"--input", "none.csv"}, {.folder = folder.path()}),
          {"stage payments: cannot open none.csv (no such file or directory)"});
  CHECK_FALSE(folder.has("alerts.csv"));
  refused(called({"--graph", "unwritable", "--output", "x"}, {.folder = folder.path()}),
          {"stage alerts: cannot open x/none/alerts.csv (no such file or directory)"});
}

TEST_CASE("an output is not started when another connector cannot be opened", "[run][C2]") {
  scratch_folder folder;
  const child_options here{.folder = folder.path()};
  folder.write("alerts.csv", "of yesterday\n");
  folder.write("payments.csv", payments);
  const auto call = [&](const char* input, const char* output) {
    return called({"--graph", "two outputs", "--count", "1", "--input", input, "--output", output},
                  here);
  };
  refused(call("payments.csv", "none/copies.csv"),
          {"stage copies: cannot open none/copies.csv (no such file or directory)"});
  CHECK(folder.read("alerts.csv") == "of yesterday\n");
  refused(call("none.csv", "copies.csv"),
          {"stage payments: cannot open none.csv (no such file or directory)"});
  CHECK(folder.read("alerts.csv") == "of yesterday\n");
  CHECK_FALSE(folder.has("copies.csv"));
}

TEST_CASE("a run that fails says which stage and why, and exits with 1", "[run][actors]") {
  scratch_folder folder;
  const auto ran = called({"--graph", "failing"}, {.folder = folder.path()});
  CHECK(ran.exit_code == 1);
  CHECK(ran.err.find("failed: stage numbers/batcher: no hundred\n") != std::string::npos);
  CHECK(lines_of(ran.err).back().starts_with("next: run_program explain"));
}

TEST_CASE("check finds everything at once and points at it", "[run][U14]") {
  scratch_folder folder;
  folder.write("a.toml", "[batch]\nrow = 1\n\n[stage.decid]\npolicy = \"off\"\n");
  const auto checked = called({"check", "--config", "a.toml"}, {.folder = folder.path()});
  CHECK(checked.exit_code == 2);
  CHECK(checked.out == "tested: 2 errors\n");
  CHECK(checked.err ==
        "a.toml:2:1: unknown key: batch.row\n"
        "row = 1\n"
        "^ did you mean batch.rows?\n"
        "a.toml:4:8: unknown stage: decid\n"
        "[stage.decid]\n"
        "       ^ did you mean decide?\n");
  CHECK(called({"check"}).out == "tested: ok, 4 stages\n");
}

TEST_CASE("check fails on warnings if they are denied", "[run][P6][U14]") {
  const std::vector<std::string> time_only{"check", "--set", "microBatch.allowLatencyMs=100"};
  const auto warned = called(time_only);
  CHECK(warned.exit_code == 0);
  CHECK(warned.out == "tested: ok, 4 stages, 1 warning\n");
  CHECK(warned.err.find("warning: ") != std::string::npos);
  auto denied = time_only;
  denied.push_back("--deny-warnings");
  CHECK(called(denied).exit_code == 2);
}

TEST_CASE("check --connect tries sources and sinks and leaves no trace", "[run][U14]") {
  scratch_folder folder;
  const child_options here{.folder = folder.path()};
  const auto missing = called({"check", "--connect", "--output", "none/alerts.csv"}, here);
  CHECK(missing.exit_code == 2);
  CHECK(missing.err ==
        "stage payments: cannot open payments.csv (no such file or directory)\n"
        "stage alerts: cannot open none/alerts.csv (no such file or directory)\n");
  folder.write("payments.csv", payments);
  folder.write("alerts.csv", "of yesterday\n");
  const auto there = called({"check", "--connect"}, here);
  CHECK(there.out == "tested: ok, 4 stages, sources and sinks can be opened\n");
  CHECK(there.exit_code == 0);
  CHECK(folder.read("alerts.csv") == "of yesterday\n");
}

TEST_CASE("check --json is JSON with place, message and hint", "[run][U14]") {
  scratch_folder folder;
  folder.write("a.toml", "[batch]\nrow = 1\n");
  const auto checked = called({"check", "--json", "--config", "a.toml", "--graph", "wrong", "--set",
                               "microBatch.allowLatencyMs=100"},
                              {.folder = folder.path()});
  CHECK(checked.exit_code == 2);
  CHECK(checked.err == "");
  const auto found = nlohmann::json::parse(checked.out);
  CHECK(found["graph"] == "tested");
  CHECK(found["ok"] == false);
  REQUIRE(found["errors"].size() == 3);
  CHECK(found["errors"][0]["at"].get<std::string>().starts_with("run_program.cpp:"));
  CHECK(found["errors"][2] == nlohmann::json{{"at", "a.toml:2:1"},
                                             {"message", "unknown key: batch.row"},
                                             {"hint", "did you mean batch.rows?"}});
  CHECK(called({"check", "--json"}).out ==
        "{\"graph\":\"tested\",\"ok\":true,\"errors\":[],\"warnings\":[]}\n");
}

TEST_CASE("stats come as tables or as metrics, on stderr", "[run][actors]") {
  scratch_folder folder;
  folder.write("payments.csv", payments);
  const auto tables = called({"-q", "--stats"}, {.folder = folder.path()});
  CHECK(tables.out == "");
  CHECK(lines_of(tables.err)[0].starts_with("stage "));
  CHECK(tables.err.find("\npayments ") != std::string::npos);
  const auto metrics = called({"-q", "--stats", "metrics"}, {.folder = folder.path()});
  CHECK(
      metrics.err.find("sluice_rows_total{stage=\"decide\",instance=\"0\",direction=\"in\"} 3\n") !=
      std::string::npos);
}

TEST_CASE("progress as JSON has a line for every epoch up to the last", "[run][actors]") {
  scratch_folder folder;
  const auto ran =
      called({"--graph", "copy", "--count", "2000", "--rate", "4000", "--progress", "json", "-q",
              "--set", "microBatch.allowLatencyMs=50", "--set", "miniBatch.size=20000"},
             {.folder = folder.path()});
  CHECK(ran.exit_code == 0);
  std::uint64_t epoch = 0, rows = 0;
  for (const auto& line : lines_of(ran.err)) {
    INFO(line);
    const auto read = nlohmann::json::parse(line);
    CHECK(read["epoch"] == ++epoch);
    CHECK(read["rows"].get<std::uint64_t>() >= rows);
    rows = read["rows"];
  }
  CHECK(epoch >= 5);
  CHECK(rows == 2000);
}

TEST_CASE("on a terminal a bar shows how far the run is", "[run][actors]") {
  scratch_folder folder;
  child_process child(
      {program, "--graph", "copy", "--count", "20000", "--rate", "20000", "--output", "out.csv"},
      {.folder = folder.path(), .stderr_is_terminal = true});
  CHECK(child.says("▇"));
  CHECK(child.says(" rows/s  "));
  CHECK(child.says("done: 20,000 rows"));
  CHECK(child.wait() == 0);
  CHECK(child.out() == "");
}

TEST_CASE("a verb of the program's own runs the graph with the flags of run", "[run][actors]") {
  scratch_folder folder;
  folder.write("payments.csv", payments);
  const auto ran = called({"again", "--stats", "-q"}, {.folder = folder.path()});
  CHECK(ran.exit_code == 0);
  CHECK(folder.has("alerts.csv"));
  CHECK(ran.err.starts_with("stage "));
}

}  // namespace
}  // namespace sluice

#include <csignal>
#include <filesystem>
#include <string>
#include <vector>

#include "sluice/apps/fraud/sha256.hpp"
#include "sluice/tests/support/catch.hpp"
#include "sluice/tests/support/child_process.hpp"

using namespace sluice;
using sluice::fraud::sha256_hex;

namespace {

const std::vector<std::string> small_world{"--customers", "200", "--terminals", "400",
                                           "--days",      "60",  "--radius",    "12"};

finished_child run_fraud(std::vector<std::string> arguments, const child_options& options = {}) {
  arguments.insert(arguments.begin(), SLUICE_FRAUD);
  return run_child(std::move(arguments), options);
}

std::vector<std::string> with(std::vector<std::string> words,
                              const std::vector<std::string>& more) {
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

}  // namespace

TEST_CASE("what is wrong on the command line is said in a line, and nothing is started",
          "[sluice-fraud]") {
  struct wrong_use {
    std::vector<std::string> arguments;
    std::string said;
  };
  const scratch_folder folder;
  const std::string no_model = folder.write("model.json", "{}");
  for (const auto& [arguments, said] : std::vector<wrong_use>{
           {{"dmo"}, "unknown verb: dmo (did you mean demo?)"},
           {{"verfy"}, "unknown verb: verfy (did you mean verify?)"},
           {{"run", "--custmers", "9"}, "unknown flag: --custmers (did you mean --customers?)"},
           {{"run", "--customers", "x"}, "wrong value: --customers x"},
           {{"run", "--customers", "2"}, "wrong value: --customers 2 (3 at least)"},
           {{"run", "--terminals", "1"}, "wrong value: --terminals 1 (2 at least)"},
           {{"run", "--days", "0"}, "wrong value: --days 0 (1 to 49710)"},
           {{"run", "--radius", "wide"}, "wrong value: --radius wide (a number above 0)"},
           {{"run", "--radius", "-1"}, "wrong value: --radius -1 (a number above 0)"},
           {{"run", "--parallelism", "0"}, "wrong value: --parallelism 0 (1 to 64)"},
           {{"run", "--policy", "sometimes"}, "sometimes"},
           {{"run", "--rows", "0"}, "batch.rows"},
           {{"run", "--every", "soon"}, "soon"},
           {{"run", "--model", folder.file("none.json")}, "cannot read model: "},
           {{"run", "--model", no_model}, "model: "},
           {{"run", "--input", "a.csv", "--days", "3"},
            "--input is a world of its own: leave out --days"},
           {{"run", "--input", folder.file("none.csv")}, "none.csv"},
           {{"generate", "--customers", "9"}, "missing: --output FILE.csv, the file to write"},
           {{"demo", "--seconds", "-1"}, "wrong value: --seconds -1"},
           {{"demo", "--features", "f"}, "--features does not go with demo"},
           {{"verify", "--only", "big"}, "wrong value: --only big (small, slow or full)"},
           {{"verify", "now"}, "unexpected argument: now"}}) {
    CAPTURE(arguments, said);
    const auto done = run_fraud(arguments, {.environment = {}, .folder = folder.path()});
    CHECK(done.exit_code == 2);
    CHECK(done.out.empty());
    CHECK(done.err.find(said) != std::string::npos);
  }
}

TEST_CASE("a flag without its value names the flag", "[sluice-fraud]") {
  CHECK(run_fraud({"run", "--customers"}).exit_code == 2);
}

TEST_CASE("every verb explains itself", "[sluice-fraud]") {
  for (const char* verb : {"demo", "verify", "generate", "run", "graph", "explain", "check", "list",
                           "version", "help"}) {
    CAPTURE(verb);
    const auto done = run_fraud({verb, "--help"});
    CHECK(done.exit_code == 0);
    CHECK(done.out.find(verb) != std::string::npos);
  }
  CHECK(run_fraud({"help", "exit"}).out.find("`demo` or `verify` came to another result") !=
        std::string::npos);
  const auto demo = run_fraud({"demo", "--help"});
  CHECK(demo.out.find("--seconds") != std::string::npos);
  CHECK(demo.out.find("--customers") == std::string::npos);
}

TEST_CASE("the graph can be seen and checked without running it", "[sluice-fraud]") {
  const auto graph = run_fraud({"graph", "--format", "mermaid"});
  CHECK(graph.exit_code == 0);
  for (const char* stage : {"transactions", "labels", "decide", "terminal windows", "score",
                            "features", "alerts", "cards"})
    CHECK(graph.out.find(stage) != std::string::npos);
  CHECK(run_fraud({"check"}).exit_code == 0);
  CHECK(run_fraud({"explain", "--config"}).out.find("stage.decide.policy") != std::string::npos);
}

TEST_CASE("generate writes the small world as it is published, and run reads it back",
          "[sluice-fraud][V3][actors]") {
  const scratch_folder folder;
  const child_options there{.environment = {}, .folder = folder.path()};
  const auto generated = run_fraud(with({"generate", "--output", "small.csv"}, small_world), there);
  CHECK(generated.exit_code == 0);
  CHECK(generated.err == "22638 rows in small.csv\n");
  CHECK(sha256_hex(folder.read("small.csv")) ==
        "aca46f54d0d2487979349e5d15b41ccf87705ca953c1e650e90525b0c434e8a9");

  const std::vector<std::string> sinks{"--features", "f", "--decisions", "d", "--alerts", "a"};
  CHECK(run_fraud(with(with({"run"}, small_world), sinks), there).exit_code == 0);
  const std::string features = folder.read("f/part-00000.csv");
  const std::string decisions = folder.read("d/part-00000.csv");
  const std::string alerts = folder.read("a/part-00000.csv");
  CHECK(lines_of(features).size() == 22'639);
  CHECK(lines_of(decisions).size() == 22'639);
  CHECK(alerts.size() > 10'000);

  const auto again = run_fraud(with({"run", "--input", "small.csv"}, sinks), there);
  CHECK(again.exit_code == 0);
  CHECK(again.err.starts_with(
      "fraud: small.csv has no places of terminals: R5 (travel) never fires\n"));
  CHECK(folder.read("f/part-00000.csv") == features);
  CHECK(folder.read("d/part-00000.csv") == decisions);
  CHECK(folder.read("a/part-00000.csv") == alerts);
}

TEST_CASE("bad rows of the input are in the dead-letter file, and the count is exact",
          "[sluice-fraud][F22][actors]") {
  const scratch_folder folder;
  const std::string text =
      "tx_id,time_s,customer,terminal,amount_cents,fraud,scenario\n"
      "0,10,1,2,300,0,0\n"
      "1,11,one,2,300,0,0\n"
      "2,12,1,2\n"
      "3,13,1,2,300,0,0\n"
      "4,12,1,2,300,0,0\n";
  folder.write("in.csv", text);
  const auto done = run_fraud({"run", "--input", "in.csv", "--features", "f"},
                              {.environment = {}, .folder = folder.path()});
  CHECK(done.exit_code == 0);
  CHECK(done.err.find("transactions: read 5  good 2  bad 3 → transactions.rejected.jsonl") !=
        std::string::npos);
  const auto letter = [&](const std::string& row, int line, const std::string& reason) {
    return R"({"source":"transactions","input":"in.csv","offset":)" +
           std::to_string(text.find(row)) + ",\"line\":" + std::to_string(line) + ",\"reason\":\"" +
           reason + "\",\"text\":\"" + row + "\"}";
  };
  CHECK(lines_of(folder.read("transactions.rejected.jsonl")) ==
        std::vector<std::string>{
            letter("1,11,one,2,300,0,0", 3, "customer (uint32): not a whole number"),
            letter("2,12,1,2", 4, "4 fields instead of 7"),
            letter("4,12,1,2,300,0,0", 6, "time_s is before that of the row before")});
  CHECK_FALSE(folder.has("labels.rejected.jsonl"));
  CHECK(lines_of(folder.read("f/part-00000.csv")).size() == 3);
}

TEST_CASE("a model from a file takes the place of the one that comes along",
          "[sluice-fraud][actors]") {
  const scratch_folder folder;
  const child_options there{.environment = {}, .folder = folder.path()};
  const auto alerts_by = [&](const std::string& model) {
    CHECK(
        run_fraud(with({"run", "--alerts", "a", "--model", model}, small_world), there).exit_code ==
        0);
    return folder.read("a/part-00000.csv");
  };
  const std::string by_lr = alerts_by("lr");
  CHECK(alerts_by(SLUICE_FRAUD_MODELS "/lr.json").size() > 0);
  CHECK(alerts_by("xgb") != by_lr);
  CHECK(lines_of(alerts_by("xgb")).size() == lines_of(by_lr).size());
}

TEST_CASE("Ctrl-C stops a paced demo without a verdict", "[sluice-fraud][actors]") {
  child_process demo({SLUICE_FRAUD, "demo", "--seconds", "600", "--progress", "none"});
  REQUIRE(demo.says("fraud: "));
  demo.send(SIGINT);
  CHECK(demo.wait() == 130);
  CHECK(demo.err().find("stopped before the end of the stream: no verdict") != std::string::npos);
  CHECK(demo.out().find("V1") == std::string::npos);
}

#include <csignal>
#include <filesystem>
#include <map>

#include "sluice/tests/support/catch.hpp"
#include "sluice/tests/support/child_process.hpp"

namespace sluice {
namespace {

const std::string program = SLUICE_RUN_PROGRAM;

finished_child called(const scratch_folder& in, std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), program);
  return run_child(std::move(arguments), {.folder = in.path()});
}

// Every file of a folder with its bytes.
std::map<std::string, std::string> content_of(const scratch_folder& folder,
                                              const std::string& name) {
  std::map<std::string, std::string> all;
  for (const auto& entry : std::filesystem::directory_iterator(folder.file(name))) {
    const std::string file = name + "/" + entry.path().filename().string();
    all[file] = folder.read(file);
  }
  return all;
}

const std::vector<std::string> often{
    "--set", "microBatch.allowLatencyMs=20", "--set", "miniBatch.size=1000", "--progress", "json"};

std::vector<std::string> kept_run(const std::string& graph, std::vector<std::string> more) {
  std::vector<std::string> all{"--graph", graph, "--output", "out", "--checkpoints", "kept"};
  all.insert(all.end(), more.begin(), more.end());
  all.insert(all.end(), often.begin(), often.end());
  return all;
}

// A run that has sealed epochs and is killed before its end.
void run_and_die(const scratch_folder& folder) {
  auto command = kept_run("unique", {"--rate", "2000"});
  command.insert(command.begin(), program);
  child_process child(command, {.folder = folder.path()});
  REQUIRE(child.says("\"epoch\":3,"));
  child.send(SIGKILL);
  CHECK(child.wait() == -SIGKILL);
}

}  // namespace

TEST_CASE("diff says what is kept, and touches nothing", "[run_diff][actors][U17][F106]") {
  scratch_folder folder;
  run_and_die(folder);
  const auto before = content_of(folder, "kept");
  const auto same = called(folder, {"diff", "kept", "--graph", "unique"});
  CHECK(same.exit_code == 0);
  CHECK(same.err == "");
  CHECK(same.out.starts_with("checkpoint  kept, run "));
  for (const char* part : {"sealed      epoch ", "Z\n", "input       was not at its end",
                           "key groups\n", "same; keeps its state", "same; reads on where it was",
                           "no differences: run --checkpoints kept goes on behind epoch "})
    CHECK(same.out.find(part) != std::string::npos);

  const auto other = called(folder, {"diff", "kept", "--graph", "copy"});
  CHECK(other.exit_code == 4);
  CHECK(other.out.find("gone; its state would be lost") != std::string::npos);
  CHECK(other.out.find("run refuses this checkpoint with exit code 3") != std::string::npos);

  const auto wider =
      called(folder, {"diff", "kept", "--graph", "unique", "--set", "stage.seen.parallelism=3"});
  CHECK(wider.exit_code == 0);
  CHECK(wider.out.find("1 → 3") != std::string::npos);
  CHECK(wider.out.find("its keys spread anew") != std::string::npos);
  CHECK(content_of(folder, "kept") == before);

  // A run says the same when it refuses.
  const auto refused = called(folder, kept_run("copy", {}));
  CHECK(refused.exit_code == 3);
  CHECK(refused.err.find("of another graph. ") != std::string::npos);
  CHECK(refused.err.find("stage seen: gone; its state would be lost") != std::string::npos);
  CHECK(content_of(folder, "kept").at("kept/truth.log") == before.at("kept/truth.log"));
}

TEST_CASE("diff works while the run goes on", "[run_diff][actors][U17]") {
  scratch_folder folder;
  auto command = kept_run("copy", {"--rate", "2000"});
  command.insert(command.begin(), program);
  child_process child(command, {.folder = folder.path()});
  REQUIRE(child.says("\"epoch\":2,"));
  for (int i = 0; i < 5; ++i)
    CHECK(called(folder, {"diff", "kept", "--graph", "copy"}).exit_code == 0);
  child.send(SIGINT);
  CHECK(child.wait() == 0);
  CHECK(called(folder, {"diff", "kept", "--graph", "copy"})
            .out.find("was at its end: nothing is left to do") != std::string::npos);
}

TEST_CASE("diff of what is no checkpoint, or cannot be believed", "[run_diff][actors][U17][X16]") {
  scratch_folder folder;
  const auto refused = [&](std::vector<std::string> arguments, int exit_code,
                           const std::string& what) {
    arguments.insert(arguments.end(), {"--graph", "copy"});
    const auto ran = called(folder, std::move(arguments));
    CHECK(ran.exit_code == exit_code);
    CHECK(ran.out == "");
    CHECK(ran.err == what + "\n");
  };
  refused({"diff"}, 2, "say which checkpoint: run_program diff DIRECTORY");
  refused({"diff", "none"}, 2, "no checkpoint is kept in none (no such directory)");
  std::filesystem::create_directory(folder.file("empty"));
  refused({"diff", "empty"}, 2, "no checkpoint is kept in empty");
  CHECK(std::filesystem::is_empty(folder.file("empty")));

  REQUIRE(called(folder, kept_run("copy", {"--count", "100"})).exit_code == 0);
  std::string outline = folder.read("kept/graph.outline");
  outline[outline.size() / 2] ^= 1;
  folder.write("kept/graph.outline", outline);
  refused({"diff", "kept"}, 3, "kept/graph.outline: the file does not match its checksum");
  refused({"--output", "out", "--checkpoints", "kept"}, 3,
          "kept/graph.outline: the file does not match its checksum");

  // As a checkpoint that is older than outlines are.
  std::filesystem::remove(folder.file("kept/graph.outline"));
  const auto old = called(folder, {"diff", "kept", "--graph", "copy"});
  CHECK(old.exit_code == 0);
  CHECK(old.out.find("only its hash is kept, and that is of this graph") != std::string::npos);
  const auto other = called(folder, {"diff", "kept", "--graph", "unique"});
  CHECK(other.exit_code == 4);
  CHECK(other.out.find("only names are compared") != std::string::npos);
}

TEST_CASE("run --from none begins a run again that has ended, and only that",
          "[run_beginning][actors][U10]") {
  scratch_folder folder;
  const auto again = [&](const char* count, const char* from) {
    return called(folder, kept_run("copy", {"--count", count, "--from", from}));
  };
  CHECK(again("100", "none").exit_code == 0);  // nothing is kept yet
  CHECK(again("200", "last").err.find("had ended, and all of it is visible") != std::string::npos);
  const auto once_more = again("200", "none");
  CHECK(once_more.exit_code == 0);
  CHECK(once_more.err.find("beginning again; the run that was kept had ended with epoch ") !=
        std::string::npos);
  std::size_t rows = 0;
  for (const auto& [name, content] : content_of(folder, "out"))
    if (name.find("/part-") != name.npos) rows += lines_of(content).size() - 1;
  CHECK(rows == 200);

  scratch_folder other;
  run_and_die(other);
  const auto before = content_of(other, "kept");
  const auto refused = called(other, kept_run("unique", {"--from", "none"}));
  CHECK(refused.exit_code == 3);
  CHECK(refused.err.find("has not ended") != std::string::npos);
  CHECK(content_of(other, "kept").at("kept/truth.log") == before.at("kept/truth.log"));
  const auto lost = called(other, kept_run("unique", {"--from", "999999"}));
  CHECK(lost.exit_code == 2);
  CHECK(lost.err.find("epoch 999999 is not kept; kept is ") != std::string::npos);
}

TEST_CASE("run --from without checkpoints is refused", "[run_beginning][U10]") {
  scratch_folder folder;
  const auto ran = called(folder, {"--graph", "copy", "--from", "last"});
  CHECK(ran.exit_code == 2);
  CHECK(ran.err ==
        "--from is about a run with checkpoints; say where they are with --checkpoints DIR\n");
}

}  // namespace sluice

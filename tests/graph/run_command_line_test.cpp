#include "sluice/graph/run_command_line.hpp"

#include "sluice/graph/run_choices.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice {
namespace {

// The words of a command line as main gets them.
struct words {
  words(std::initializer_list<const char*> all) : texts(all.begin(), all.end()) {
    texts.insert(texts.begin(), "bin/program");
    for (auto& text : texts) pointers.push_back(text.data());
    pointers.push_back(nullptr);
  }
  int count() const { return static_cast<int>(texts.size()); }
  char** values() { return pointers.data(); }

  std::vector<std::string> texts;
  std::vector<char*> pointers;
};

std::optional<int> read(command_line& line, words given) {
  return line.read(given.count(), given.values());
}

TEST_CASE("without a word it is a run with everything as usual", "[command_line]") {
  command_line line;
  CHECK(read(line, {}) == std::nullopt);
  CHECK(line.verb() == "run");
  CHECK(line.program() == "program");
  CHECK(line.choices().progress == progress_form::automatic);
  CHECK(line.choices().stats == stats_form::none);
  CHECK(line.choices().loud == loudness::usual);
}

TEST_CASE("flags stand before or behind the verb", "[command_line]") {
  command_line line;
  CHECK(read(line, {"--set", "a=1", "b=2", "-v", "run", "--set=c=3", "--stats", "--progress",
                    "plain"}) == std::nullopt);
  CHECK(line.choices().assignments == std::vector<std::string>{"a=1", "b=2", "c=3"});
  CHECK(line.choices().stats == stats_form::table);
  CHECK(line.choices().progress == progress_form::plain);
  CHECK(line.choices().loud == loudness::verbose);
}

TEST_CASE("flags of the program's own write into its variables", "[command_line]") {
  std::string name = "nobody";
  std::uint8_t small = 7;
  std::int64_t large = 0;
  bool on = false;
  command_line line{"about"};
  line.option("name TEXT", name, "a name")
      .option("small N", small, "small")
      .option("large N", large, "large");
  line.option("on", on, "on").setting("every TIME", "microBatch.allowLatencyMs", "between markers");
  CHECK(read(line, {"--small", "255", "--on", "--large=-9223372036854775808", "--every", "1s",
                    "--small=9"}) == std::nullopt);
  CHECK(name == "nobody");
  CHECK(small == 9);
  CHECK(large == std::numeric_limits<std::int64_t>::min());
  CHECK(on);
  CHECK(line.given("small"));
  CHECK_FALSE(line.given("name"));
  REQUIRE(line.choices().settings.size() == 1);
  CHECK(line.choices().settings[0].key == "microBatch.allowLatencyMs");
  CHECK(line.choices().settings[0].value == "1s");
  CHECK(line.choices().settings[0].flag == "--every");
}

TEST_CASE("what a graph is composed with goes with every node of its run", "[command_line]") {
  std::string input, output;
  command_line line;
  line.option("input FILE", input, "input").option("output FILE", output, "output", {"run"});
  CHECK(read(line, {"node", "--name", "n2", "--cluster", "n1=ipc:///a,n2=ipc:///b", "--input", "a",
                    "--output", "b"}) == std::nullopt);
  CHECK(line.verb() == "node");
  CHECK(input == "a");
  CHECK(output == "b");
}

TEST_CASE("a number that does not fit is refused", "[command_line]") {
  std::uint8_t small = 7;
  command_line line;
  line.option("small N", small, "small");
  CHECK(read(line, {"--small", "256"}) == 2);
  CHECK(small == 7);
}

TEST_CASE("a program's own verbs have the flags of run only if they run a graph",
          "[command_line]") {
  const auto reads = [](std::initializer_list<const char*> given) {
    command_line line;
    line.add_verb("demo", "runs").add_verb("generate", "does not", verb_use::other);
    const auto done = read(line, given);
    return done ? std::string{"refused"} : line.verb();
  };
  CHECK(reads({"demo", "--stats", "--set", "a=1", "-q"}) == "demo");
  CHECK(reads({"generate", "-q"}) == "generate");
  CHECK(reads({"generate", "--stats"}) == "refused");
}

TEST_CASE("a flag may belong to some verbs only", "[command_line]") {
  const auto reads = [](std::initializer_list<const char*> given) {
    std::uint32_t seconds = 0;
    command_line line;
    line.add_verb("demo", "runs").option("seconds N", seconds, "how long", {"demo"});
    const auto done = read(line, given);
    return done ? *done : static_cast<int>(seconds);
  };
  CHECK(reads({"demo", "--seconds", "30"}) == 30);
  CHECK(reads({"run", "--seconds", "30"}) == 2);
  CHECK(reads({"--seconds", "30"}) == 2);
}

TEST_CASE("explain --config without a file asks for the settings", "[command_line]") {
  command_line bare;
  CHECK(read(bare, {"explain", "--config"}) == std::nullopt);
  CHECK(bare.choices().config_shown);
  CHECK(bare.choices().config_files.empty());
  command_line before;
  CHECK(read(before, {"--config", "a.toml", "explain"}) == std::nullopt);
  CHECK_FALSE(before.choices().config_shown);
  CHECK(before.choices().config_files == std::vector<std::string>{"a.toml"});
}

}  // namespace
}  // namespace sluice

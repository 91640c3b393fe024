#include "sluice/bench/harness/program.hpp"

#include <unistd.h>

#include <cstdio>

#include "sluice/tests/support/catch.hpp"

namespace sluice::bench {
namespace {

const answer seven{1, {{"sum", 7}}};

// A program of one contest: a contender of the given result, against itself.
program example(const answer& result, const char* missing = "") {
  return {.bench = "X", .placement = placement::as_started, .contests = [=](size) {
            return std::vector<contest>{
                {.name = "x",
                 .expected = seven,
                 .lines = {{.variant = "x/self",
                            .contender = "x",
                            .bound = "x",
                            .gate = 0.5,
                            .missing = missing}},
                 .prepare = [=] {
                   return std::vector<contender>{
                       {"x", [=] {
                          return outcome{.rows = 1, .result = result, .wall_s = 1, .cpu_s = 1};
                        }}};
                 }}};
          }};
}

struct told {
  int code;
  std::string out;
};

// Runs a program with its standard output in a file.
told run(const program& p, std::vector<const char*> arguments) {
  arguments.insert(arguments.begin(), "x");
  std::fflush(stdout);
  const int before = dup(STDOUT_FILENO);
  std::FILE* const file = std::tmpfile();
  dup2(fileno(file), STDOUT_FILENO);
  const int code =
      run_program(p, static_cast<int>(arguments.size()), const_cast<char**>(arguments.data()));
  std::fflush(stdout);
  dup2(before, STDOUT_FILENO);
  close(before);
  std::rewind(file);
  std::string out;
  for (int c = std::fgetc(file); c != EOF; c = std::fgetc(file)) out += static_cast<char>(c);
  std::fclose(file);
  return {code, out};
}

}  // namespace

TEST_CASE("a benchmark prints one line a variant and ends with 0 if it was right", "[bench]") {
  const told right = run(example(seven), {"--size", "smoke", "--gate"});
  CHECK(right.code == 0);
  CHECK(right.out.starts_with(R"({"bench":"X","variant":"x/self","size":"smoke",)"));
  CHECK(right.out.find('\n') == right.out.size() - 1);

  const told wrong = run(example({}), {"--size", "smoke"});
  CHECK(wrong.code == 1);
  CHECK(wrong.out.find(R"("ok":false)") != std::string::npos);
}

TEST_CASE("a benchmark that lacks what a variant needs says so and fails", "[bench]") {
  const told lacking = run(example(seven, "boost"), {"--size", "smoke"});
  CHECK(lacking.code == 1);
  CHECK(lacking.out.empty());
}

TEST_CASE("a benchmark that is asked for nothing it has refuses", "[bench]") {
  CHECK(run(example(seven), {"--size", "smoke", "--variant", "y*"}).code == 2);
  CHECK(run(example(seven), {"--size", "tiny"}).code == 2);
}

TEST_CASE("a contest that says how often it runs is run so often", "[bench]") {
  int runs = 0;
  program p = example(seven);
  p.contests = [&](size) {
    return std::vector<contest>{{.name = "x",
                                 .expected = seven,
                                 .lines = {{.variant = "x/self", .contender = "x", .bound = "x"}},
                                 .repetitions = 2,
                                 .prepare = [&] {
                                   return std::vector<contender>{
                                       {"x", [&] {
                                          ++runs;
                                          return outcome{
                                              .rows = 1, .result = seven, .wall_s = 1, .cpu_s = 1};
                                        }}};
                                 }}};
  };
  CHECK(run(p, {"--size", "smoke", "--reps", "5"}).code == 0);
  CHECK(runs == (1 + 2) * 2);  // one repetition is thrown away, a bound runs twice in each
}

}  // namespace sluice::bench

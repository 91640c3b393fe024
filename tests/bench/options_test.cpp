#include "sluice/bench/harness/options.hpp"

#include <vector>

#include "sluice/tests/support/catch.hpp"

namespace sluice::bench {
namespace {

options parse(const std::vector<const char*>& arguments) { return parse_options("x", arguments); }

int refused(const std::vector<const char*>& arguments) {
  try {
    parse(arguments);
  } catch (const usage& told) {
    return told.exit_code;
  }
  return -1;
}

}  // namespace

TEST_CASE("a benchmark's command line is read", "[bench]") {
  CHECK(parse({}) == options{});
  CHECK(parse({"--size", "smoke", "--variant", "a/*", "--reps", "5", "--gate"}) ==
        options{size::smoke, "a/*", 5, true});
}

TEST_CASE("nine repetitions count unless said otherwise, one in a smoke run", "[bench]") {
  CHECK(parse({}).repetition_count() == 9);
  CHECK(parse({"--size", "smoke"}).repetition_count() == 1);
  CHECK(parse({"--reps", "11"}).repetition_count() == 11);
}

TEST_CASE("a wrong command line is refused with 2", "[bench]") {
  CHECK(refused({"--size", "huge"}) == 2);
  CHECK(refused({"--size"}) == 2);
  CHECK(refused({"--reps", "4"}) == 2);
  CHECK(refused({"--reps", "0"}) == 2);
  CHECK(refused({"--reps", "3x"}) == 2);
  CHECK(refused({"--reps", "-1"}) == 2);
  CHECK(refused({"smoke"}) == 2);
  CHECK(refused({"--help"}) == 0);
}

TEST_CASE("variants are chosen by a glob over their whole name", "[bench]") {
  CHECK(parse({}).wants("uniform/1k/dense"));
  CHECK(parse({"--variant", "*/boost"}).wants("uniform/1k/opaque/table/boost"));
  CHECK_FALSE(parse({"--variant", "uniform"}).wants("uniform/1k"));
}

}  // namespace sluice::bench

#include "sluice/bench/harness/report.hpp"

#include <regex>

#include "sluice/tests/support/catch.hpp"

namespace sluice::bench {
namespace {

finding example() {
  finding f;
  f.line = {.variant = "uniform/100k/opaque/F",
            .contender = "engine",
            .bound = "tight",
            .gate = 0.85,
            .goal = {},
            .settings = json_object{}.add("batch.rows", 8192)};
  f.seen = {{0.97, 0.93, 1.02}, {1.02, 0.96, 1.08}, 9, 0, 0};
  f.rows = 1000;
  f.wall_s = 0.25;
  f.cpu_s = 0.5;
  f.bound_rows_per_s = 4123.7;
  f.result = {100'000, {{"count", 0x46ea}, {"sum", ~std::uint64_t{0}}}};
  f.ok = true;
  f.judged = verdict::pass;
  return f;
}

// The names of the members of the outer object, in order.
std::string members(const std::string& line) {
  std::string names;
  int depth = 0;
  const std::regex token{R"re("([^"]*)":|[{}])re"};
  for (std::sregex_iterator it{line.begin(), line.end(), token}, end; it != end; ++it) {
    if (it->str() == "{") ++depth;
    if (it->str() == "}") --depth;
    if (depth == 1 && (*it)[1].matched) names += (*it)[1].str() + ' ';
  }
  return names;
}

}  // namespace

TEST_CASE("json text is escaped and numbers are finite", "[bench]") {
  CHECK(json_object{}.text() == "{}");
  CHECK(json_object{}.add("a\"b", "c\\\n").text() == R"({"a\"b":"c\\\u000a"})");
  CHECK(json_object{}.add("x", 1.0 / 0.0).add("y", 0.25).add("z", true).text() ==
        R"({"x":null,"y":0.25,"z":true})");
  CHECK(
      json_object{}.add("o", json_object{}.add("n", 1)).add("p", std::optional<double>{}).text() ==
      R"({"o":{"n":1},"p":null})");
}

TEST_CASE("a line has the members every tool expects, in order", "[bench]") {
  const std::string expected =
      "bench variant size rev build machine pinned settings seed emission guarantee interval_ms "
      "rows "
      "reps foreign wall_s cpu_s rows_per_s rows_per_cpu_s rss_mib allocs_per_mrow bound "
      "bound_rows_per_s ratio ratio_min ratio_max control control_min control_max noise latency_us "
      "out_rows checksum ok gate goal verdict attempts ";
  const std::string line = report_line({.bench = "KS"}, example());
  CHECK(members(line) == expected);
  CHECK(line.find('\n') == std::string::npos);
  // That of a trial has some more behind them.
  CHECK(members(report_line({.bench = "LT"}, {}, {}, {})) ==
        expected + "measure at_most value value_min value_max more ");
}

TEST_CASE("a line says what was found", "[bench]") {
  const std::string line = report_line({.bench = "KS", .size = size::gate}, example());
  for (
      const char* part :
      {R"("bench":"KS","variant":"uniform/100k/opaque/F","size":"gate")",
       R"("settings":{"batch.rows":8192},"seed":42,"emission":"F","guarantee":"none","interval_ms":0)",
       R"("rows_per_s":4000,"rows_per_cpu_s":2000)", R"("bound":"tight","bound_rows_per_s":4123.7)",
       R"("ratio":0.97,"ratio_min":0.93,"ratio_max":1.02,"control":1.02)", R"("latency_us":null)",
       R"("out_rows":100000,"checksum":{"count":"00000000000046ea","sum":"ffffffffffffffff"},"ok":true)",
       R"("gate":0.85,"goal":null,"verdict":"pass","attempts":1})"}) {
    INFO(line);
    CHECK(line.find(part) != std::string::npos);
  }
}

TEST_CASE("a line without a verdict says null", "[bench]") {
  finding f = example();
  f.judged.reset();
  CHECK(report_line({.bench = "KS"}, f).find(R"("verdict":null)") != std::string::npos);
}

}  // namespace sluice::bench

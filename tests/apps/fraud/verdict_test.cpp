#include "sluice/apps/fraud/verdict.hpp"

#include "sluice/tests/support/catch.hpp"

using namespace sluice::fraud;

TEST_CASE("a line ends with ok, DIFFERS or its note", "[verdict]") {
  const verdict_line line{"V1", "rows 3 µs", true};
  CHECK(text_of(line) == "  V1  rows 3 µs" + std::string(77, ' ') + "ok\n");
  CHECK(text_of({"V10", "x", false}).ends_with("  DIFFERS\n"));
  CHECK(text_of({"V10", "x", true, "both measured here"}).ends_with("  both measured here\n"));
  CHECK(text_of({"V1", std::string(200, 'x'), true}) ==
        "  V1  " + std::string(200, 'x') + "  ok\n");
}

TEST_CASE("a verdict is right if every line is", "[verdict]") {
  CHECK(all_right({}));
  CHECK(all_right({{"V1", "", true}, {"V2", "", true}}));
  CHECK_FALSE(all_right({{"V1", "", true}, {"V2", "", false}}));
}

TEST_CASE("transactions that are missing, doubled or unknown are noticed", "[run_record][V1]") {
  arrival_counts seen{4};
  CHECK(seen.see(0));
  CHECK(seen.see(2));
  CHECK_FALSE(seen.see(2));
  CHECK_FALSE(seen.see(9));
  CHECK(seen.seen() == 4);
  CHECK(seen.missing() == 2);
  CHECK(seen.doubled() == 2);
}

TEST_CASE("another world has none of the published figures", "[verdict][V1][V2]") {
  const handbook_world world =
      generate_world({.customers = 20, .terminals = 40, .days = 10, .radius = 30});
  const run_record empty{world.rows.size(), run_record::keep::counts};
  CHECK_FALSE(count_verdict(world, {.read = world.rows.size(), .commits = 1}, empty).right);
  CHECK_FALSE(truth_verdict(world).right);
  CHECK_FALSE(all_right(table_verdict(world, empty, {})));
  CHECK_FALSE(all_right(rule_verdict(world, empty)));
  CHECK_FALSE(latency_verdict(empty).right);
  CHECK_FALSE(batching_verdict(100, 0).right);
  CHECK(batching_verdict(100, 10).right);
}

#include "sluice/apps/fraud/verdict.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <memory>
#include <string>

#include "sluice/tests/support/catch.hpp"

using namespace sluice::fraud;

namespace {

bool all_right(const std::vector<verdict_line>& lines) {
  return std::all_of(lines.begin(), lines.end(), [](const auto& line) { return line.right; });
}

// A verdict printed to a file of its own.
struct written_verdict {
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file{std::tmpfile(), std::fclose};
  printed_verdict verdict{file.get()};

  std::string text() const {
    std::string all;
    std::rewind(file.get());
    for (int c = 0; (c = std::fgetc(file.get())) != EOF;) all += static_cast<char>(c);
    return all;
  }
};

}  // namespace

TEST_CASE("a line ends with ok, DIFFERS or its note", "[verdict]") {
  const verdict_line line{"V1", "rows 3 µs", true};
  CHECK(text_of(line) == "  V1  rows 3 µs" + std::string(77, ' ') + "ok\n");
  CHECK(text_of({"V10", "x", false}).ends_with("  DIFFERS\n"));
  CHECK(text_of({"V10", "x", true, "both measured here"}).ends_with("  both measured here\n"));
  CHECK(text_of({"V10", "x", false, "both measured here"}).ends_with("  DIFFERS\n"));
  CHECK(text_of({"V1", std::string(200, 'x'), true}) ==
        "  V1  " + std::string(200, 'x') + "  ok\n");
}

TEST_CASE("a verdict with one line that differs ends the program with 4", "[verdict]") {
  const verdict_line right{"V1", "a", true}, wrong{"V2", "b", false}, noted{"V10", "c", true, "so"};
  const auto judged = [](const std::vector<verdict_line>& lines) {
    written_verdict to;
    to.verdict.add(lines);
    std::string expected;
    for (const auto& line : lines) expected += text_of(line);
    CHECK(to.text() == expected);
    return to.verdict.exit_code();
  };
  CHECK(judged({}) == 0);
  CHECK(judged({right, noted, right}) == 0);
  CHECK(judged({wrong}) == 4);
  CHECK(judged({right, wrong, right}) == 4);

  written_verdict one_by_one;
  one_by_one.verdict.add(right);
  CHECK(one_by_one.verdict.exit_code() == 0);
  one_by_one.verdict.add(wrong);
  one_by_one.verdict.add(right);
  CHECK(one_by_one.verdict.exit_code() == 4);
}

TEST_CASE("the two ways of batching are compared only if both were measured", "[verdict][V10]") {
  const auto measured = batching_verdict(1'000, 100);
  CHECK(measured.right);
  CHECK(text_of(measured).find("10.0×  (1000 against 100 rows/s)") != std::string::npos);
  CHECK(text_of(measured).ends_with("  both measured here\n"));
  for (const auto& [micro, single] :
       {std::pair{1'000.0, 0.0}, {0.0, 100.0}, {0.0, 0.0}, {std::nan(""), 100.0}}) {
    CAPTURE(micro, single);
    CHECK_FALSE(batching_verdict(micro, single).right);
    CHECK(text_of(batching_verdict(micro, single)).ends_with("  DIFFERS\n"));
  }
}

namespace {

// As a run with a slow sink ought to be.
slow_sink_run good_run(slow_sink which) {
  slow_sink_run run{.which = which, .offered = 60'000, .slow_seconds = 10};
  run.decided_before = 60'000;
  run.decided_slow = which == slow_sink::alerts ? 60'000 : 6'000;
  run.taken_before = 400;
  run.taken_slow = 40;
  run.answers_before.record(300, 100);
  run.answers_slow.record(400, 100);
  run.full_again_seconds = 0.2;
  run.most_waiting = 4'000;
  run.window = 65'536;
  run.memory_before = run.memory_slow = 200 << 20;
  run.read = run.decided = run.examined = 1'000'000;
  return run;
}

template <class Spoil>
bool right_after(slow_sink which, Spoil spoil) {
  slow_sink_run run = good_run(which);
  spoil(run);
  return all_right(which == slow_sink::alerts ? slow_alerts_verdict(run)
                                              : slow_features_verdict(run));
}

}  // namespace

TEST_CASE("a slow sink is judged by what waits, who waits and what comes after", "[verdict][V9]") {
  for (const slow_sink which : {slow_sink::alerts, slow_sink::features}) {
    CHECK(right_after(which, [](auto&) {}));
    CHECK_FALSE(right_after(which, [](auto& run) { run.full_again_seconds = 2.1; }));
    CHECK_FALSE(right_after(which, [](auto& run) { run.full_again_seconds = -1; }));
    CHECK_FALSE(right_after(which, [](auto& run) { run.decided = run.read - 1; }));
    CHECK_FALSE(right_after(which, [](auto& run) { run.examined = run.read + 1; }));
    CHECK_FALSE(right_after(which, [](auto& run) { run.most_waiting = 200'000; }));
    CHECK_FALSE(right_after(which, [](auto& run) { run.most_waiting = 0; }));
    CHECK_FALSE(right_after(which, [](auto& run) { run.taken_slow = run.taken_before; }));
  }
  // Nobody waits for alerts; for features the source does, and memory stays where it was.
  CHECK_FALSE(right_after(slow_sink::alerts, [](auto& run) { run.decided_slow = 50'000; }));
  CHECK_FALSE(
      right_after(slow_sink::alerts, [](auto& run) { run.answers_slow.record(200'000, 10); }));
  CHECK_FALSE(right_after(slow_sink::features, [](auto& run) { run.decided_slow = 50'000; }));
  CHECK_FALSE(right_after(slow_sink::features, [](auto& run) { run.memory_slow += 40 << 20; }));
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
}

#include "sluice/apps/fraud/verdict.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdarg>
#include <cstdio>

#include "sluice/graph/run_and_show.hpp"
#include "sluice/operators/run_status.hpp"

namespace sluice::fraud {

namespace {

// What is published, or was measured by independent implementations of the same description.
constexpr std::uint64_t published_rows = 1'754'155;
constexpr std::array<std::uint64_t, 4> published_frauds = {14'681, 973, 9'077, 4'631};
struct published_quality {
  const char* model;
  std::array<int, 3> thousandths;  // AUC ROC, average precision, card precision@100
};
constexpr std::array<published_quality, 2> published_table = {
    {{"logistic regression", {871, 606, 291}}, {"XGBoost", {862, 639, 273}}}};
struct firings {
  rule what;
  const char* number;
  std::uint64_t times;
  std::uint64_t frauds;
};
constexpr std::array<firings, rule_count> known_firings = {{{rule::amount, "R1", 3'258, 3'258},
                                                            {rule::ratio, "R2", 2'061, 2'061},
                                                            {rule::burst, "R3", 85, 0},
                                                            {rule::tested, "R4", 0, 0},
                                                            {rule::travel, "R5", 0, 0},
                                                            {rule::terminal, "R6", 8'571, 5'530}}};
constexpr std::uint64_t known_alerts = 12'505;  // payments behind them

[[gnu::format(printf, 1, 2)]] std::string format(const char* form, ...) {
  char text[256];
  std::va_list arguments;
  va_start(arguments, form);
  std::vsnprintf(text, sizeof text, form, arguments);
  va_end(arguments);
  return text;
}

unsigned long long number(std::uint64_t n) { return n; }

std::size_t width_of(std::string_view text) {  // characters, not bytes
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xc0) != 0x80; }));
}

double mib(std::uint64_t bytes) { return static_cast<double>(bytes) / (1024 * 1024); }

// V9, for either sink: nothing missing, and the full rate soon afterwards.
bool came_back(const slow_sink_run& run) {
  constexpr double soon = 2;  // seconds
  return run.full_again_seconds >= 0 && run.full_again_seconds < soon && run.decided == run.read &&
         run.examined == run.read;
}

verdict_line after_slow_sink(const slow_sink_run& run) {
  const std::string when = run.full_again_seconds < 0
                               ? std::string{"full rate not seen again"}
                               : format("full rate after %.1f s", run.full_again_seconds);
  return {"V9",
          format("  afterwards  %s  read %llu  decided %llu  examined %llu", when.c_str(),
                 number(run.read), number(run.decided), number(run.examined)),
          came_back(run)};
}

// Where the sources go on.
std::string nodes_of(const shown_recovery& recovery) {
  std::vector<std::string> nodes;
  for (const auto& source : recovery.after.sources)
    if (std::find(nodes.begin(), nodes.end(), source.node) == nodes.end())
      nodes.push_back(source.node);
  std::string text;
  for (const auto& node : nodes) text += (text.empty() ? "" : ", ") + node;
  return text;
}

std::array<int, 3> thousandths(const quality& q) {
  const auto rounded = [](double x) { return static_cast<int>(std::lround(x * 1'000)); };
  return {rounded(q.auc_roc), rounded(q.average_precision), rounded(q.card_precision)};
}

}  // namespace

std::string text_of(const verdict_line& line) {
  constexpr std::size_t place_of_answer = 92;
  std::string text =
      "  " + line.id + std::string(line.id.size() < 4 ? 4 - line.id.size() : 1, ' ') + line.found;
  const std::size_t width = width_of(text);
  text.append(width < place_of_answer ? place_of_answer - width : 2, ' ');
  return text + (!line.right ? "DIFFERS" : line.note.empty() ? "ok" : line.note) + "\n";
}

void printed_verdict::add(const verdict_line& line) {
  std::fputs(text_of(line).c_str(), to_);
  std::fflush(to_);
  right_ = right_ && line.right;
}

void printed_verdict::add(const std::vector<verdict_line>& lines) {
  for (const auto& line : lines) add(line);
}

run_counts counts_of(const run_status& status) {
  run_counts counts{.read = 0, .commits = status.commits};
  for (const auto& one : status.instances)
    if (one.stage == "transactions" && one.role == "source") counts.read += one.source.rows;
  return counts;
}

verdict_line count_verdict(const handbook_world& world, const run_counts& counts,
                           const run_record& run) {
  const std::uint64_t generated = world.rows.size();
  const std::uint64_t answered = run.decisions().seen();
  const std::uint64_t examined = run.features_seen().seen();
  const std::uint64_t missing = run.decisions().missing() + run.features_seen().missing();
  const std::uint64_t doubled = run.decisions().doubled() + run.features_seen().doubled();
  const std::string in_sinks = answered == examined
                                   ? std::to_string(answered)
                                   : std::to_string(answered) + "/" + std::to_string(examined);
  return {"V1",
          format("rows generated %llu  read %llu  in sinks %s  epochs %llu  missing %llu  doubled "
                 "%llu",
                 number(generated), number(counts.read), in_sinks.c_str(), number(counts.commits),
                 number(missing), number(doubled)),
          generated == published_rows && counts.read == generated && answered == generated &&
              examined == generated && missing == 0 && doubled == 0};
}

verdict_line truth_verdict(const handbook_world& world) {
  std::array<std::uint64_t, 4> found{};
  for (const auto& row : world.rows) {
    if (row.fraud()) ++found[0];
    if (row.scenario > 0 && row.scenario < found.size()) ++found[row.scenario];
  }
  return {"V2",
          format("frauds %llu  large amount %llu  taken-over terminal %llu  stolen card %llu",
                 number(found[0]), number(found[1]), number(found[2]), number(found[3])),
          found == published_frauds};
}

std::vector<verdict_line> table_verdict(const handbook_world& world, const run_record& run,
                                        const test_period& period) {
  std::vector<scored> week = run.scores();
  std::sort(week.begin(), week.end(),
            [](const scored& a, const scored& b) { return a.tx_id < b.tx_id; });
  std::vector<verdict_line> lines;
  for (std::size_t m = 0; m < published_table.size(); ++m) {
    std::vector<judged_payment> payments;
    for (const scored& row : week) {
      if (row.tx_id >= world.rows.size()) continue;
      const world_row& truth = world.rows[row.tx_id];
      payments.push_back(
          {truth.day(), truth.customer, truth.fraud(), m == 0 ? row.champion : row.challenger});
    }
    const quality q = evaluate(payments, period);
    const auto& known = published_table[m];
    lines.push_back(
        {"V4",
         format("%-19s  AUC %.3f  AP %.3f  CP@100 %.3f   published 0.%03d 0.%03d 0.%03d",
                known.model, q.auc_roc, q.average_precision, q.card_precision, known.thousandths[0],
                known.thousandths[1], known.thousandths[2]),
         thousandths(q) == known.thousandths});
  }
  return lines;
}

std::vector<verdict_line> rule_verdict(const handbook_world& world, const run_record& run) {
  std::string found;
  bool right = true;
  for (const auto& known : known_firings) {
    std::uint64_t times = 0, frauds = 0;
    for (std::size_t i = 0; i < run.reasons().size(); ++i)
      if (reason_set::from_bits(run.reasons()[i]).contains(known.what)) {
        ++times;
        frauds += world.rows[i].fraud();
      }
    found += format("%s%s %llu", found.empty() ? "" : "  ", known.number, number(times));
    if (frauds != times) found += format(" (%llu frauds)", number(frauds));
    right = right && times == known.times && frauds == known.frauds;
  }
  std::uint64_t payments = 0;
  for (const auto& alert : run.alerts()) payments += alert.row.count;
  return {{"V5", "rules fired  " + found, right},
          {"V5",
           format("alerts %zu for %llu payments   expected for %llu", run.alerts().size(),
                  number(payments), number(known_alerts)),
           payments == known_alerts}};
}

std::vector<verdict_line> recovery_verdict(const shown_recovery& recovery, std::uint64_t nodes,
                                           const fingerprints& found) {
  std::vector<verdict_line> lines;
  if (!recovery.node.empty()) {
    std::uint64_t restored = 0;
    std::string sources;
    for (const auto& source : recovery.after.sources) {
      restored += source.rows;
      sources += format("%s%s from row %llu", sources.empty() ? "" : ", ", source.source.c_str(),
                        number(source.rows));
    }
    lines.push_back(
        {"V7",
         format("%s killed at row %llu of all sources, %llu read again  first new commit "
                "after %llu ms",
                recovery.node.c_str(), number(recovery.rows_at_kill),
                number(recovery.rows_at_kill - std::min(recovery.rows_at_kill, restored)),
                number(recovery.first_commit_ms)),
         recovery.recovered});
    lines.push_back(
        {"V7", "read again on " + nodes_of(recovery) + ": " + sources, recovery.recovered});
  }
  lines.push_back(
      {"V7", format("features of %llu processes, sha256 %s", number(nodes), found.features.c_str()),
       found.features == features_of_full_stream, "of one process"});
  return lines;
}

verdict_line latency_verdict(const run_record& run) {
  const auto& latency = run.latency();
  const std::uint64_t unanswered = run.decisions().missing();
  return {
      "V8",
      format("inline decisions  p50 %llu µs  p99 %llu µs  p99.9 %llu µs  unanswered %llu  "
             "differing %llu",
             number(latency.at_share(0.5)), number(latency.at_share(0.99)),
             number(latency.at_share(0.999)), number(unanswered), number(run.differing_answers())),
      unanswered == 0 && run.differing_answers() == 0};
}

std::vector<verdict_line> slow_alerts_verdict(const slow_sink_run& run) {
  // That nobody waits for the alerts is what is looked at, not how busy the machine is.
  constexpr std::uint64_t busy_machine = 100'000;  // µs
  constexpr double held = 0.9;
  const std::uint64_t before = run.answers_before.at_share(0.99);
  const std::uint64_t during = run.answers_slow.at_share(0.99);
  return {{"V9",
           format("alerts 10 times too slow for %.0f s  waiting at most %llu of %llu",
                  run.slow_seconds, number(run.most_waiting), number(run.window)),
           run.most_waiting > 0 && run.most_waiting < run.window &&
               run.taken_slow < run.taken_before / 2},
          {"V9",
           format("  meanwhile  %.0f of %.0f rows/s decided  p99 %llu µs, before %llu µs",
                  run.decided_slow, run.offered, number(during), number(before)),
           run.decided_slow >= held * run.offered && during <= std::max(10 * before, busy_machine)},
          after_slow_sink(run)};
}

std::vector<verdict_line> slow_features_verdict(const slow_sink_run& run) {
  constexpr std::uint64_t flat = 32 << 20;  // bytes
  // From `decide` to the sink: two windows, and what stages have in work or hold for its time.
  const std::uint64_t most_behind = 2 * run.window + run.window / 2;
  return {
      {"V9",
       format("features 10 times too slow for %.0f s  waiting at most %llu in two windows of %llu",
              run.slow_seconds, number(run.most_waiting), number(run.window)),
       run.most_waiting > 0 && run.most_waiting <= most_behind &&
           run.taken_slow < run.taken_before / 2},
      {"V9",
       format(
           "  meanwhile  %.0f of %.0f rows/s decided: the source waits  memory %.0f MiB, at most "
           "%.0f MiB",
           run.decided_slow, run.offered, mib(run.memory_before), mib(run.memory_slow)),
       run.decided_slow < run.offered / 2 && run.memory_slow < run.memory_before + flat},
      after_slow_sink(run)};
}

verdict_line batching_verdict(double micro, double single) {
  const bool measured = micro > 0 && single > 0;
  return {"V10",
          format("micro-batch vs per-row on this graph  %.1f×  (%.0f against %.0f rows/s)",
                 measured ? micro / single : 0, micro, single),
          measured, "both measured here"};
}

}  // namespace sluice::fraud

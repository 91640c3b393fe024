#include "sluice/graph/bench_figures.hpp"

#include <algorithm>

#include "sluice/connectors/json_text.hpp"
#include "sluice/graph/run_number_text.hpp"
#include "sluice/graph/run_stats.hpp"

namespace sluice {

namespace {

// From one epoch's end to the next.
std::vector<double> gaps_of(const std::vector<std::uint64_t>& done_ms) {
  std::vector<double> gaps;
  std::uint64_t before = 0;
  for (const std::uint64_t done : done_ms) {
    gaps.push_back(static_cast<double>(done - std::min(before, done)));
    before = done;
  }
  return gaps;
}

std::string ms(double time) { return decimal(time, time < 10 ? 1 : 0) + " ms"; }

std::string json_text(const std::string& text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

}  // namespace

bench_figures figures_of(const bench_sweep::value& at, const run_status& status,
                         const std::vector<std::uint64_t>& done_ms) {
  bench_figures made{.at = at};
  for (const auto& one : status.instances) made.rows += one.source.rows;
  made.seconds = static_cast<double>(std::max<std::uint64_t>(status.elapsed_ms, 1)) / 1e3;
  made.epochs = status.epochs;
  made.commits = status.commits;
  if (const auto& took = status.epoch_durations; took.count() > 0)
    made.marker_ms = static_cast<double>(took.sum()) / static_cast<double>(took.count()) / 1e3;
  made.wait_p50_ms = wait_at(0.50, done_ms, made.marker_ms);
  made.wait_p99_ms = wait_at(0.99, done_ms, made.marker_ms);
  return made;
}

// Within an epoch that is done a gap after the one before, rows wait for anything from `marker_ms`
// to that and the gap, all alike; an epoch has as many rows as its gap is long.
double wait_at(double share, const std::vector<std::uint64_t>& done_ms, double marker_ms) {
  const auto gaps = gaps_of(done_ms);
  double all = 0, low = 0, high = 0;
  for (const double gap : gaps) {
    all += gap;
    high = std::max(high, gap);
  }
  for (int halvings = 0; halvings < 50; ++halvings) {
    const double middle = (low + high) / 2;
    double longer = 0;  // rows that wait longer than that
    for (const double gap : gaps) longer += std::max(0.0, gap - middle);
    (longer > (1 - share) * all ? low : high) = middle;
  }
  return marker_ms + high;
}

std::string bench_text(const bench_facts& facts, const bench_sweep& sweep,
                       const std::vector<bench_figures>& points) {
  std::string text;
  for (const auto& [name, value] : facts)
    text += name + std::string(10 - std::min<std::size_t>(9, name.size()), ' ') + value + "\n";
  std::vector<std::vector<std::string>> table{{sweep.name.empty() ? "settings" : sweep.name,
                                               "rows/s", "wait p50", "wait p99", "marker",
                                               "commits/s", "epochs", "rows", "seconds"}};
  for (const auto& point : points)
    table.push_back({point.at.shown, rounded(point.rows_a_second()), ms(point.wait_p50_ms),
                     ms(point.wait_p99_ms), ms(point.marker_ms),
                     decimal(point.commits_a_second(), 1), grouped(point.epochs),
                     grouped(point.rows), decimal(point.seconds, 1)});
  return text + "\n" + text_table(table);
}

std::string bench_json(const bench_facts& facts, const bench_sweep& sweep,
                       const std::vector<bench_figures>& points) {
  std::string text = "{";
  for (const auto& [name, value] : facts) text += json_text(name) + ":" + json_text(value) + ",";
  text += "\"sweep\":" + (sweep.name.empty() ? "null" : json_text(sweep.key)) + ",\"points\":[";
  for (const auto& point : points) {
    if (text.back() != '[') text += ",";
    text += "{\"value\":" + (sweep.name.empty() ? "null" : std::to_string(point.at.number));
    text += ",\"rows\":" + std::to_string(point.rows);
    text += ",\"seconds\":" + decimal(point.seconds, 3);
    text += ",\"rows_per_second\":" + decimal(point.rows_a_second(), 0);
    text += ",\"wait_p50_ms\":" + decimal(point.wait_p50_ms, 3);
    text += ",\"wait_p99_ms\":" + decimal(point.wait_p99_ms, 3);
    text += ",\"marker_mean_ms\":" + decimal(point.marker_ms, 3);
    text += ",\"epochs\":" + std::to_string(point.epochs);
    text += ",\"commits\":" + std::to_string(point.commits);
    text += ",\"commits_per_second\":" + decimal(point.commits_a_second(), 3) + "}";
  }
  return text + "]}\n";
}

}  // namespace sluice

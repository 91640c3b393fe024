#include "sluice/graph/run_position.hpp"

#include <algorithm>
#include <cmath>

namespace sluice {

namespace {

constexpr double half_life_ms = 2000;

struct part_read {
  std::uint64_t done = 0;
  std::uint64_t total = 0;
};

std::optional<double> part_of(const std::map<std::string, part_read>& sources) {
  std::optional<double> least;
  for (const auto& [name, read] : sources) {
    if (read.total == 0) return std::nullopt;
    const double part =
        std::min(1.0, static_cast<double>(read.done) / static_cast<double>(read.total));
    least = std::min(least.value_or(1.0), part);
  }
  return least;
}

void lower(std::optional<std::uint64_t>& least, std::uint64_t value) {
  least = std::min(least.value_or(value), value);
}

// The lowest instant says that there is none.
void lower(std::optional<instant>& least, instant value) {
  if (value != instant::lowest()) least = std::min(least.value_or(value), value);
}

}  // namespace

stage_windows windows_of(const plan& p) {
  stage_windows windows;
  for (const auto& edge : p.edges) windows[p.stages[edge.to_stage].name] = edge.window;
  return windows;
}

run_position position_of(const run_status& status, const stage_windows& windows) {
  run_position at;
  at.elapsed_ms = status.elapsed_ms;
  at.done = status.done;
  std::map<std::string, part_read> sources;
  std::optional<instant> ended;  // how far those came of which all is read
  for (const auto& one : status.instances) {
    if (one.role == "source") {
      at.rows += one.source.rows;
      at.rejected += one.source.rejected;
      sources[one.stage].done += one.source.progress.done;
      sources[one.stage].total += one.source.progress.total;
      if (const instant promised = one.source.watermark; promised == instant::highest())
        lower(ended, one.source.watermark_of_rows);
      else
        lower(at.watermark, promised);
    }
    at.queued_rows += one.queued_rows;
    at.keys += one.work.operation.keys;
    at.state_bytes += one.work.operation.state_bytes;
    const auto window = windows.find(one.stage);
    if (window == windows.end()) continue;
    for (const auto& most : one.most_queued)
      lower(at.lowest_credit_rows, window->second.rows - std::min(window->second.rows, most.rows));
  }
  if (!at.watermark) at.watermark = ended;
  at.part = part_of(sources);
  return at;
}

void row_rate::see(std::uint64_t elapsed_ms, std::uint64_t rows) {
  if (elapsed_ms < elapsed_ms_ || rows < rows_) {  // the run has gone back to a checkpoint
    elapsed_ms_ = elapsed_ms;
    rows_ = rows;
  }
  if (elapsed_ms == elapsed_ms_) return;
  const auto time = static_cast<double>(elapsed_ms - elapsed_ms_);
  const double now = static_cast<double>(rows - rows_) * 1000 / time;
  const double kept = rate_ == 0 ? 0 : std::exp2(-time / half_life_ms);
  rate_ = kept * rate_ + (1 - kept) * now;
  elapsed_ms_ = elapsed_ms;
  rows_ = rows;
}

}  // namespace sluice

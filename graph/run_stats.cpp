#include "sluice/graph/run_stats.hpp"

#include <algorithm>
#include <utility>

#include "sluice/graph/run_number_text.hpp"

namespace sluice {

namespace {

using table_rows = std::vector<std::vector<std::string>>;

const std::string nothing = "-";

bool source(const instance_status& one) { return one.role == "source"; }

std::string count_or_nothing(std::uint64_t number) {
  return number == 0 ? nothing : grouped(number);
}

// The fullest channel against its window.
std::string most_queued(const instance_status& one, const stage_windows& windows) {
  const auto window = windows.find(one.stage);
  if (window == windows.end() || one.most_queued.empty()) return nothing;
  const auto most =
      std::max_element(one.most_queued.begin(), one.most_queued.end(),
                       [](const credit& a, const credit& b) { return a.rows < b.rows; });
  return grouped(most->rows) + " of " + grouped(window->second.rows);
}

table_rows rows_of(const run_status& status, const stage_windows& windows) {
  table_rows rows{{"stage", "role", "rows in", "rows out", "bytes in", "bytes out", "batches in",
                   "batches out", "rejected", "late", "most queued"}};
  for (const auto& one : status.instances) {
    const auto& work = one.work;
    if (source(one))
      rows.push_back({instance_name(one), one.role, nothing, grouped(one.source.rows), nothing,
                      bytes_text(one.source.bytes), nothing, grouped(one.source.batches),
                      count_or_nothing(one.source.rejected), nothing, nothing});
    else
      rows.push_back({instance_name(one), one.role, grouped(work.rows_in), grouped(work.rows_out),
                      bytes_text(work.bytes_in), bytes_text(work.bytes_out),
                      grouped(work.batches_in), grouped(work.batches_out), nothing,
                      count_or_nothing(work.operation.late_rows), most_queued(one, windows)});
  }
  return rows;
}

std::string percent(double part) { return decimal(part * 100, 1) + " %"; }

// Parts of the time of the run that add up to 1.
struct time_parts {
  double busy = 0, blocked = 0, idle = 0;
};

time_parts time_of(const instance_status& one, const run_status& status) {
  const auto whole = static_cast<double>(std::max<std::uint64_t>(status.elapsed_ms, 1)) * 1e6;
  time_parts parts;
  parts.busy = std::min(1.0, static_cast<double>(one.busy_ns) / whole);
  parts.blocked = std::min(1.0 - parts.busy, static_cast<double>(one.blocked_ns) / whole);
  parts.idle = 1.0 - parts.busy - parts.blocked;
  return parts;
}

std::uint64_t flushes_of(const instance_status& one, flush_cause cause) {
  return one.work.flushes[static_cast<std::size_t>(cause)];
}

// `2, back 1`: grouping stopped paying twice and paid again once.
std::string switches_of(const instance_status& one) {
  const auto& [to_bypass, to_gathering] = one.work.bypass;
  if (to_bypass == 0) return nothing;
  return grouped(to_bypass) + (to_gathering == 0 ? "" : ", back " + grouped(to_gathering));
}

table_rows times_of(const run_status& status) {
  table_rows rows{{"stage", "busy", "blocked", "idle", "markers", "flushes at marker", "size",
                   "timer", "batch", "end", "O/I", "bypassed", "timer wake-ups", "state accesses",
                   "keys"}};
  for (const auto& one : status.instances) {
    const time_parts parts = time_of(one, status);
    std::vector<std::string> row{instance_name(one), percent(parts.busy), percent(parts.blocked),
                                 percent(parts.idle),
                                 grouped(source(one) ? one.source.markers : one.work.markers)};
    for (const auto cause : {flush_cause::marker, flush_cause::size, flush_cause::timer,
                             flush_cause::batch, flush_cause::end})
      row.push_back(count_or_nothing(flushes_of(one, cause)));
    row.push_back(one.output_ratio > 0 ? decimal(one.output_ratio, 2) : nothing);
    row.push_back(switches_of(one));
    row.push_back(count_or_nothing(one.work.timer_wakeups));
    row.push_back(count_or_nothing(one.work.operation.state_accesses));
    row.push_back(count_or_nothing(one.work.operation.keys));
    rows.push_back(std::move(row));
  }
  return rows;
}

std::size_t characters(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

bool numeric(const table_rows& rows, std::size_t column) {
  return std::all_of(rows.begin() + 1, rows.end(), [&](const auto& row) {
    const char first = row[column].empty() ? ' ' : row[column].front();
    return first == '-' || (first >= '0' && first <= '9');
  });
}

}  // namespace

std::string instance_name(const instance_status& one) {
  return one.stage + (one.instance == 0 ? "" : " #" + std::to_string(one.instance + 1));
}

std::string text_table(const table_rows& rows) {
  std::string text;
  std::vector<std::size_t> widths(rows.front().size());
  std::vector<bool> right;
  for (const auto& row : rows)
    for (std::size_t c = 0; c < widths.size(); ++c)
      widths[c] = std::max(widths[c], characters(row[c]));
  for (std::size_t c = 0; c < widths.size(); ++c) right.push_back(c > 0 && numeric(rows, c));
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t c = 0; c < widths.size(); ++c) {
      const std::string space(widths[c] - characters(row[c]), ' ');
      line += (c == 0 ? "" : "  ") + (right[c] ? space + row[c] : row[c] + space);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  return text;
}

std::string stats_tables(const run_status& status, const stage_windows& windows) {
  return text_table(rows_of(status, windows)) + "\n" + text_table(times_of(status));
}

}  // namespace sluice

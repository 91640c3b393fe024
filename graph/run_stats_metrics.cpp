#include <array>
#include <string_view>

#include "sluice/graph/run_number_text.hpp"
#include "sluice/graph/run_stats.hpp"

namespace sluice {

namespace {

constexpr std::array<std::string_view, flush_causes> cause_names{"marker", "size", "timer", "batch",
                                                                 "end"};

// One family of samples: its head once, then the samples.
class family {
 public:
  family(std::string& out, std::string_view name, std::string_view type, std::string_view help)
      : out_(out), name_(name) {
    out_.append("# HELP ").append(name).append(" ").append(help).append("\n");
    out_.append("# TYPE ").append(name).append(" ").append(type).append("\n");
  }

  // `more` are further labels, `state="busy"`.
  void sample(const instance_status& of, const std::string& more, const std::string& value) {
    out_.append(name_).append("{stage=\"").append(escaped(of.stage));
    out_.append("\",instance=\"").append(std::to_string(of.instance)).append("\"");
    if (!more.empty()) out_.append(",").append(more);
    out_.append("} ").append(value).append("\n");
  }
  void sample(const instance_status& of, const std::string& more, std::uint64_t value) {
    sample(of, more, std::to_string(value));
  }
  void sample(std::uint64_t value) {
    out_.append(name_).append(" ").append(std::to_string(value)).append("\n");
  }

 private:
  static std::string escaped(std::string_view text) {
    std::string safe;
    for (const char c : text) {
      if (c == '\n') {
        safe += "\\n";
        continue;
      }
      if (c == '"' || c == '\\') safe += '\\';
      safe += c;
    }
    return safe;
  }

  std::string& out_;
  std::string_view name_;
};

bool source(const instance_status& one) { return one.role == "source"; }

void add_rows(std::string& out, const run_status& status) {
  family rows{out, "sluice_rows_total", "counter", "Rows taken in and given on."};
  for (const auto& one : status.instances) {
    if (!source(one)) rows.sample(one, "direction=\"in\"", one.work.rows_in);
    rows.sample(one, "direction=\"out\"", source(one) ? one.source.rows : one.work.rows_out);
  }
  family bytes{out, "sluice_bytes_total", "counter", "Bytes of these rows."};
  for (const auto& one : status.instances) {
    if (!source(one)) bytes.sample(one, "direction=\"in\"", one.work.bytes_in);
    bytes.sample(one, "direction=\"out\"", source(one) ? one.source.bytes : one.work.bytes_out);
  }
  family rejected{out, "sluice_rejected_rows_total", "counter", "Rows a source could not read."};
  for (const auto& one : status.instances)
    if (source(one)) rejected.sample(one, {}, one.source.rejected);
  family late{out, "sluice_late_rows_total", "counter",
              "Rows behind a watermark that had been used."};
  for (const auto& one : status.instances)
    if (!source(one)) late.sample(one, {}, one.work.operation.late_rows);
}

void add_times(std::string& out, const run_status& status) {
  family times{out, "sluice_stage_time_seconds_total", "counter",
               "Time of an instance by what it did."};
  for (const auto& one : status.instances) {
    const double busy = static_cast<double>(one.busy_ns) / 1e9;
    const double blocked = static_cast<double>(one.blocked_ns) / 1e9;
    const double rest = static_cast<double>(status.elapsed_ms) / 1e3 - busy - blocked;
    times.sample(one, "state=\"busy\"", decimal(busy, 6));
    times.sample(one, "state=\"blocked\"", decimal(blocked, 6));
    times.sample(one, "state=\"idle\"", decimal(rest > 0 ? rest : 0, 6));
  }
}

void add_work(std::string& out, const run_status& status) {
  family flushes{out, "sluice_flushes_total", "counter", "Flushes by what caused them."};
  for (const auto& one : status.instances)
    for (std::size_t cause = 0; cause < flush_causes && !source(one); ++cause)
      flushes.sample(one, "cause=\"" + std::string{cause_names[cause]} + "\"",
                     one.work.flushes[cause]);
  family ratio{out, "sluice_batch_oi_ratio", "gauge",
               "Output rows by input rows of the last flush."};
  for (const auto& one : status.instances)
    if (!source(one)) ratio.sample(one, {}, decimal(one.output_ratio, 4));
  family bypass{out, "sluice_batch_bypass_switches_total", "counter",
                "Times grouping stopped paying and the stage was bypassed, and came back."};
  for (const auto& one : status.instances) {
    if (source(one)) continue;
    bypass.sample(one, "to=\"bypass\"", one.work.bypass.to_bypass);
    bypass.sample(one, "to=\"gathering\"", one.work.bypass.to_gathering);
  }
  family timers{out, "sluice_timer_wakeups_total", "counter",
                "Times the own timer of a stage went off."};
  for (const auto& one : status.instances)
    if (!source(one)) timers.sample(one, {}, one.work.timer_wakeups);
  family state{out, "sluice_state_accesses_total", "counter", "Reads and writes of keyed state."};
  for (const auto& one : status.instances)
    if (!source(one)) state.sample(one, {}, one.work.operation.state_accesses);
}

void add_channels(std::string& out, const run_status& status, const stage_windows& windows) {
  family most{out, "sluice_channel_most_queued_rows", "gauge", "Most rows a channel ever held."};
  for (const auto& one : status.instances)
    for (std::size_t c = 0; c < one.most_queued.size(); ++c)
      most.sample(one, "channel=\"" + std::to_string(c) + "\"", one.most_queued[c].rows);
  family window{out, "sluice_channel_window_rows", "gauge", "Rows a channel may hold."};
  for (const auto& one : status.instances)
    if (const auto found = windows.find(one.stage); found != windows.end())
      for (std::size_t c = 0; c < one.most_queued.size(); ++c)
        window.sample(one, "channel=\"" + std::to_string(c) + "\"", found->second.rows);
}

}  // namespace

std::string stats_metrics(const run_status& status, const stage_windows& windows) {
  std::string out;
  add_rows(out, status);
  add_times(out, status);
  add_work(out, status);
  add_channels(out, status, windows);
  family{out, "sluice_epoch_last_committed", "gauge", "Last epoch all sinks are done with."}.sample(
      status.done.value);
  return out;
}

}  // namespace sluice

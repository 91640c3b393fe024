#include <array>
#include <charconv>
#include <string_view>

#include "sluice/graph/run_number_text.hpp"
#include "sluice/graph/run_stats.hpp"

namespace sluice {

namespace {

constexpr std::array<std::string_view, flush_causes> cause_names{"marker", "size", "timer", "batch",
                                                                 "end"};

constexpr double us_a_second = 1e6;

// The shortest text that is `number`, without an exponent.
std::string shortest(double number) {
  std::array<char, 64> text;
  const auto end =
      std::to_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
  return {text.data(), end.ptr};
}

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
    add({}, labels_of(of) + (more.empty() ? "" : "," + more), value);
  }
  void sample(const instance_status& of, const std::string& more, std::uint64_t value) {
    sample(of, more, std::to_string(value));
  }
  void sample(std::uint64_t value) { add({}, {}, std::to_string(value)); }

  // The samples of a histogram whose values are so many to the unit of the family.
  template <class Histogram>
  void samples(const instance_status& of, const Histogram& values) {
    samples(labels_of(of), values, 1);
  }
  template <class Histogram>
  void samples(const std::string& labels, const Histogram& values, double to_the_unit) {
    const std::string front = labels.empty() ? "" : labels + ",";
    for (std::size_t i = 0; i < values.bounds.size(); ++i)
      add("_bucket",
          front + "le=\"" + shortest(static_cast<double>(values.bounds[i]) / to_the_unit) + "\"",
          std::to_string(values.up_to(i)));
    add("_bucket", front + "le=\"+Inf\"", std::to_string(values.count()));
    add("_sum", labels, shortest(static_cast<double>(values.sum()) / to_the_unit));
    add("_count", labels, std::to_string(values.count()));
  }

 private:
  void add(std::string_view suffix, const std::string& labels, const std::string& value) {
    out_.append(name_).append(suffix);
    if (!labels.empty()) out_.append("{").append(labels).append("}");
    out_.append(" ").append(value).append("\n");
  }
  static std::string labels_of(const instance_status& of) {
    return "stage=\"" + escaped(of.stage) + "\",instance=\"" + std::to_string(of.instance) + "\"";
  }
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

void add_batches(std::string& out, const run_status& status) {
  family rows{out, "sluice_batch_rows", "histogram", "Rows of the batches given on."};
  for (const auto& one : status.instances)
    if (one.role != "sink")
      rows.samples(one, source(one) ? one.source.batch_rows : one.work.batch_rows);
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

// Only of instances that have sent rows to aggregates on other nodes.
void add_wires(std::string& out, const run_status& status) {
  std::vector<const instance_status*> sending;
  for (const auto& one : status.instances)
    if (!source(one) && one.work.wire.rows_in != 0) sending.push_back(&one);
  if (sending.empty()) return;
  family rows{out, "sluice_pre_aggregate_rows_total", "counter",
              "Rows for aggregates on other nodes, and rows sent in their place."};
  for (const auto* one : sending) {
    rows.sample(*one, "rows=\"taken\"", one->work.wire.rows_in);
    rows.sample(*one, "rows=\"sent\"", one->work.wire.rows_out);
  }
  family ratio{out, "sluice_pre_aggregate_oi_ratio", "gauge",
               "Rows sent by rows taken of the last batches for aggregates on other nodes."};
  for (const auto* one : sending) ratio.sample(*one, {}, decimal(one->work.wire.ratio, 4));
  family switches{out, "sluice_pre_aggregate_switches_total", "counter",
                  "Times combining rows for other nodes stopped paying, and paid again."};
  for (const auto* one : sending) {
    switches.sample(*one, "to=\"whole\"", one->work.wire.switched.to_bypass);
    switches.sample(*one, "to=\"combined\"", one->work.wire.switched.to_gathering);
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
  add_wires(out, status);
  family timers{out, "sluice_timer_wakeups_total", "counter",
                "Times the own timer of a stage went off."};
  for (const auto& one : status.instances)
    if (!source(one)) timers.sample(one, {}, one.work.timer_wakeups);
  family state{out, "sluice_state_accesses_total", "counter", "Reads and writes of keyed state."};
  for (const auto& one : status.instances)
    if (!source(one)) state.sample(one, {}, one.work.operation.state_accesses);
}

// Event time that lies in the future, or behind by years in a replay, is shown as it is.
void add_watermarks(std::string& out, const run_status& status) {
  family lag{out, "sluice_watermark_lag_seconds", "gauge",
             "Wall clock minus the watermark of the rows read."};
  for (const auto& one : status.instances)
    if (const instant promised = one.source.watermark_of_rows; promised != instant::lowest())
      lag.sample(one, {},
                 decimal(static_cast<double>(status.taken_at.us) / us_a_second -
                             static_cast<double>(promised.us) / us_a_second,
                         6));
}

void add_memory(std::string& out, const run_status& status) {
  family state{out, "sluice_state_bytes", "gauge",
               "Memory of the tables of keyed state, without what states own themselves."};
  for (const auto& one : status.instances)
    if (!source(one)) state.sample(one, {}, one.work.operation.state_bytes);
  family{out, "sluice_memory_bytes", "gauge", "Resident memory of the process."}.sample(
      status.memory_bytes);
  family{out, "sluice_memory_limit_bytes", "gauge", "Memory the process may have."}.sample(
      status.memory_limit_bytes);
}

void add_epochs(std::string& out, const run_status& status) {
  family{out, "sluice_epoch_last_committed", "gauge", "Last epoch all sinks are done with."}.sample(
      status.done.value);
  family{out, "sluice_epochs_undecided", "gauge", "Commit epochs some sink is not done with."}
      .sample(status.undecided);
  family{out, "sluice_epoch_duration_seconds", "histogram",
         "Time from opening an epoch until all sinks are done with it."}
      .samples({}, status.epoch_durations, us_a_second);
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
  family queued{out, "sluice_channel_queued_rows", "gauge", "Rows a channel holds."};
  for (const auto& one : status.instances)
    for (std::size_t c = 0; c < one.queued.size(); ++c)
      queued.sample(one, "channel=\"" + std::to_string(c) + "\"", one.queued[c].rows);
  family left{out, "sluice_channel_credit_rows", "gauge",
              "Rows the sender on a channel may still send."};
  for (const auto& one : status.instances)
    for (std::size_t c = 0; c < one.credit_left.size(); ++c)
      left.sample(one, "channel=\"" + std::to_string(c) + "\"", one.credit_left[c].rows);
}

}  // namespace

std::string stats_metrics(const run_status& status, const stage_windows& windows) {
  std::string out;
  add_rows(out, status);
  add_batches(out, status);
  add_times(out, status);
  add_work(out, status);
  add_channels(out, status, windows);
  add_watermarks(out, status);
  add_memory(out, status);
  add_epochs(out, status);
  return out;
}

}  // namespace sluice

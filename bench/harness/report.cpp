#include "sluice/bench/harness/report.hpp"

#include <cstdio>

#include "sluice/bench/harness/machine.hpp"

namespace sluice::bench {
namespace {

json_object checksums(const answer& result) {
  json_object out;
  for (const auto& [name, value] : result.sums) {
    char digits[17];
    std::snprintf(digits, sizeof digits, "%016llx", static_cast<unsigned long long>(value));
    out.add(name, digits);
  }
  return out;
}

double per_second(std::uint64_t rows, double seconds) {
  return static_cast<double>(rows) / seconds;
}

std::optional<std::string> verdict_text(const std::optional<verdict>& judged) {
  return judged ? std::optional<std::string>{to_string(*judged)} : std::nullopt;
}

// What stands before the members about a bound. `seen` has the evidence: the finding itself or a
// part of it.
template <class Line, class Finding, class Evidence>
json_object measured(const report_frame& frame, const std::string& variant, const Line& line,
                     const Finding& found, const Evidence& seen) {
  return json_object{}
      .add("bench", frame.bench)
      .add("variant", variant)
      .add("size", to_string(frame.size))
      .add("rev", revision())
      .add("build", build_name())
      .add("machine", machine_facts())
      .add("pinned", pinned_to())
      .add("settings", line.settings)
      .add("seed", frame.seed)
      .add("emission", line.emission)
      .add("guarantee", line.guarantee)
      .add("interval_ms", line.interval_ms)
      .add("rows", found.rows)
      .add("reps", seen.repetitions)
      .add("foreign", seen.foreign)
      .add("wall_s", found.wall_s)
      .add("cpu_s", found.cpu_s)
      .add("rows_per_s", per_second(found.rows, found.wall_s))
      .add("rows_per_cpu_s", per_second(found.rows, found.cpu_s))
      .add("rss_mib", found.rss_mib)
      .add("allocs_per_mrow", seen.allocations_per_mrow);
}

// What stands behind them; `l` has the gate.
template <class Finding, class Limit>
json_object& judged(json_object& line, const report_frame& frame, const Finding& found,
                    const Limit& l, const std::optional<verdict>& by_the_gate) {
  return line.add("noise", frame.noise)
      .add("latency_us", found.latency_us)
      .add("out_rows", found.result.rows)
      .add("checksum", checksums(found.result))
      .add("ok", found.ok)
      .add("gate", l.gate)
      .add("goal", l.goal)
      .add("verdict", verdict_text(by_the_gate))
      .add("attempts", found.attempts);
}

}  // namespace

std::string report_line(const report_frame& frame, const finding& f) {
  json_object line = measured(frame, f.line.variant, f.line, f, f.seen);
  line.add("bound", f.line.bound)
      .add("bound_rows_per_s", f.bound_rows_per_s)
      .add("ratio", f.seen.ratio.median)
      .add("ratio_min", f.seen.ratio.min)
      .add("ratio_max", f.seen.ratio.max)
      .add("control", f.seen.control.median)
      .add("control_min", f.seen.control.min)
      .add("control_max", f.seen.control.max);
  return judged(line, frame, f, f.line, f.judged).text();
}

std::string report_line(const report_frame& frame, const trial& t, const trial_finding& found,
                        const figure& f) {
  json_object line = measured(frame, t.variant + '/' + f.of.measure, t, found, found);
  for (const char* of_a_bound : {"bound", "bound_rows_per_s", "ratio", "ratio_min", "ratio_max",
                                 "control", "control_min", "control_max"})
    line.add(of_a_bound, std::optional<double>{});
  return judged(line, frame, found, f.of, f.judged)
      .add("measure", f.of.measure)
      .add("at_most", f.of.at_most)
      .add("value", f.value.median)
      .add("value_min", f.value.min)
      .add("value_max", f.value.max)
      .add("more", found.more)
      .text();
}

std::string progress_line(const finding& f) {
  char text[256];
  std::snprintf(text, sizeof text,
                "%-36s %8.2f ns/row  ratio %6.3f (%.3f to %.3f)  control %.2f  gate %-6.3g %s%s",
                f.line.variant.c_str(), 1e9 * f.wall_s / static_cast<double>(f.rows),
                f.seen.ratio.median, f.seen.ratio.min, f.seen.ratio.max, f.seen.control.median,
                f.line.gate.value_or(0), verdict_text(f.judged).value_or("").c_str(),
                f.ok ? "" : "  WRONG RESULT");
  return text;
}

std::string progress_line(const trial& t, const trial_finding& found, const figure& f) {
  char text[256];
  std::snprintf(text, sizeof text, "%-36s %12.6g (%.6g to %.6g)  gate %s %-6.3g %s%s",
                (t.variant + '/' + f.of.measure).c_str(), f.value.median, f.value.min, f.value.max,
                f.of.at_most ? "<=" : ">=", f.of.gate.value_or(0),
                verdict_text(f.judged).value_or("").c_str(), found.ok ? "" : "  WRONG RESULT");
  return text;
}

}  // namespace sluice::bench

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

std::optional<std::string> verdict_text(const finding& f) {
  return f.judged ? std::optional<std::string>{to_string(*f.judged)} : std::nullopt;
}

}  // namespace

std::string report_line(const report_frame& frame, const finding& f) {
  return json_object{}
      .add("bench", frame.bench)
      .add("variant", f.line.variant)
      .add("size", to_string(frame.size))
      .add("rev", revision())
      .add("build", build_name())
      .add("machine", machine_facts())
      .add("pinned", pinned_to())
      .add("settings", f.line.settings)
      .add("seed", frame.seed)
      .add("emission", f.line.emission)
      .add("guarantee", f.line.guarantee)
      .add("interval_ms", f.line.interval_ms)
      .add("rows", f.rows)
      .add("reps", f.seen.repetitions)
      .add("foreign", f.seen.foreign)
      .add("wall_s", f.wall_s)
      .add("cpu_s", f.cpu_s)
      .add("rows_per_s", per_second(f.rows, f.wall_s))
      .add("rows_per_cpu_s", per_second(f.rows, f.cpu_s))
      .add("rss_mib", f.rss_mib)
      .add("allocs_per_mrow", f.seen.allocations_per_mrow)
      .add("bound", f.line.bound)
      .add("bound_rows_per_s", f.bound_rows_per_s)
      .add("ratio", f.seen.ratio.median)
      .add("ratio_min", f.seen.ratio.min)
      .add("ratio_max", f.seen.ratio.max)
      .add("control", f.seen.control.median)
      .add("control_min", f.seen.control.min)
      .add("control_max", f.seen.control.max)
      .add("noise", frame.noise)
      .add("latency_us", f.latency_us)
      .add("out_rows", f.result.rows)
      .add("checksum", checksums(f.result))
      .add("ok", f.ok)
      .add("gate", f.line.gate)
      .add("goal", f.line.goal)
      .add("verdict", verdict_text(f))
      .add("attempts", f.attempts)
      .text();
}

std::string progress_line(const finding& f) {
  char text[256];
  std::snprintf(text, sizeof text,
                "%-36s %8.2f ns/row  ratio %6.3f (%.3f to %.3f)  control %.2f  gate %-6.3g %s%s",
                f.line.variant.c_str(), 1e9 * f.wall_s / static_cast<double>(f.rows),
                f.seen.ratio.median, f.seen.ratio.min, f.seen.ratio.max, f.seen.control.median,
                f.line.gate.value_or(0), verdict_text(f).value_or("").c_str(),
                f.ok ? "" : "  WRONG RESULT");
  return text;
}

}  // namespace sluice::bench

#include "sluice/bench/harness/program.hpp"

#include <chrono>
#include <cstdio>
#include <span>
#include <utility>

#include "sluice/bench/harness/cpu_usage.hpp"
#include "sluice/bench/harness/noise.hpp"
#include "sluice/bench/harness/report.hpp"

namespace sluice::bench {
namespace {

using std::chrono::milliseconds;

// Keeps the lines that were asked for; a contest without any is not run.
std::vector<contest> selected(std::vector<contest> contests, const options& asked) {
  std::erase_if(contests, [&](contest& c) {
    std::erase_if(c.lines, [&](const comparison& line) { return !asked.wants(line.variant); });
    return c.lines.empty();
  });
  return contests;
}

bool complete(const std::vector<contest>& contests) {
  bool all = true;
  for (const contest& c : contests) {
    for (const comparison& line : c.lines) {
      if (line.missing.empty()) continue;
      std::fprintf(stderr, "%s cannot run: this build lacks %s\n", line.variant.c_str(),
                   line.missing.c_str());
      all = false;
    }
  }
  return all;
}

// Where no ratio is judged nobody minds who else runs.
double unobserved(const std::function<void()>& repetition) {
  repetition();
  return 0;
}

int measure(const program& p, const options& asked) {
  const std::vector<contest> contests = selected(p.contests(asked.size), asked);
  if (contests.empty()) {
    std::fprintf(stderr, "no variant matches %s\n", asked.variants.c_str());
    return 2;
  }
  if (!complete(contests)) return 1;
  if (p.placement == placement::one_cpu) pin_to_one_cpu();

  const bool judging = asked.size != size::smoke;
  const auto probe = judging ? milliseconds{2000} : milliseconds{100};
  const auto second_thread = probe_second_thread(probe / 4);
  const pauses before = probe_pauses(probe);
  std::vector<std::pair<report_frame, finding>> lines;
  bool right = true, passed = true;
  for (const contest& c : contests) {
    for (finding& f : run_contest(c, asked.repetition_count(), judging,
                                  judging ? observer{foreign_share_during} : unobserved)) {
      std::fprintf(stderr, "%s\n", progress_line(f).c_str());
      right = right && f.ok;
      passed = passed && f.judged != verdict::fail;
      lines.push_back({{.bench = p.bench, .size = asked.size, .seed = c.seed}, std::move(f)});
    }
  }
  const json_object noise = noise_record(before, probe_pauses(probe), second_thread);
  for (auto& [frame, found] : lines) {
    frame.noise = noise;
    std::puts(report_line(frame, found).c_str());
  }
  return right && (passed || !asked.gate) ? 0 : 1;
}

}  // namespace

int run_program(const program& p, int argc, char** argv) {
  try {
    return measure(p,
                   parse_options(argv[0], std::span{argv + 1, static_cast<std::size_t>(argc - 1)}));
  } catch (const usage& told) {
    std::fprintf(told.exit_code == 0 ? stdout : stderr, "%s\n", told.message.c_str());
    return told.exit_code;
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "%s: %s\n", p.bench.c_str(), failure.what());
    return 1;
  }
}

}  // namespace sluice::bench

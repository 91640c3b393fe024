#include "sluice/bench/harness/program.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <functional>
#include <span>
#include <utility>

#include "sluice/bench/harness/cpu_usage.hpp"
#include "sluice/bench/harness/noise.hpp"
#include "sluice/bench/harness/report.hpp"

namespace sluice::bench {
namespace {

using std::chrono::milliseconds;

// Keeps the lines that were asked for; a contest without any is not run.
std::vector<contest> selected_contests(const program& p, const options& asked) {
  std::vector<contest> contests;
  if (p.contests) contests = p.contests(asked.size);
  std::erase_if(contests, [&](contest& c) {
    std::erase_if(c.lines, [&](const comparison& line) { return !asked.wants(line.variant); });
    return c.lines.empty();
  });
  return contests;
}

// Trials of which a figure was asked for.
std::vector<trial> selected_trials(const program& p, const options& asked) {
  std::vector<trial> trials;
  if (p.trials) trials = p.trials(asked.size);
  std::erase_if(trials, [&](const trial& t) {
    return std::none_of(t.limits.begin(), t.limits.end(),
                        [&](const limit& l) { return asked.wants(t.variant + '/' + l.measure); });
  });
  return trials;
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

// A line of output, once the noise of the whole program is known.
struct finished {
  std::uint64_t seed;
  bool right;
  bool failed;
  std::function<std::string(const report_frame&)> text;
};

int measure(const program& p, const options& asked) {
  const std::vector<contest> contests = selected_contests(p, asked);
  const std::vector<trial> trials = selected_trials(p, asked);
  if (contests.empty() && trials.empty()) {
    std::fprintf(stderr, "no variant matches %s\n", asked.variants.c_str());
    return 2;
  }
  if (!complete(contests)) return 1;
  if (p.placement == placement::one_cpu) pin_to_one_cpu();

  const bool judging = asked.size != size::smoke;
  const auto probe = judging ? milliseconds{2000} : milliseconds{100};
  const auto second_thread = probe_second_thread(probe / 4);
  const pauses before = probe_pauses(probe);
  const observer observe = judging ? observer{foreign_share_during} : observer{unobserved};
  std::vector<finished> lines;
  for (const contest& c : contests) {
    for (finding& f :
         run_contest(c, c.repetitions.value_or(asked.repetition_count()), judging, observe)) {
      std::fprintf(stderr, "%s\n", progress_line(f).c_str());
      const bool right = f.ok, failed = f.judged == verdict::fail;
      lines.push_back({c.seed, right, failed, [f = std::move(f)](const report_frame& frame) {
                         return report_line(frame, f);
                       }});
    }
  }
  for (const trial& t : trials) {
    const trial_finding found = run_trial(t, asked.repetition_count(), judging, observe);
    for (const figure& f : found.figures) {
      if (!asked.wants(t.variant + '/' + f.of.measure)) continue;
      std::fprintf(stderr, "%s\n", progress_line(t, found, f).c_str());
      lines.push_back(
          {t.seed, found.ok, f.judged == verdict::fail,
           [t, found, f](const report_frame& frame) { return report_line(frame, t, found, f); }});
    }
  }
  const json_object noise = noise_record(before, probe_pauses(probe), second_thread);
  bool right = true, passed = true;
  for (const finished& line : lines) {
    std::puts(line.text({.bench = p.bench, .size = asked.size, .seed = line.seed, .noise = noise})
                  .c_str());
    right = right && line.right;
    passed = passed && !line.failed;
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

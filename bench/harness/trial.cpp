#include "sluice/bench/harness/trial.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "sluice/bench/harness/machine.hpp"

namespace sluice::bench {
namespace {

template <class Measure>
spread over(const std::vector<trial_outcome>& runs, Measure&& measure) {
  std::vector<double> values;
  for (const trial_outcome& run : runs) values.push_back(measure(run));
  return spread_of(std::move(values));
}

verdict judge(const limit& l, double value, bool right, bool quiet) {
  if (!right) return verdict::fail;
  if (l.at_most ? value <= *l.gate : value >= *l.gate) return verdict::pass;
  return quiet ? verdict::fail : verdict::unresolved;
}

trial_finding attempt(const trial& t, std::size_t repetitions, bool judging,
                      const observer& observe) {
  if (t.warm_up) static_cast<void>(t.run());
  trial_finding out;
  out.repetitions = repetitions;
  std::vector<trial_outcome> runs;
  std::size_t loud = 0;
  for (std::size_t i = 0; i < repetitions; ++i) {
    out.foreign += observe([&] { runs.push_back(t.run()); }) > foreign_limit;
    loud += !runs.back().resolved;
    if (runs.back().figures.size() != t.limits.size())
      throw std::invalid_argument{t.variant + " does not measure what it is judged by"};
  }
  const trial_outcome& last = runs.back();
  out.rows = last.run.rows;
  out.latency_us = last.run.latency_us;
  out.result = last.run.result;
  out.more = last.more;
  out.wall_s = over(runs, [](const auto& r) { return r.run.wall_s; }).median;
  out.cpu_s = over(runs, [](const auto& r) { return r.run.cpu_s; }).median;
  out.allocations_per_mrow =
      over(runs, [](const auto& r) {
        return 1e6 * static_cast<double>(r.run.allocations) / static_cast<double>(r.run.rows);
      }).median;
  out.ok = std::all_of(runs.begin(), runs.end(), [](const auto& r) { return r.right; });
  out.rss_mib = resident_mib();
  const bool quiet = 3 * out.foreign <= repetitions && 2 * loud <= repetitions;
  for (std::size_t i = 0; i < t.limits.size(); ++i) {
    figure f{.of = t.limits[i], .value = over(runs, [i](const auto& r) { return r.figures[i]; })};
    if (judging && f.of.gate) f.judged = judge(f.of, f.value.median, out.ok, quiet);
    out.figures.push_back(std::move(f));
  }
  return out;
}

bool settled(const figure& f) { return f.judged != verdict::unresolved; }

}  // namespace

trial_finding run_trial(const trial& t, std::size_t repetitions, bool judging,
                        const observer& observe) {
  trial_finding found;
  for (std::size_t n = 1; n <= most_attempts; ++n) {
    found = attempt(t, t.repetitions.value_or(repetitions), judging, observe);
    found.attempts = n;
    if (std::all_of(found.figures.begin(), found.figures.end(), settled)) return found;
  }
  for (figure& f : found.figures)
    if (!settled(f)) f.judged = verdict::fail;
  return found;
}

}  // namespace sluice::bench

#include "sluice/bench/harness/contest.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "sluice/bench/harness/machine.hpp"
#include "sluice/bench/inputs/random.hpp"

namespace sluice::bench {
namespace {

constexpr std::size_t foreign_retries = 3;
constexpr double allocations_limit = 1;  // per million rows

// Runs of one contender in one repetition, in the order they ran.
using runs = std::vector<outcome>;

double rate(const outcome& o) { return static_cast<double>(o.rows) / o.wall_s; }

double rate(const runs& all) {
  std::vector<double> rates;
  for (const outcome& o : all) rates.push_back(rate(o));
  return geometric_mean(rates);
}

// All repetitions of a contest: [repetition][contender].
struct record {
  std::vector<std::vector<runs>> repetitions;
  std::size_t foreign = 0;
};

std::size_t index_of(const std::vector<contender>& contenders, const std::string& name) {
  for (std::size_t i = 0; i < contenders.size(); ++i) {
    if (contenders[i].name == name) return i;
  }
  throw std::invalid_argument{"no such contender: " + name};
}

record repeat(const std::vector<contender>& contenders, const std::vector<bool>& twice,
              std::uint64_t seed, std::size_t repetitions, const observer& observe) {
  record out;
  for (std::size_t repetition = 0; repetition <= repetitions; ++repetition) {
    std::vector<runs> results;
    double foreign = 1;
    for (std::size_t tries = 0; foreign > foreign_limit && tries <= foreign_retries; ++tries) {
      results.assign(contenders.size(), {});
      foreign = observe([&] {
        for (const std::size_t i : shuffled(contenders.size(), twice, seed + repetition)) {
          results[i].push_back(contenders[i].run());
        }
      });
    }
    if (repetition == 0) continue;  // warms caches and clocks
    out.foreign += foreign > foreign_limit;
    out.repetitions.push_back(std::move(results));
  }
  return out;
}

template <class Measure>
spread over(const record& all, Measure&& measure) {
  std::vector<double> values;
  for (const auto& repetition : all.repetitions) values.push_back(measure(repetition));
  return spread_of(std::move(values));
}

finding find(const comparison& line, const record& all, std::size_t contender, std::size_t bound,
             const std::vector<answer>& expected) {
  finding out{.line = line};
  out.seen.repetitions = all.repetitions.size();
  out.seen.foreign = all.foreign;
  out.seen.ratio = over(all, [&](const auto& r) { return rate(r[contender]) / rate(r[bound]); });
  out.seen.control =
      over(all, [&](const auto& r) { return rate(r[bound][1]) / rate(r[bound][0]); });
  out.seen.allocations_per_mrow =
      over(all, [&](const auto& r) {
        const outcome& o = r[contender].front();
        return 1e6 * static_cast<double>(o.allocations) / static_cast<double>(o.rows);
      }).median;
  out.wall_s = over(all, [&](const auto& r) { return r[contender].front().wall_s; }).median;
  out.cpu_s = over(all, [&](const auto& r) { return r[contender].front().cpu_s; }).median;
  out.bound_rows_per_s = over(all, [&](const auto& r) { return rate(r[bound]); }).median;
  const outcome& last = all.repetitions.back()[contender].back();
  out.rows = last.rows;
  out.latency_us = last.latency_us;
  out.result = last.result;
  out.ok = true;
  for (const auto& repetition : all.repetitions) {
    for (const std::size_t i : {contender, bound}) {
      for (const outcome& o : repetition[i]) out.ok = out.ok && o.result == expected[i];
    }
  }
  out.rss_mib = resident_mib();
  return out;
}

std::optional<verdict> verdict_of(const finding& f) {
  if (!f.line.gate) return std::nullopt;
  if (!f.ok) return verdict::fail;
  return judge(f.seen, *f.line.gate,
               f.line.judge_allocations ? std::optional{allocations_limit} : std::nullopt);
}

bool settled(const finding& f) { return f.judged != verdict::unresolved; }

}  // namespace

std::vector<std::size_t> shuffled(std::size_t contenders, const std::vector<bool>& twice,
                                  std::uint64_t seed) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < contenders; ++i) order.insert(order.end(), twice[i] ? 2 : 1, i);
  for (std::size_t left = order.size(); left > 1; --left) {
    std::swap(order[left - 1], order[scaled(mix(mix(seed) + left), left)]);
  }
  return order;
}

std::vector<finding> run_contest(const contest& c, std::size_t repetitions, bool judging,
                                 const observer& observe) {
  const std::vector<contender> all = c.prepare();
  std::vector<contender> needed;  // by a line that was asked for
  std::vector<bool> twice;
  const auto need = [&](const std::string& name, bool as_bound) {
    const auto known = std::find_if(needed.begin(), needed.end(),
                                    [&](const contender& n) { return n.name == name; });
    const auto at = static_cast<std::size_t>(known - needed.begin());
    if (known == needed.end()) {
      needed.push_back(all[index_of(all, name)]);
      twice.push_back(false);
    }
    twice[at] = twice[at] || as_bound;
  };
  for (const comparison& line : c.lines) {
    need(line.contender, /*as_bound=*/false);
    need(line.bound, /*as_bound=*/true);
  }

  std::vector<answer> expected;
  for (const contender& one : needed) expected.push_back(one.expected.value_or(c.expected));

  std::vector<finding> findings(c.lines.size());
  for (std::size_t attempt = 1; attempt <= most_attempts; ++attempt) {
    const record seen = repeat(needed, twice, mix(c.seed + attempt), repetitions, observe);
    for (std::size_t i = 0; i < c.lines.size(); ++i) {
      if (attempt > 1 && settled(findings[i])) continue;
      const comparison& line = c.lines[i];
      findings[i] = find(line, seen, index_of(needed, line.contender), index_of(needed, line.bound),
                         expected);
      findings[i].attempts = attempt;
      if (judging) findings[i].judged = verdict_of(findings[i]);
      if (attempt == most_attempts && !settled(findings[i])) findings[i].judged = verdict::fail;
    }
    if (std::all_of(findings.begin(), findings.end(), settled)) break;
  }
  return findings;
}

}  // namespace sluice::bench

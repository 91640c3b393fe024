#include "sluice/graph/settings_decision.hpp"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

namespace sluice {

namespace {

struct understood_candidate {
  const setting_candidate* given = nullptr;
  std::int64_t value = 0;
  std::string text;
};

using candidate_groups =
    std::map<std::pair<std::string, setting_id>, std::vector<understood_candidate>>;

std::string key_and_value(const understood_candidate& one) {
  return one.given->origin.key + " = " +
         format_value(*one.given->description, one.value, one.text) + " (" +
         place(one.given->origin) + ")";
}

class decision {
 public:
  decision(std::span<const setting_candidate> candidates, std::span<const sourced_problem> found,
           std::span<const idle_setting> idle, const variable_lookup& variable)
      : problems_(found.begin(), found.end()), idle_(idle), variable_(variable) {
    doubts_.incomplete = std::any_of(found.begin(), found.end(), [](const auto& one) {
      return one.problem.severity == problem_severity::error;
    });
    for (const auto& candidate : candidates) ranked_.push_back(&candidate);
    std::stable_sort(ranked_.begin(), ranked_.end(), [](auto a, auto b) {
      return std::tie(a->origin.layer, a->source) < std::tie(b->origin.layer, b->source);
    });
  }

  settings_reading decide() {
    for (auto& [key, group] : understand_all()) {
      report_twins(std::span(group));
      take_last(group);
    }
    for (auto& problem : check_settings(reading_.values, doubts_)) {
      auto origin = problem.origin;
      report(std::move(origin), std::move(problem));
    }
    for (const auto& setting : idle_) report_idle(setting);
    hand_over_problems();
    return std::move(reading_);
  }

 private:
  candidate_groups understand_all() {
    candidate_groups groups;
    for (auto candidate : ranked_) {
      auto understood = understand(*candidate->description, candidate->value, variable_);
      if (understood.value) {
        groups[{candidate->stage, candidate->description->id}].push_back(
            {candidate, *understood.value, understood.text});
      } else {
        doubts_.misread.insert(candidate->description->id);
        report(candidate->origin, error_saying(understood.wrong + ": " + candidate->origin.key +
                                                   " = " + candidate->value.shown,
                                               understood.hint));
      }
    }
    return groups;
  }

  // Two spellings of one setting with two values in one layer: the later one wins where there is an
  // order (P3).
  void report_twins(std::span<const understood_candidate> group) {
    for (std::size_t i = 0; i < group.size(); ++i) {
      auto layer = group[i].given->origin.layer;
      bool last = i + 1 == group.size() || group[i + 1].given->origin.layer != layer;
      for (std::size_t j = 0; last && j < i; ++j) {
        if (group[j].given->origin.layer == layer) report_twin(group[i], group[j]);
      }
    }
  }

  void report_twin(const understood_candidate& winner, const understood_candidate& loser) {
    const auto& origin = winner.given->origin;
    if (loser.given->origin.key == origin.key) return;
    if (loser.value == winner.value && loser.text == winner.text) return;
    if (origin.layer == setting_layer::environment) {
      report(origin, error_saying("two values for one setting: " + key_and_value(loser) + " and " +
                                      key_and_value(winner),
                                  "variables have no order: keep one"));
    } else {
      report(origin, warning_saying("two values for one setting: " + key_and_value(winner) +
                                    " wins over " + key_and_value(loser)));
    }
  }

  void take_last(const std::vector<understood_candidate>& group) {
    const auto& winner = group.back();
    setting entry{winner.given->description->id,
                  winner.given->stage,
                  winner.value,
                  winner.given->origin,
                  {},
                  winner.text};
    for (auto loser = group.rbegin() + 1; loser != group.rend(); ++loser) {
      entry.losers.push_back({loser->value, loser->given->origin, loser->text});
    }
    reading_.values.assign(std::move(entry));
  }

  void report_idle(const idle_setting& idle) {
    const auto* given = reading_.values.find(idle.id, idle.stage);
    if (!given) return;
    // Without policy `mini` the interval has been reported already.
    const bool interval = idle.id == setting_id::latency;
    if (interval && reading_.values.policy(idle.stage) != batch_policy::mini) return;
    report(given->origin,
           error_saying("setting without effect: " + given->origin.key + " = " +
                            format_value(describe(idle.id), given->value, given->text),
                        idle.why));
  }

  // Notes a problem of the candidate that came from `origin`.
  void report(setting_origin origin, config_problem problem) {
    problem.origin = std::move(origin);
    auto named = std::find_if(ranked_.begin(), ranked_.end(),
                              [&](auto candidate) { return candidate->origin == problem.origin; });
    std::size_t source = 0;
    if (named != ranked_.end()) {
      problem.source_line = (*named)->source_line;
      source = (*named)->source;
    }
    problems_.push_back({std::move(problem), source});
  }

  void hand_over_problems() {
    auto order = [](const sourced_problem& one) {
      const auto& origin = one.problem.origin;
      return std::tuple(origin.layer, one.source, origin.line, origin.column);
    };
    std::stable_sort(problems_.begin(), problems_.end(),
                     [&](const auto& a, const auto& b) { return order(a) < order(b); });
    for (auto& [problem, source] : problems_) {
      bool warning = problem.severity == problem_severity::warning;
      (warning ? reading_.warnings : reading_.errors).push_back(std::move(problem));
    }
  }

  std::vector<sourced_problem> problems_;
  std::span<const idle_setting> idle_;
  const variable_lookup& variable_;
  std::vector<const setting_candidate*> ranked_;
  setting_doubts doubts_;
  settings_reading reading_;
};

}  // namespace

settings_reading decide_settings(std::span<const setting_candidate> candidates,
                                 std::span<const sourced_problem> found,
                                 std::span<const idle_setting> idle,
                                 const variable_lookup& variable) {
  return decision(candidates, found, idle, variable).decide();
}

}  // namespace sluice

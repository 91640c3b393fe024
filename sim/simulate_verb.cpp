#include <chrono>
#include <cstdio>
#include <optional>
#include <string>
#include <utility>

#include "sluice/graph/graph_signature.hpp"
#include "sluice/graph/run_choices.hpp"
#include "sluice/graph/run_messages.hpp"
#include "sluice/graph/run_number_text.hpp"
#include "sluice/graph/run_settings.hpp"
#include "sluice/graph/run_verbs.hpp"
#include "sluice/graph/settings_nearest.hpp"
#include "sluice/sim/fault_names.hpp"
#include "sluice/sim/own_process.hpp"
#include "sluice/sim/seed_run.hpp"

namespace sluice {

namespace {

using namespace sim;
using steady = std::chrono::steady_clock;

constexpr int held = 0, broken = 1, wrong = 2;
constexpr unsigned most_seconds = 120;  // for one run; far more than any should take
constexpr std::uint64_t run_twice_every = 20;
constexpr const char* no_function =
    "code of the graph reads a clock, draws random numbers, or goes by the order of addresses";

// As a shell takes it for one word.
std::string quoted(const std::string& word) {
  if (!word.empty() && word.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                              "0123456789_-+=.,:/@%") == word.npos)
    return word;
  std::string all = "'";
  for (const char c : word) all += c == '\'' ? std::string{"'\\''"} : std::string(1, c);
  return all + "'";
}

// The command that runs `seed` alone, and the rest as it was.
std::string again(const command_line& line, std::uint64_t seed) {
  std::string text = line.program();
  const auto& words = line.arguments();
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i] == "--seeds" || words[i] == "--trace") {
      ++i;
      continue;
    }
    if (words[i].starts_with("--seeds=") || words[i].starts_with("--trace=")) continue;
    text += ' ' + quoted(words[i]);
  }
  const std::string number = std::to_string(seed);
  return text + " --seeds " + number + ".." + number;
}

struct sums {
  std::uint64_t seeds = 0;
  std::uint64_t commits = 0;
  std::uint64_t recoveries = 0;
  std::uint64_t restarts = 0;
  std::uint64_t virtual_us = 0;
  std::map<std::string, std::uint64_t> faults;

  void add(const seed_outcome& one) {
    ++seeds;
    commits += one.cuts.size();
    recoveries += one.recoveries;
    restarts += one.restarts;
    virtual_us += one.virtual_us;
    for (const auto& [kind, count] : one.faults) faults[kind] += count;
  }

  std::string text(double seconds) const {
    std::string injected;
    for (const std::string& kind : fault_names())
      if (const auto found = faults.find(kind); found != faults.end())
        injected += (injected.empty() ? "" : ", ") + grouped(found->second) + ' ' + kind;
    return counted(seeds, "seed") + ": " + counted(commits, "commit") + ", " +
           counted(recoveries, "rollback") + ", " + counted(restarts, "restart") + "; " +
           (injected.empty() ? "no faults" : "faults: " + injected) + "; " +
           clock_text(virtual_us / 1'000'000) + " simulated in " + decimal(seconds, 1) + " s";
  }
};

class simulation {
 public:
  simulation(const graph_description& g, const simulation_choices& chosen, seed_options options,
             simulation_inputs inputs)
      : g_(g), chosen_(chosen), options_(std::move(options)), inputs_(std::move(inputs)) {}

  /// What is wrong with `seed`; empty if nothing is.
  std::string run(std::uint64_t seed, sums& all) {
    const auto ran = apart([&] { return traced(seed); });
    if (!ran) return ran.failure().message;
    const seed_outcome& outcome = ran.value();
    all.add(outcome);
    if (!outcome.problem.empty()) return outcome.problem;
    const auto cuts = distinct(outcome.cuts);
    const auto calm = calmly(seed, seed, cuts);
    if (!calm) return "without faults: " + calm.failure().message;
    if (!calm.value().problem.empty()) return "without faults: " + calm.value().problem;
    const std::string other = difference(g_, outcome, calm.value());
    if (!other.empty()) return other + why(seed, cuts, calm.value());
    if (seed % run_twice_every != 0 && seed != chosen_.first_seed) return {};
    const auto twice = apart([&] { return run_seed(g_, inputs_, seed, options_); });
    if (!twice || twice.value().trace != outcome.trace ||
        !difference(g_, outcome, twice.value()).empty())
      return std::string{"the same seed runs differently the second time: "} + no_function;
    return {};
  }

  /// What is wrong with a run to which nothing happens.
  std::string run_once() {
    const auto calm = calmly(1, 1, {});
    if (!calm) return calm.failure().message;
    return calm.value().problem;
  }

 private:
  // Runs without faults may differ from `calm` just as well.
  std::string why(std::uint64_t seed, const std::vector<sealed_cut>& cuts,
                  const seed_outcome& calm) {
    const auto differs = [&](std::uint64_t order) {
      const auto other = calmly(seed, order, cuts);
      return other && other.value().problem.empty() && !difference(g_, calm, other.value()).empty();
    };
    if (differs(seed))
      return std::string{"\n  a run without faults differs the second time as well: "} +
             no_function;
    if (differs(seed + 1'000'003))
      return "\n  two runs without faults differ as well: the graph depends on the order in which "
             "rows of several channels arrive";
    return {};
  }
  // A graph may keep what it likes in memory: no run sees what another has left there.
  result<seed_outcome> apart(const std::function<seed_outcome()>& work) {
    auto said = in_own_process([&] { return bytes_of(work()); }, most_seconds);
    if (!said) return said.failure();
    return seed_outcome_of(said.value());
  }
  result<seed_outcome> calmly(std::uint64_t seed, std::uint64_t order,
                              const std::vector<sealed_cut>& cuts) {
    return apart([&] { return run_calmly(g_, inputs_, seed, order, options_, cuts); });
  }
  seed_outcome traced(std::uint64_t seed) {
    std::FILE* const tells =
        chosen_.trace.empty() ? nullptr : std::fopen(chosen_.trace.c_str(), "w");
    seed_outcome outcome = run_seed(g_, inputs_, seed, options_, tells);
    if (tells) {
      if (!outcome.problem.empty()) std::fprintf(tells, "%s\n", outcome.problem.c_str());
      std::fclose(tells);
    }
    return outcome;
  }

  const graph_description& g_;
  const simulation_choices& chosen_;
  seed_options options_;
  simulation_inputs inputs_;
};

std::string ends_text(const graph_description& g, const simulation_inputs& inputs) {
  std::string text;
  for (const auto& node : g.stages) {
    if (node.kind == stage_kind::source) {
      const input_rows& input = *inputs.at(node.name);
      text += "source " + node.name + " (" + node.what +
              "): " + (input.all ? "all " : "the first ") + counted(input.rows, "row") +
              (input.rejected > 0 ? ", " + grouped(input.rejected) + " rejected" : "") + "\n";
    } else if (node.kind == stage_kind::sink) {
      text += "sink " + node.name + " (" + node.what +
              "): is not opened; its rows are committed on a simulated disk\n";
    }
  }
  return text;
}

// Whether a trace can be written, before anything is run.
bool writable(const std::string& path) {
  std::FILE* const file = std::fopen(path.c_str(), "w");
  if (file) std::fclose(file);
  return file != nullptr;
}

}  // namespace

int simulate_verb(const graph& g, const command_line& line) {
  const run_messages say{line.choices()};
  const simulation_choices& chosen = line.choices().simulation;
  seed_options options;
  std::string unknown;
  if (!chosen.faults.empty()) {
    const auto asked = faults_called(chosen.faults, unknown);
    if (!asked) {
      const auto nearest = nearest_name(unknown, fault_names());
      say.error("unknown fault: " + unknown + (nearest ? " (did you mean " + *nearest + "?)" : ""));
      return wrong;
    }
    options.faults = *asked;
    if (chosen.faults == "none") options.most_faults = 0;
  }
  const auto usable = usable_settings(g, line.choices(), say);
  if (!usable) return wrong;
  options.chosen = *usable;
  options.nodes = static_cast<std::size_t>(chosen.nodes);
  const graph_description& description = g.description();
  const auto unsaved = check_savable(description);
  for (const auto& problem : unsaved) say.error(problem);
  if (!unsaved.empty()) return wrong;
  if (!chosen.trace.empty() && !writable(chosen.trace)) {
    say.error("cannot write the trace: " + chosen.trace);
    return wrong;
  }
  auto inputs = read_inputs(description, chosen.input_rows, std::chrono::seconds{5});
  if (!inputs) {
    say.error(inputs.failure().message);
    return wrong;
  }
  say.note(ends_text(description, inputs.value()) + "seeds " + std::to_string(chosen.first_seed) +
           ".." + std::to_string(chosen.last_seed));

  simulation simulated{description, chosen, options, std::move(inputs).value()};
  if (const std::string problem = simulated.run_once(); !problem.empty()) {
    say.error("the graph fails without any fault: " + problem);
    return broken;
  }
  sums all;
  const auto start = steady::now();
  const auto seconds = [&] { return std::chrono::duration<double>(steady::now() - start).count(); };
  double said_at = 0;
  for (std::uint64_t seed = chosen.first_seed; seed <= chosen.last_seed; ++seed) {
    if (const std::string problem = simulated.run(seed, all); !problem.empty()) {
      say.error("seed " + std::to_string(seed) + ": " + problem);
      say.notice(all.text(seconds()));
      std::printf("reproduce: %s\n", again(line, seed).c_str());
      return broken;
    }
    if (seconds() - said_at >= 2 && seed < chosen.last_seed) {
      said_at = seconds();
      say.note("seed " + std::to_string(seed) + " of " + std::to_string(chosen.last_seed) + ", " +
               grouped(all.commits) + " commits");
    }
  }
  std::printf("%s; every seed held\n", all.text(seconds()).c_str());
  return held;
}

}  // namespace sluice

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

#include "sluice/graph/bench_figures.hpp"
#include "sluice/graph/bench_sweep.hpp"
#include "sluice/graph/explain_plan.hpp"
#include "sluice/graph/run.hpp"
#include "sluice/graph/run_choices.hpp"
#include "sluice/graph/run_interruption.hpp"
#include "sluice/graph/run_settings.hpp"
#include "sluice/graph/run_verb_texts.hpp"
#include "sluice/graph/run_verbs.hpp"

namespace sluice {

namespace {

using clock = std::chrono::steady_clock;

constexpr int done = 0, failed = 1, not_started = 2, interrupted = 130;
constexpr int drain = 1, abort_now = 2;  // what a run may be told
constexpr int fewest_intervals = 3;      // in a run that is cut short

std::string machine_text() {
  std::string processor = "unknown processor";
  std::ifstream in{"/proc/cpuinfo"};
  for (std::string line; std::getline(in, line);)
    if (line.starts_with("model name")) {
      processor = line.substr(std::min(line.size(), line.find(':') + 2));
      break;
    }
  const auto mib = ::sysconf(_SC_PHYS_PAGES) / 1024 * (::sysconf(_SC_PAGESIZE) / 1024);
  return processor + ", " + std::to_string(::sysconf(_SC_NPROCESSORS_ONLN)) + " cores, " +
         std::to_string(mib / 1024) + " GiB";
}

// Stdout is for the figures: what sinks print goes nowhere while this lives.
class silent_stdout {
 public:
  silent_stdout() {
    std::fflush(stdout);
    kept_ = ::dup(STDOUT_FILENO);
    const int nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
    ::dup2(nowhere, STDOUT_FILENO);
    ::close(nowhere);
  }
  ~silent_stdout() {
    std::fflush(stdout);
    ::dup2(kept_, STDOUT_FILENO);
    ::close(kept_);
  }
  silent_stdout(const silent_stdout&) = delete;
  silent_stdout& operator=(const silent_stdout&) = delete;

 private:
  int kept_ = -1;
};

// A new folder in `directory`, gone at the end.
class scratch {
 public:
  explicit scratch(const std::string& directory) : path_(directory + "/sluice-bench-XXXXXX") {
    std::error_code unmade;
    std::filesystem::create_directories(directory, unmade);
    made_ = ::mkdtemp(path_.data()) != nullptr;
  }
  ~scratch() {
    std::error_code ignored;
    if (made_) std::filesystem::remove_all(path_, ignored);
  }
  scratch(const scratch&) = delete;
  scratch& operator=(const scratch&) = delete;

  bool made() const { return made_; }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
  bool made_ = false;
};

struct measured {
  std::optional<bench_figures> figures;
  std::string problem;  // if there are none
  bool began = false;
};

// Runs the graph with one value of the swept setting, for as long as it takes or `most` says.
measured measure(const graph& g, const settings& chosen, const bench_sweep::value& at,
                 const std::string& checkpoints, std::chrono::milliseconds most,
                 const interruption& stopping) {
  std::vector<std::uint64_t> done_ms;
  std::optional<clock::time_point> started;
  run_options options;
  options.checkpoints = checkpoints;
  options.on_start = [&] { started = clock::now(); };
  options.on_epoch = [&](epoch_id, std::uint64_t elapsed_ms) { done_ms.push_back(elapsed_ms); };
  options.interrupted = [&] {
    if (stopping.level() != 0) return stopping.level() == abort_now ? abort_now : drain;
    return most.count() != 0 && started && clock::now() - *started >= most ? drain : 0;
  };
  const silent_stdout quiet;
  const auto ran = run_graph(g, chosen, options);
  if (!ran) return {{}, ran.failure().message, started.has_value()};
  if (!ran.value().finished) return {{}, ran.value().failure, true};
  return {figures_of(at, ran.value(), done_ms), {}, true};
}

}  // namespace

int bench_verb(const graph& g, const command_line& line) {
  run_choices choices = line.choices();
  const run_messages say{choices};
  bench_sweep sweep = no_sweep();
  if (!choices.sweep.empty()) {
    auto read = read_bench_sweep(choices.sweep);
    if (!read) {
      say.error(line.program() + ": " + read.failure().message);
      return not_started;
    }
    sweep = std::move(read).value();
  }
  const auto usual = usable_settings(g, choices, say);
  if (!usual) return not_started;
  if (!usual->nodes().empty()) {
    say.error("several nodes are configured (cluster.nodes), and bench measures one process");
    return not_started;
  }
  // Every value is looked at before the first one is run.
  std::vector<settings> chosen;
  const auto given = choices.assignments;
  for (const auto& value : sweep.values) {
    choices.assignments = given;
    if (!sweep.key.empty())
      choices.assignments.push_back(sweep.key + "=" + std::to_string(value.number));
    settings_reading reading = read_settings(g, choices);
    for (const auto& problem : reading.errors) say.error(one_line(problem));
    if (!reading.errors.empty()) return not_started;
    chosen.push_back(std::move(reading.values));
  }
  const plan planned = make_plan(g.description(), *usual);
  const bench_facts facts{
      {"machine", machine_text()},
      {"built", built_with()},
      {"graph", start_line(g.description(), planned, *usual)},
      {"durable", choices.checkpoints.empty() ? "no checkpoints" : "checkpoints in a new folder"},
      {"seed", std::to_string(choices.seed)}};
  std::vector<std::optional<bench_figures>> points(sweep.values.size());
  const interruption stopping;
  std::size_t nth = 0;
  for (const std::size_t i : drawn_order(points.size(), choices.seed)) {
    const auto& value = sweep.values[i];
    say.note(std::to_string(++nth) + " of " + std::to_string(points.size()) + ": " + sweep.name +
             (sweep.name.empty() ? "" : " ") + value.shown);
    std::optional<scratch> folder;
    if (!choices.checkpoints.empty() && !folder.emplace(choices.checkpoints).made()) {
      say.error("no folder can be made in the checkpoint directory: " + choices.checkpoints);
      return not_started;
    }
    const auto most = choices.seconds == 0 ? std::chrono::milliseconds{0}
                                           : std::max<std::chrono::milliseconds>(
                                                 std::chrono::seconds{choices.seconds},
                                                 fewest_intervals * chosen[i].latency());
    const measured one =
        measure(g, chosen[i], value, folder ? folder->path() : std::string{}, most, stopping);
    if (stopping.level() != 0) break;
    if (!one.figures) {
      say.error((one.began ? "failed: " : "") + one.problem);
      return one.began ? failed : not_started;
    }
    points[i] = one.figures;
  }
  std::vector<bench_figures> found;
  for (auto& point : points)
    if (point) found.push_back(*point);
  std::fputs((choices.json ? bench_json : bench_text)(facts, sweep, found).c_str(), stdout);
  if (stopping.level() == 0) return done;
  say.notice("stopped: " + std::to_string(found.size()) + " of " + std::to_string(points.size()) +
             " were measured");
  return interrupted;
}

}  // namespace sluice

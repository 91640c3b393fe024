// MB: memory under a slow sink, in one process and across two. Rows of 100 bytes, one out for each
// in; the sink takes them freely at first, then at a tenth of that rate, then at a hundredth, then
// not at all, then freely again. What is queued and held must stay within the windows all the time.

#include <algorithm>
#include <chrono>
#include <cmath>
#include <fstream>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

#include <unistd.h>

#include "sluice/bench/harness/program.hpp"
#include "sluice/bench/harness/stopwatch.hpp"
#include "sluice/bench/inputs/checksum.hpp"
#include "sluice/bench/graphs/node_run.hpp"
#include "sluice/bench/graphs/shared_block.hpp"
#include "sluice/bench/graphs/slow_sink.hpp"
#include "sluice/bench/used_settings.hpp"
#include "sluice/operators/run_status.hpp"

namespace sluice::bench {
namespace {

using std::chrono::duration;
using std::chrono::milliseconds;
using steady = std::chrono::steady_clock;

constexpr double mib = 1 << 20;
constexpr std::size_t channels = 3;  // source, batcher, aggregator, sink
constexpr double most_growth_mib = 2 * channels * slow_window.bytes / mib + 16;
constexpr milliseconds sample_every{10};  // about what an empty window takes to fill

// Of this process and the one with number `other`, if there is one.
double resident(pid_t other) {
  double all = 0;
  for (const pid_t pid : {::getpid(), other}) {
    if (pid <= 0) continue;
    std::ifstream statm{"/proc/" + std::to_string(pid) + "/statm"};
    std::size_t total = 0, pages = 0;
    statm >> total >> pages;
    all += static_cast<double>(pages) * static_cast<double>(sysconf(_SC_PAGESIZE)) / mib;
  }
  return all;
}

struct sample {
  double at = 0;  // s
  std::uint64_t made = 0;
  std::uint64_t taken = 0;
  double resident_mib = 0;
};

// Watches a run until all phases are over, then ends it. The phases are those of the sink.
std::vector<sample> observe(slow_counters& run, const sink_phases& p, pid_t other) {
  while (run.sink_opened_ns == 0) std::this_thread::sleep_for(milliseconds{1});
  const steady::time_point start{std::chrono::nanoseconds{run.sink_opened_ns}};
  const auto end = start + p.free + p.tenth + p.hundredth + p.stopped + p.released;
  std::vector<sample> seen;
  for (auto next = start; next < end; next += sample_every) {
    std::this_thread::sleep_until(next);
    seen.push_back(
        {duration<double>(steady::now() - start).count(), run.made, run.taken, resident(other)});
  }
  run.over = true;
  return seen;
}

double seconds(milliseconds time) { return duration<double>(time).count(); }

// Rows a second between two samples.
double rate(const sample& from, const sample& to, std::uint64_t sample::*of) {
  return static_cast<double>(to.*of - from.*of) / (to.at - from.at);
}

const sample& sample_at(const std::vector<sample>& seen, double time) {
  const auto it =
      std::find_if(seen.begin(), seen.end(), [&](const sample& s) { return s.at >= time; });
  return it == seen.end() ? seen.back() : *it;
}

// Seconds from the first slow row until the source is down to the sink's rate for good: to the end
// of the phase it makes what the sink takes, within 2 % and the batch that either has in hand.
double settled_after(const std::vector<sample>& seen, const sink_phases& p) {
  const double slow = seconds(p.free), end = slow + seconds(p.tenth);
  const auto as_fast = [](const sample& from, const sample& to) {
    const auto made = static_cast<double>(to.made - from.made);
    const auto taken = static_cast<double>(to.taken - from.taken);
    return std::abs(made - taken) <= 0.02 * taken + 2 * slow_batch_rows;
  };
  for (auto from = seen.begin(); from != seen.end() && from->at < end; ++from) {
    if (from->at < slow) continue;
    auto to = from;
    while (to != seen.end() && to->at < end && as_fast(*from, *to)) ++to;
    if (to == seen.end() || to->at >= end) return from->at - slow;
  }
  return seconds(p.tenth);
}

// Seconds from the release until the sink, over a tenth of a second, takes 80 % of the free rate; a
// start that comes less than 20 ms late counts as none.
double full_speed_after(const std::vector<sample>& seen, const sink_phases& p) {
  const double released = seconds(p.free + p.tenth + p.hundredth + p.stopped);
  const double free = rate(seen.front(), sample_at(seen, seconds(p.free)), &sample::taken);
  for (double wait = 0; wait + 0.1 < seconds(p.released); wait += 0.01)
    if (rate(sample_at(seen, released + wait), sample_at(seen, released + wait + 0.1),
             &sample::taken) >= 0.8 * free)
      return wait;
  return seconds(p.released);
}

// The largest share of its window that was ever queued on a channel.
double fullest(const run_status& status) {
  double most = 0;
  for (const instance_status& one : status.instances)
    for (const credit& queued : one.most_queued)
      most = std::max({most, static_cast<double>(queued.rows) / slow_window.rows,
                       static_cast<double>(queued.bytes) / slow_window.bytes});
  return most;
}

// Channels whose counters are in `status`: those of other processes too.
std::size_t counted_channels(const run_status& status) {
  std::size_t all = 0;
  for (const instance_status& one : status.instances) all += one.most_queued.size();
  return all;
}

// The longest way of a marker from the source through a sink that takes a tenth, as a share of what
// is allowed: the time between two markers and that in which the sink takes one window.
double longest_transit(const slow_counters& run, const std::vector<sample>& seen,
                       const sink_phases& p) {
  const double from = seconds(p.free), to = from + seconds(p.tenth);
  const double slow_rate = rate(sample_at(seen, from), sample_at(seen, to), &sample::taken);
  const double row_bytes = 100;
  const double rows = std::min<double>(slow_window.rows, slow_window.bytes / row_bytes);
  const double allowed = static_cast<double>(default_interval_ms()) / 1000 + rows / slow_rate;
  const std::size_t markers = std::min<std::size_t>(run.passed.count, marker_times::most);
  double most = 0;
  for (std::size_t m = 0; m < markers; ++m) {
    const double at = 1e-9 * static_cast<double>(run.cut.ns[m] - run.sink_opened_ns);
    const double took = 1e-9 * static_cast<double>(run.passed.ns[m] - run.cut.ns[m]);
    if (at > from && at + took <= to) most = std::max(most, took);
  }
  return most / allowed;
}

std::vector<std::string> arguments_of(const sink_phases& p, const std::string& counters) {
  const auto ms = [](milliseconds time) { return std::to_string(time.count()); };
  return {"--counters",  counters,        "--free",    ms(p.free),    "--tenth",    ms(p.tenth),
          "--hundredth", ms(p.hundredth), "--stopped", ms(p.stopped), "--released", ms(p.released)};
}

trial_outcome run_phases(const sink_phases& plan, std::size_t processes) {
  const scratch_folder folder;
  const std::string file = folder.path("counters");
  const shared_block<slow_counters> counters{file};
  graph g{"slow sink"};
  compose_slow_sink(g, plan, *counters);

  std::optional<node_run> nodes;
  if (processes > 1) nodes.emplace(arguments_of(plan, file), processes);
  run_options alone;
  alone.checkpoints = folder.path("checkpoints");  // as with several processes
  run_options& options = nodes ? nodes->options() : alone;
  std::vector<sample> seen;
  std::jthread observer;
  double idle_mib = resident(0);
  const auto begin = [&] {
    const pid_t other = nodes ? nodes->others().front().second : 0;
    if (nodes) idle_mib = resident(other);
    observer = std::jthread{[&, other] { seen = observe(*counters, plan, other); }};
  };
  options.on_start = [&] {
    if (!nodes) begin();
  };
  options.on_generation = [&](const begun_generation&) {
    if (!observer.joinable()) begin();
  };
  stopwatch watch;
  watch.start();
  const run_status status = nodes ? nodes->run(g) : run_here(g, options);
  watch.stop();
  observer.join();

  double most_mib = 0;
  for (const sample& s : seen) most_mib = std::max(most_mib, s.resident_mib);
  trial_outcome out;
  out.run = {.rows = counters->made,
             .result = {.rows = counters->taken, .sums = {{"rows", counters->taken_sum}}},
             .wall_s = watch.wall_s(),
             .cpu_s = watch.cpu_s(),
             .allocations = watch.allocated()};
  out.figures = {fullest(status), most_mib - idle_mib, settled_after(seen, plan),
                 full_speed_after(seen, plan), longest_transit(*counters, seen, plan)};
  out.right = counted_channels(status) == channels && counters->made == counters->taken &&
              counters->made_sum == counters->taken_sum;
  return out;
}

std::vector<trial> slow_sinks(size s) {
  sink_phases plan;
  if (s == size::smoke)
    plan = {.free = milliseconds{500},
            .tenth = milliseconds{2000},
            .hundredth = milliseconds{500},
            .stopped = milliseconds{500},
            .released = milliseconds{500}};
  std::vector<trial> all;
  for (const std::size_t processes : {1, 2})
    all.push_back(
        {.variant = processes == 1 ? "100 bytes/one process" : "100 bytes/two processes, ipc",
         .limits = {{.measure = "fullest_window", .at_most = true, .gate = 1, .goal = 1},
                    {.measure = "growth_mib",
                     .at_most = true,
                     .gate = most_growth_mib,
                     .goal = channels * slow_window.bytes / mib + 4},
                    {.measure = "settled_s", .at_most = true, .gate = 1, .goal = 0.1},
                    {.measure = "full_speed_s", .at_most = true, .gate = 2},
                    {.measure = "marker_transit", .at_most = true, .gate = 1}},
         .emission = "R",
         .settings = used_settings(slow_batch_rows, 2, slow_window.rows).add("policy", "off"),
         .repetitions = 1,
         .warm_up = false,
         .run = [plan, processes] { return run_phases(plan, processes); }});
  return all;
}

// The process of the sink.
int node(int argc, char** argv) {
  std::string file;
  std::int64_t free = 0, tenth = 0, hundredth = 0, stopped = 0, released = 0;
  command_line flags{"One of the processes of bench_mb."};
  flags.option("counters FILE", file, "shared with the other")
      .option("free MS", free, "how long the sink takes all")
      .option("tenth MS", tenth, "… a tenth of that")
      .option("hundredth MS", hundredth, "… a hundredth")
      .option("stopped MS", stopped, "… nothing")
      .option("released MS", released, "… all again");
  if (const auto exit_code = flags.read(argc, argv)) return *exit_code;
  const shared_block<slow_counters> counters{file};
  graph g{"slow sink"};
  compose_slow_sink(g,
                    {milliseconds{free}, milliseconds{tenth}, milliseconds{hundredth},
                     milliseconds{stopped}, milliseconds{released}},
                    *counters);
  return run(g, flags);
}

}  // namespace
}  // namespace sluice::bench

int main(int argc, char** argv) {
  using namespace sluice::bench;
  if (is_node(argc, argv)) return node(argc, argv);
  return run_program({.bench = "MB", .placement = placement::as_started, .trials = slow_sinks},
                     argc, argv);
}

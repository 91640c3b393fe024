// RC: recovery. The keyed sum into files, exactly once, on three nodes: source, aggregator and
// sink. The nodes of aggregator and sink are killed in turns, at random moments; how long is it
// until the first commit after that, and is the output right in the end?

#include <algorithm>
#include <atomic>
#include <csignal>
#include <map>
#include <mutex>
#include <thread>

#include "sluice/bench/bounds/count_sum.hpp"
#include "sluice/bench/graphs/commit_graph.hpp"
#include "sluice/bench/harness/program.hpp"
#include "sluice/bench/harness/stopwatch.hpp"
#include "sluice/bench/graphs/keyed_files.hpp"
#include "sluice/bench/graphs/node_run.hpp"

namespace sluice::bench {
namespace {

using std::chrono::milliseconds;
using steady = std::chrono::steady_clock;

constexpr std::uint64_t seed = 42;
constexpr std::uint64_t pass_rows = 1'000'000;
constexpr int commits_between = 5;  // and up to a second more

double seconds(steady::duration time) { return std::chrono::duration<double>(time).count(); }

commit_run recovered_run(std::uint64_t keys, double rate) {
  return {.of = {.input = {distribution::uniform, keys, key_kind::opaque},
                 .rows = pass_rows,
                 .passes = 1'000'000,
                 .rate = rate},
          .interval = milliseconds{100}};
}

// One pass, in a plain loop.
answer plain_answer(const keyed_input& input) {
  const keyed_rows source{input};
  keyed_table<count_sum> table(changes::ignored);
  std::vector<std::uint64_t> keys(pass_rows);
  std::vector<std::int64_t> values(pass_rows);
  source.fill(0, keys, values);
  add_rows(table, keys, values);
  return take_answer(table);
}

struct recovery {
  steady::time_point killed{}, detected{}, begun{}, committed{};
};

// Kills nodes of a run and sees it go on. Told on threads of the run; kills on one of its own.
class killer {
 public:
  explicit killer(std::size_t kills) : left_(kills), thread_([this] { run(); }) {}
  ~killer() {
    over_ = true;
    thread_.join();
  }

  void running(const std::vector<std::pair<std::string, pid_t>>& nodes) {
    const std::lock_guard lock(mutex_);
    for (const auto& [node, pid] : nodes) pids_[node] = pid;
  }
  void detected() { mark(&recovery::detected); }
  void begun() { mark(&recovery::begun); }
  void committed() {
    const std::lock_guard lock(mutex_);
    ++commits_;
    if (!open_ || open_->begun == steady::time_point{}) return;
    open_->committed = steady::now();
    seen_.push_back(*open_);
    open_.reset();
    commits_ = 0;
  }
  // All have been killed, and some commits have followed.
  bool done() {
    const std::lock_guard lock(mutex_);
    return left_ == 0 && !open_ && commits_ >= commits_between;
  }
  const std::vector<recovery>& seen() const { return seen_; }

 private:
  void mark(steady::time_point recovery::*what) {
    const std::lock_guard lock(mutex_);
    if (open_ && (*open_).*what == steady::time_point{}) (*open_).*what = steady::now();
  }
  void run() {
    for (std::uint64_t n = 0; !over_;) {
      std::this_thread::sleep_for(milliseconds{10});
      {
        const std::lock_guard lock(mutex_);
        if (left_ == 0 || open_ || commits_ < commits_between) continue;
      }
      std::this_thread::sleep_for(milliseconds{scaled(mix(seed + n), 1000)});
      const std::lock_guard lock(mutex_);
      const pid_t victim = pids_[++n % 2 == 1 ? "node-2" : "node-3"];
      if (open_ || victim <= 0) continue;
      open_.emplace().killed = steady::now();
      ::kill(victim, SIGKILL);
      --left_;
    }
  }

  std::mutex mutex_;
  std::size_t left_;
  int commits_ = 0;  // since the last recovery
  std::map<std::string, pid_t> pids_;
  std::optional<recovery> open_;
  std::vector<recovery> seen_;
  std::atomic<bool> over_{false};
  std::thread thread_;
};

struct killed_run {
  outcome run;
  std::vector<recovery> seen;
  std::string placement;
};

// Runs until `over`, with `kills` of nodes.
killed_run run_nodes(const commit_run& how, std::size_t kills, const std::function<bool()>& over) {
  const scratch_folder folder;
  const std::string out = folder.path("out");
  const auto number = [](std::uint64_t n) { return std::to_string(n); };
  node_run nodes{{"--out", out, "--keys", number(how.of.input.keys), "--rate",
                  number(static_cast<std::uint64_t>(how.of.rate))},
                 3};
  killed_run seen;
  killer kill{kills};
  commit_run watched = how;
  watched.at_source.over = [&] { return over() && (kills == 0 || kill.done()); };
  graph g{"keyed sum into files"};
  compose_commits(g, watched, out, {});
  run_options& options = nodes.options();
  options.tend = [&nodes, &kill, tend = options.tend] {
    auto ended = tend();
    kill.running(nodes.others());
    return ended;
  };
  options.on_restart = [&](generation_id, const std::string&) { kill.detected(); };
  options.on_generation = [&](const begun_generation& begun) {
    seen.placement = begun.placement;
    kill.begun();
  };
  options.on_epoch = [&](epoch_id, std::uint64_t) { kill.committed(); };

  stopwatch watch;
  watch.start();
  const run_status status = nodes.run(g);
  watch.stop();
  seen.run = {.rows = status.instances.front().source.rows - how.of.warm_rows(),
              .result = folded_totals(out, how.of.warm),
              .wall_s = watch.wall_s(),
              .cpu_s = watch.cpu_s(),
              .allocations = watch.allocated()};
  seen.seen = kill.seen();
  return seen;
}

std::function<bool()> after(milliseconds time) {
  return [end = steady::now() + time] { return steady::now() >= end; };
}

double at_share(std::vector<double> of, double share) {
  if (of.empty()) return 1e9;
  std::sort(of.begin(), of.end());
  const auto at = static_cast<std::size_t>(share * static_cast<double>(of.size()));
  return of[std::min(at, of.size() - 1)];
}

trial_outcome kill_and_measure(std::uint64_t keys, std::size_t kills, milliseconds free_time) {
  const commit_run free = recovered_run(keys, 0);
  const outcome unhurt = run_nodes(free, 0, after(free_time)).run;
  const double rate = static_cast<double>(unhurt.rows) / unhurt.wall_s / 2;

  const killed_run hurt = run_nodes(recovered_run(keys, rate), kills, after(milliseconds{0}));
  std::vector<double> first_commit, gap, detected, begun;
  for (const recovery& one : hurt.seen) {
    first_commit.push_back(seconds(one.committed - one.killed));
    gap.push_back(1000 * seconds(one.committed - one.detected));
    detected.push_back(1000 * seconds(one.detected - one.killed));
    begun.push_back(1000 * seconds(one.begun - one.killed));
  }
  const answer one = plain_answer(free.of.input);
  trial_outcome out;
  out.run = hurt.run;
  out.figures = {at_share(first_commit, 0.5), at_share(first_commit, 0.99), at_share(gap, 0.99)};
  out.right = hurt.seen.size() == kills && hurt.run.rows % pass_rows == 0 &&
              hurt.run.result == times(one, hurt.run.rows / pass_rows);
  out.more.add("kills", hurt.seen.size())
      .add("rate", rate)
      .add("share_of_sustainable", 0.5)
      .add("detected_ms_p50", at_share(detected, 0.5))
      .add("begun_ms_p50", at_share(begun, 0.5))
      .add("gap_ms_p50", at_share(gap, 0.5))
      .add("placement", hurt.placement);
  return out;
}

std::vector<trial> recoveries(size s) {
  const std::size_t kills = s == size::smoke ? 2 : s == size::gate ? 20 : 40;
  const milliseconds free_time{s == size::smoke ? 500 : 5000};
  std::vector<trial> all;
  const auto add = [&](std::uint64_t keys, const char* name) {
    all.push_back(
        {.variant = std::string{name} + " keys/3 nodes/kill -9",
         .seed = seed,
         .limits =
             {{.measure = "first_commit_p50_s", .at_most = true, .gate = 1, .goal = 0.5},
              {.measure = "first_commit_p99_s", .at_most = true, .gate = 3, .goal = 1.5},
              {.measure = "gap_after_detection_p99_ms", .at_most = true, .gate = 500, .goal = 150}},
         .emission = "B",
         .guarantee = "exactly-once",
         .interval_ms = 100,
         .settings = json_object{}
                         .add("batch.rows", settings{}.batch_rows())
                         .add("window", settings{}.credit_rows())
                         .add("threads", 1)
                         .add("interval_ms", 100),
         .repetitions = 1,
         .warm_up = false,
         .run = [=] { return kill_and_measure(keys, kills, free_time); }});
  };
  if (s == size::smoke) {
    add(1'000, "1k");
  } else {
    add(1'000'000, "1M");
  }
  if (s == size::full) {
    add(1'000, "1k");
    add(10'000'000, "10M");
  }
  return all;
}

// One of the other nodes.
int node(int argc, char** argv) {
  std::string out;
  std::uint64_t keys = 0, rate = 0;
  command_line flags{"One of the processes of bench_rc."};
  flags.option("out DIR", out, "where the totals go")
      .option("keys N", keys, "different keys")
      .option("rate N", rate, "rows a second");
  if (const auto exit_code = flags.read(argc, argv)) return *exit_code;
  graph g{"keyed sum into files"};
  compose_commits(g, recovered_run(keys, static_cast<double>(rate)), out, {});
  return run(g, flags);
}

}  // namespace
}  // namespace sluice::bench

int main(int argc, char** argv) {
  using namespace sluice::bench;
  if (is_node(argc, argv)) return node(argc, argv);
  return run_program({.bench = "RC", .placement = placement::as_started, .trials = recoveries},
                     argc, argv);
}

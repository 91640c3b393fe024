// CP: what a commit costs. The keyed sum, keys that changed into files at every marker, exactly
// once with a checkpoint at each: against the same graph without checkpoints, and against one loop
// that writes the same bytes; and how long batches and rows wait for it at 80 % load.

#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "sluice/bench/graphs/commit_graph.hpp"
#include "sluice/bench/harness/latency.hpp"
#include "sluice/bench/harness/program.hpp"
#include "sluice/bench/inputs/keyed_answers.hpp"
#include "sluice/bench/graphs/keyed_files.hpp"
#include "sluice/records/assert.hpp"

namespace sluice::bench {
namespace {

using std::chrono::milliseconds;
using steady = std::chrono::steady_clock;

std::string to_text(milliseconds time) {
  return time < milliseconds{1000} ? std::to_string(time.count()) + "ms"
                                   : std::to_string(time.count() / 1000) + "s";
}

json_object settings_of(milliseconds interval) {
  return json_object{}
      .add("batch.rows", settings{}.batch_rows())
      .add("window", settings{}.credit_rows())
      .add("threads", 1)
      .add("interval_ms", interval.count());
}

keyed_input keys(std::uint64_t count) { return {distribution::uniform, count, key_kind::opaque}; }

// Rows of which the answer is listed, so often.
struct stretch {
  std::uint64_t rows = 0;
  std::uint64_t passes = 1;
};

contest committing(std::uint64_t key_count, milliseconds interval, stretch of, bool gated,
                   std::optional<std::size_t> repetitions) {
  const keyed_input input = keys(key_count);
  const auto one = keyed_answer(input, of.rows);
  SLUICE_ASSERT(one, "the answer of every size is listed");
  const std::string name = to_string(input) + "/B/" + to_text(interval);
  const auto line = [&](const std::string& bound, std::optional<double> gate,
                        std::optional<double> goal) {
    return comparison{.variant = name + "/on to " + bound,
                      .contender = "on",
                      .bound = bound,
                      .gate = gated ? gate : std::nullopt,
                      .goal = goal,
                      .emission = "B",
                      .guarantee = "exactly-once",
                      .interval_ms = static_cast<std::uint64_t>(interval.count()),
                      .settings = settings_of(interval),
                      .judge_allocations = false};  // docs/decisions/allocations.md
  };
  const commit_run on{.of = {.input = input, .rows = of.rows, .passes = of.passes},
                      .interval = interval};
  return {.name = name,
          .expected = times(*one, of.passes),
          .lines = {line("off", 0.85, 0.98), line("write", 0.80, 0.90)},
          .repetitions = repetitions,
          .prepare = [=] {
            commit_run off = on;
            off.commits = false;
            const buffer_pool pool;
            return std::vector<contender>{{"on", [=] { return run_commits(on, pool); }},
                                          {"off", [=] { return run_commits(off, pool); }},
                                          {"write", [=] { return write_commits(on, pool); }}};
          }};
}

std::vector<contest> contests_of(size s) {
  constexpr std::uint64_t million = 1'000'000, most = std::uint64_t{1} << 25;
  constexpr milliseconds often{100}, seldom{10'000};
  std::vector<contest> all;
  const auto add = [&](std::uint64_t key_count, milliseconds interval, stretch of,
                       std::optional<std::size_t> repetitions = {}) {
    all.push_back(committing(key_count, interval, of,
                             interval == (key_count < million ? often : seldom), repetitions));
  };
  if (s == size::smoke) {
    for (const std::uint64_t key_count : {1'000, 100'000})
      add(key_count, milliseconds{50}, {million, 2});
    return all;
  }
  for (const std::uint64_t key_count : {1'000, 100'000}) add(key_count, often, {most, 4});
  add(10 * million, seldom, {most, 12}, 3);
  if (s != size::full) return all;
  for (const milliseconds interval : {milliseconds{10}, milliseconds{1000}, seldom})
    for (const std::uint64_t key_count : {1'000, 100'000})
      add(key_count, interval, {most, interval < seldom ? 4u : 48u}, 3);
  for (const milliseconds interval : {often, milliseconds{1000}})
    add(10 * million, interval, {most, 4}, 3);
  return all;
}

// Waits of one run, from what source and sink tell. With one worker whatever holds up any actor
// holds up the source: its longest gap between two batches, once an interval, is the stall.
class waits {
 public:
  waits(steady_time start, steady::duration interval)
      : interval_(interval), gaps_(start), commits_(start) {}

  // On the thread of the source.
  void batch() {
    const auto now = steady::now();
    if (last_ != steady_time{} && now - last_ > longest_) {
      longest_ = now - last_;
      longest_from_ = last_;
    }
    last_ = now;
    if (now < look_at_) return;
    look_at_ = now + interval_;
    if (longest_ > steady::duration{}) gaps_.add(longest_from_, longest_from_ + longest_);
    longest_ = {};
  }
  void cut() {
    const std::lock_guard lock(mutex_);
    cuts_.push_back(steady::now());
  }
  // On that of the writer. Epochs are committed in the order of their cuts.
  void visible() {
    const std::lock_guard lock(mutex_);
    if (cuts_.empty()) return;
    commits_.add(cuts_.front(), steady::now());
    cuts_.pop_front();
  }

  const latency_record& gaps() const { return gaps_; }
  const latency_record& commits() const { return commits_; }

 private:
  steady::duration interval_;
  latency_record gaps_, commits_;
  steady_time last_, longest_from_, look_at_;
  steady::duration longest_{};
  std::mutex mutex_;
  std::deque<steady_time> cuts_;
};

// Runs for so long, from its first timed row, at so many rows a second.
outcome run_for(commit_run how, milliseconds time, double rate, waits* seen) {
  how.of.rate = rate;
  how.at_source.over = [time, end = steady_time{}]() mutable {
    if (end == steady_time{}) end = steady::now() + time;
    return steady::now() >= end;
  };
  if (seen) {
    how.at_source.timed_row = [seen] { seen->batch(); };
    how.at_source.cut = [seen] { seen->cut(); };
    how.visible = [seen] { seen->visible(); };
  }
  return run_commits(how, {});
}

trial_outcome run_under_load(const commit_run& how, const answer& one, milliseconds time) {
  const outcome free = run_for(how, time / 10, 0, nullptr);
  const double rate = 0.8 * static_cast<double>(free.rows) / free.wall_s;
  const milliseconds warm_up = time / 10;
  commit_run off = how;  // what a marker costs without a commit
  off.commits = false;
  waits seen_off{steady::now() + warm_up, how.interval};
  static_cast<void>(run_for(off, time / 4 + warm_up, rate, &seen_off));

  const auto start = steady::now() + warm_up;
  waits seen{start, how.interval};
  hiccup_watch hiccups;
  trial_outcome out;
  out.run = run_for(how, time + warm_up, rate, &seen);
  hiccups.stop();
  const std::size_t timed = std::max(seen.commits().timed_seconds(), seen.gaps().timed_seconds());
  const auto valid = hiccups.quiet_seconds(start, timed);
  const std::vector<bool> all(timed, true);
  const auto quiet = static_cast<std::size_t>(std::count(valid.begin(), valid.end(), true));
  const auto in_ms = [&](const latency_record& of, double share) {
    return of.at_share(share, valid).value_or(of.at_share(share, all).value_or(1e9)) / 1000;
  };
  out.run.latency_us = seen.commits().summary(valid);
  out.figures = {in_ms(seen.gaps(), 0.999), in_ms(seen.commits(), 0.5)};
  out.right =
      out.run.rows % how.of.rows == 0 && out.run.result == times(one, out.run.rows / how.of.rows);
  out.resolved = 2 * quiet >= valid.size();
  out.more.add("rate", rate)
      .add("share_of_sustainable", 0.8)
      .add("stall_us", seen.gaps().summary(valid))
      .add("stall_us_all_seconds", seen.gaps().summary(all))
      .add("stall_us_without_commits",
           seen_off.gaps().summary(std::vector<bool>(seen_off.gaps().timed_seconds(), true)));
  return out;
}

std::vector<trial> trials_of(size s) {
  const milliseconds time = s == size::smoke ? milliseconds{2000} : milliseconds{60'000};
  constexpr milliseconds interval{100};
  std::vector<trial> all;
  for (const std::uint64_t key_count : {1'000, 100'000}) {
    const keyed_input input = keys(key_count);
    const std::uint64_t pass = 1'000'000;
    const auto one = keyed_answer(input, pass);
    SLUICE_ASSERT(one, "the answer of a pass is listed");
    const commit_run how{.of = {.input = input, .rows = pass, .passes = 1'000'000},
                         .interval = interval};
    all.push_back({.variant = to_string(input) + "/B/" + to_text(interval) + "/80 % load",
                   .limits = {{.measure = "stall_p999_ms", .at_most = true, .gate = 5, .goal = 1.2},
                              {.measure = "commit_p50_ms", .at_most = true, .gate = 31, .goal = 6}},
                   .emission = "B",
                   .guarantee = "exactly-once",
                   .interval_ms = static_cast<std::uint64_t>(interval.count()),
                   .settings = settings_of(interval),
                   .repetitions = 1,
                   .warm_up = false,
                   .run = [=] { return run_under_load(how, *one, time); }});
  }
  return all;
}

}  // namespace
}  // namespace sluice::bench

int main(int argc, char** argv) {
  using namespace sluice::bench;
  return run_program({.bench = "CP",
                      .placement = placement::as_started,
                      .contests = contests_of,
                      .trials = trials_of},
                     argc, argv);
}

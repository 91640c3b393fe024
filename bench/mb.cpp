// MB: memory under a slow sink. Rows of 100 bytes, one out for each in; the sink
// takes them freely at first, then at a tenth of that rate, then at a hundredth, then not at all,
// then freely again. What is queued and held must stay within the windows all the time.

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

#include <unistd.h>

#include "sluice/bench/harness/program.hpp"
#include "sluice/bench/harness/stopwatch.hpp"
#include "sluice/bench/inputs/checksum.hpp"
#include "sluice/bench/inputs/keyed_rows.hpp"
#include "sluice/bench/used_settings.hpp"
#include "sluice/graph/run.hpp"
#include "sluice/graph/settings.hpp"
#include "sluice/operators/run_status.hpp"
#include "sluice/sluice.hpp"

namespace sluice::bench {

/// A row of 100 bytes.
struct wide_row {
  std::uint64_t number;
  std::uint64_t key;
  std::int64_t value;
  std::uint64_t a, b, c, d, e, f, g, h, i;
  std::uint32_t j;
};
SLUICE_RECORD(wide_row, number, key, value, a, b, c, d, e, f, g, h, i, j);

namespace {

using std::chrono::duration;
using std::chrono::milliseconds;
using steady = std::chrono::steady_clock;

constexpr double mib = 1 << 20;
constexpr credit window{.rows = 65'536, .bytes = 2 << 20};
constexpr std::size_t channels = 3;  // source, batcher, aggregator, sink
constexpr double most_growth_mib = 2 * channels * window.bytes / mib + 16;
constexpr std::size_t batch_rows = 8192;
constexpr milliseconds sample_every{10};  // about what an empty window takes to fill

// How long the sink does what.
struct phases {
  milliseconds free{2000};
  milliseconds tenth{60'000};
  milliseconds hundredth{10'000};
  milliseconds stopped{30'000};
  milliseconds released{5000};
};

double resident() {
  std::ifstream statm{"/proc/self/statm"};
  std::size_t total = 0, pages = 0;
  statm >> total >> pages;
  return static_cast<double>(pages) * static_cast<double>(sysconf(_SC_PAGESIZE)) / mib;
}

// What source, sink and observer of one run share.
struct shared_run {
  phases plan;
  std::atomic<std::uint64_t> made{0};
  std::atomic<std::uint64_t> taken{0};
  std::atomic<bool> over{false};
  std::uint64_t made_sum = 0;
  std::uint64_t taken_sum = 0;
};

class wide_reader final : public source_reader {
 public:
  wide_reader(std::shared_ptr<shared_run> run, const source_context& at)
      : run_(std::move(run)), out_(at.pool, at.bounds) {}

  result<read_batch> read() override {
    if (run_->over) return read_batch{nullptr, read_state::end};
    wide_row row{};
    for (row.number = next_; !out_.full_for(row); row.number = ++next_) {
      const std::uint64_t x = mix(42 + row.number);
      row.key = mix(scaled(x, 1000));
      row.value = static_cast<std::int64_t>(x & 0xffff);
      run_->made_sum += mix(row.number) ^ static_cast<std::uint64_t>(row.value);
      out_.push(row);
    }
    run_->made = next_;
    return read_batch{out_.take(), read_state::more};
  }

 private:
  std::shared_ptr<shared_run> run_;
  batch_builder<wide_row> out_;
  std::uint64_t next_ = 0;
};

struct wide_source {
  using record_type = wide_row;
  std::shared_ptr<shared_run> run;

  result<std::unique_ptr<source_reader>> open(const source_context& at) const {
    return std::make_unique<wide_reader>(run, at);
  }
  std::string describe() const { return "rows of 100 bytes"; }
};

// Takes rows at the rate of the phase it is in; the free rate is what it saw in the first.
class slow_writer final : public sink_writer {
 public:
  explicit slow_writer(std::shared_ptr<shared_run> run) : run_(std::move(run)) {
    const phases& plan = run_->plan;
    tenth_ = start_ + plan.free;
    hundredth_ = tenth_ + plan.tenth;
    stopped_ = hundredth_ + plan.hundredth;
    released_ = stopped_ + plan.stopped;
  }

  result<void> write(const column_batch& results) override {
    const auto now = steady::now();
    if (now >= tenth_ && now < stopped_) {
      if (free_rate_ == 0) free_rate_ = static_cast<double>(run_->taken) / seconds_since(start_);
      const double rate = free_rate_ / (now < hundredth_ ? 10 : 100);
      next_ = std::max(next_, now) + std::chrono::duration_cast<steady::duration>(duration<double>(
                                         static_cast<double>(results.size()) / rate));
      std::this_thread::sleep_until(std::min(next_, stopped_));
    } else if (now >= stopped_ && now < released_) {
      std::this_thread::sleep_until(released_);
    }
    const batch<wide_row> rows{results};
    const auto numbers = rows.column(&wide_row::number);
    const auto values = rows.column(&wide_row::value);
    for (std::size_t i = 0; i < rows.size(); ++i)
      run_->taken_sum += mix(numbers[i]) ^ static_cast<std::uint64_t>(values[i]);
    run_->taken += rows.size();
    return {};
  }
  result<void> flush(epoch_id) override { return {}; }

 private:
  static double seconds_since(steady::time_point then) {
    return duration<double>(steady::now() - then).count();
  }

  std::shared_ptr<shared_run> run_;
  steady::time_point start_ = steady::now();
  steady::time_point tenth_, hundredth_, stopped_, released_, next_;
  double free_rate_ = 0;  // rows a second
};

struct slow_sink {
  std::shared_ptr<shared_run> run;

  result<std::unique_ptr<sink_writer>> open(const sink_context&) const {
    return std::make_unique<slow_writer>(run);
  }
  std::string describe() const { return "a slow one"; }
};

struct sample {
  double at = 0;  // s
  std::uint64_t made = 0;
  std::uint64_t taken = 0;
  double resident_mib = 0;
};

// Watches a run until all phases are over, then ends it.
std::vector<sample> observe(shared_run& run) {
  const phases& p = run.plan;
  const auto start = steady::now();
  const auto end = start + p.free + p.tenth + p.hundredth + p.stopped + p.released;
  std::vector<sample> seen;
  for (auto next = start; next < end; next += sample_every) {
    std::this_thread::sleep_until(next);
    seen.push_back(
        {duration<double>(steady::now() - start).count(), run.made, run.taken, resident()});
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
double settled_after(const std::vector<sample>& seen, const phases& p) {
  const double slow = seconds(p.free), end = slow + seconds(p.tenth);
  const auto as_fast = [](const sample& from, const sample& to) {
    const auto made = static_cast<double>(to.made - from.made);
    const auto taken = static_cast<double>(to.taken - from.taken);
    return std::abs(made - taken) <= 0.02 * taken + 2 * batch_rows;
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
double full_speed_after(const std::vector<sample>& seen, const phases& p) {
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
      most = std::max({most, static_cast<double>(queued.rows) / window.rows,
                       static_cast<double>(queued.bytes) / window.bytes});
  return most;
}

struct running {
  std::uint64_t rows = 0;
};

trial_outcome run_phases(const phases& plan) {
  const auto run = std::make_shared<shared_run>();
  run->plan = plan;
  graph g{"slow sink"};
  g.policy(batch_policy::off)
      .set("batch.rows", static_cast<std::int64_t>(batch_rows))
      .set("credit.rows", static_cast<std::int64_t>(window.rows))
      .set("credit.max_bytes", static_cast<std::int64_t>(window.bytes))
      .set("scheduler.threads", 2);  // the sink sleeps on one of them
  g.source("rows", wide_source{run})
      .key_by(&wide_row::key)
      .scan<running>("count",
                     [](running& so_far, const wide_row& row, rows<wide_row> out) {
                       wide_row made = row;
                       made.a = ++so_far.rows;
                       out.push(made);
                     })
      .sink("slow", slow_sink{run});

  std::vector<sample> seen;
  const double idle_mib = resident();
  std::thread observer;
  stopwatch watch;
  watch.start();
  run_options options;
  options.on_start = [&] { observer = std::thread{[&] { seen = observe(*run); }}; };
  const auto ended = run_graph(g, settings_in_code(g), options);
  watch.stop();
  if (observer.joinable()) observer.join();
  if (!ended) throw std::runtime_error(ended.failure().message);
  if (!ended.value().finished) throw std::runtime_error(ended.value().failure);

  double most_mib = 0;
  for (const sample& s : seen) most_mib = std::max(most_mib, s.resident_mib);
  return {.run = {.rows = run->made,
                  .result = {.rows = run->taken, .sums = {{"rows", run->taken_sum}}},
                  .wall_s = watch.wall_s(),
                  .cpu_s = watch.cpu_s(),
                  .allocations = watch.allocated()},
          .figures = {fullest(ended.value()), most_mib - idle_mib, settled_after(seen, plan),
                      full_speed_after(seen, plan)},
          .right = run->made == run->taken && run->made_sum == run->taken_sum};
}

std::vector<trial> slow_sinks(size s) {
  phases plan;
  if (s == size::smoke)
    plan = {.free = milliseconds{500},
            .tenth = milliseconds{2000},
            .hundredth = milliseconds{500},
            .stopped = milliseconds{500},
            .released = milliseconds{500}};
  return {{.variant = "100 bytes/one process",
           .limits = {{.measure = "fullest_window", .at_most = true, .gate = 1, .goal = 1},
                      {.measure = "growth_mib",
                       .at_most = true,
                       .gate = most_growth_mib,
                       .goal = channels * window.bytes / mib + 4},
                      {.measure = "settled_s", .at_most = true, .gate = 1, .goal = 0.1},
                      {.measure = "full_speed_s", .at_most = true, .gate = 2}},
           .emission = "R",
           .settings = used_settings(batch_rows, 2, window.rows).add("policy", "off"),
           .repetitions = 1,
           .warm_up = false,
           .run = [plan] { return run_phases(plan); }}};
}

}  // namespace
}  // namespace sluice::bench

int main(int argc, char** argv) {
  return sluice::bench::run_program({.bench = "MB",
                                     .placement = sluice::bench::placement::as_started,
                                     .trials = sluice::bench::slow_sinks},
                                    argc, argv);
}

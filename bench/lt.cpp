// LT: how long a row takes through the keyed sum at a fixed rate, policy `off`.
// Open loop: a row is due at its time whether or not anybody is ready for it, and its wait counts
// from then until the sink is called with its result.

#include <algorithm>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

#include "sluice/apps/fraud/wake_timer.hpp"
#include "sluice/bench/bounds/count_sum.hpp"
#include "sluice/bench/harness/latency.hpp"
#include "sluice/bench/harness/program.hpp"
#include "sluice/bench/harness/stopwatch.hpp"
#include "sluice/bench/used_settings.hpp"
#include "sluice/graph/run.hpp"
#include "sluice/graph/settings.hpp"
#include "sluice/operators/run_status.hpp"
#include "sluice/sluice.hpp"

namespace sluice::bench {

/// A row that knows when it was due, in ns of the steady clock …
struct due_row {
  std::uint64_t key;
  std::int64_t value;
  std::int64_t due;
};
SLUICE_RECORD(due_row, key, value, due);

/// … and the result it made.
struct due_total {
  std::uint64_t key;
  std::uint64_t count;
  std::int64_t sum;
  std::int64_t due;
};
SLUICE_RECORD(due_total, key, count, sum, due);

namespace {

using std::chrono::nanoseconds;
using std::chrono::seconds;

constexpr std::uint64_t recorded_every = 64;

struct schedule {
  keyed_input input{distribution::zipf, 100'000, key_kind::opaque};
  std::uint64_t rate = 10'000;  // rows a second
  seconds warm_up{10};
  seconds timed{60};

  std::uint64_t rows() const {
    return rate * static_cast<std::uint64_t>((warm_up + timed).count());
  }
};

// What source and sink of one run share.
struct shared_run {
  schedule plan;
  steady_time start{};  // the first row is due; set when the source is opened
  std::unique_ptr<latency_record> waits;
  std::vector<count_sum> totals;  // by key id, as the sink saw them last
  std::uint64_t seen = 0;
};

steady_time at(std::int64_t ns) { return steady_time{nanoseconds{ns}}; }

class due_reader final : public source_reader {
 public:
  due_reader(std::shared_ptr<shared_run> run, const source_context& at)
      : run_(std::move(run)), rows_(run_->plan.input), pool_(at.pool) {}

  result<read_batch> read() override {
    const schedule& plan = run_->plan;
    const auto now = std::chrono::steady_clock::now();
    if (next_ == 0 && run_->start == steady_time{}) begin(now);
    const auto passed = static_cast<std::uint64_t>(nanoseconds{now - run_->start}.count());
    const std::uint64_t due = std::min(passed * plan.rate / 1'000'000'000 + 1, plan.rows());
    const std::size_t count =
        std::min<std::uint64_t>(due - next_, 1);  // each with a result of its own
    if (count == 0) {
      const auto wait = due_at(next_) - std::chrono::steady_clock::now();
      timer_.set(std::max(std::chrono::ceil<std::chrono::microseconds>(wait),
                          std::chrono::microseconds{1}));
      return read_batch{nullptr, read_state::idle};
    }
    auto made = std::make_shared<column_batch>(schema_of<due_row>(), pool_, count);
    rows_.fill(next_, {made->values<std::uint64_t>(0), count},
               {made->values<std::int64_t>(1), count});
    for (std::size_t i = 0; i < count; ++i)
      made->values<std::int64_t>(2)[i] = due_at(next_ + i).time_since_epoch().count();
    made->resize(count);
    next_ += count;
    return read_batch{std::move(made), next_ == plan.rows() ? read_state::end : read_state::more};
  }
  int wake_descriptor() const override { return timer_.descriptor(); }

 private:
  void begin(steady_time now) {
    run_->start = now;
    run_->waits = std::make_unique<latency_record>(now + run_->plan.warm_up);
  }
  steady_time due_at(std::uint64_t row) const {
    return run_->start + nanoseconds{row * 1'000'000'000 / run_->plan.rate};
  }

  std::shared_ptr<shared_run> run_;
  keyed_rows rows_;
  buffer_pool pool_;
  fraud::wake_timer timer_;
  std::uint64_t next_ = 0;
};

struct due_source {
  using record_type = due_row;
  std::shared_ptr<shared_run> run;

  result<std::unique_ptr<source_reader>> open(const source_context& at) const {
    return std::make_unique<due_reader>(run, at);
  }
  std::string describe() const { return "rows of the keyed sum, in time"; }
};

class wait_writer final : public sink_writer {
 public:
  explicit wait_writer(std::shared_ptr<shared_run> run) : run_(std::move(run)) {
    const keyed_rows source{run_->plan.input};
    for (std::uint64_t id = 0; id < run_->plan.input.keys; ++id) keys_.push_back(source.key_of(id));
    for (std::uint64_t id = 0; id < keys_.size(); ++id) ids_.push_back(id);
    std::sort(ids_.begin(), ids_.end(), [this](auto a, auto b) { return keys_[a] < keys_[b]; });
    std::sort(keys_.begin(), keys_.end());
    run_->totals.assign(keys_.size(), {});
  }

  result<void> write(const column_batch& results) override {
    const auto now = std::chrono::steady_clock::now();
    const batch<due_total> rows{results};
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const due_total row = rows[i];
      const auto found = std::lower_bound(keys_.begin(), keys_.end(), row.key);
      run_->totals[ids_[static_cast<std::size_t>(found - keys_.begin())]] = {row.count, row.sum};
      if (run_->seen++ % recorded_every == 0) run_->waits->add(at(row.due), now);
    }
    return {};
  }
  result<void> flush(epoch_id) override { return {}; }

 private:
  std::shared_ptr<shared_run> run_;
  std::vector<std::uint64_t> keys_;  // sorted
  std::vector<std::uint64_t> ids_;   // of them
};

struct wait_sink {
  std::shared_ptr<shared_run> run;

  result<std::unique_ptr<sink_writer>> open(const sink_context&) const {
    return std::make_unique<wait_writer>(run);
  }
  std::string describe() const { return "waits"; }
};

// What the totals must be, by a plain loop.
std::vector<count_sum> expected_totals(const schedule& plan) {
  const keyed_rows source{{plan.input.spread, plan.input.keys, key_kind::dense}};
  std::vector<std::uint64_t> ids(plan.rows());
  std::vector<std::int64_t> values(plan.rows());
  source.fill(0, ids, values);
  std::vector<count_sum> totals(plan.input.keys);
  for (std::size_t i = 0; i < ids.size(); ++i) add_row{values.data()}(totals[ids[i]], i);
  return totals;
}

trial_outcome run_schedule(const schedule& plan) {
  const auto run = std::make_shared<shared_run>();
  run->plan = plan;
  graph g{"latency"};
  g.policy(batch_policy::off).set("scheduler.threads", 1);
  g.source("rows", due_source{run})
      .key_by(&due_row::key)
      .aggregate<due_total>("sum", count(), sum(&due_row::value), max(&due_row::due), emit::updates)
      .sink("waits", wait_sink{run});

  hiccup_watch hiccups;
  stopwatch watch;
  watch.start();
  const auto ended = run_graph(g, settings_in_code(g));
  watch.stop();
  hiccups.stop();
  if (!ended) throw std::runtime_error(ended.failure().message);
  if (!ended.value().finished) throw std::runtime_error(ended.value().failure);

  const std::size_t timed = run->waits->timed_seconds();
  const auto valid = hiccups.quiet_seconds(run->start + plan.warm_up, timed);
  const auto valid_seconds = static_cast<std::size_t>(std::count(valid.begin(), valid.end(), true));
  const std::vector<bool> all(timed, true);
  const double cpu_share =
      watch.cpu_s() / watch.wall_s() / std::max(1u, std::thread::hardware_concurrency());
  keyed_sums sums;
  const keyed_rows source{plan.input};
  for (std::uint64_t id = 0; id < run->totals.size(); ++id)
    sums.add(source.key_of(id), run->totals[id].count, run->totals[id].sum);
  return {.run = {.rows = plan.rows(),
                  .result = sums.result(),
                  .wall_s = watch.wall_s(),
                  .cpu_s = watch.cpu_s(),
                  .allocations = watch.allocated(),
                  .latency_us = run->waits->summary(valid)},
          .figures = {run->waits->at_share(0.99, valid_seconds == 0 ? all : valid).value_or(0)},
          .right = run->seen == plan.rows() && run->totals == expected_totals(plan),
          .resolved = 2 * valid_seconds >= timed,
          .more = json_object{}
                      .add("rate", plan.rate)
                      .add("cpu_share", cpu_share)
                      .add("all_seconds_us", run->waits->summary(all))};
}

std::vector<trial> rates(size s) {
  schedule plan;
  if (s == size::smoke) {
    plan.warm_up = seconds{1};
    plan.timed = seconds{3};
  }
  return {{.variant = to_string(plan.input) + "/10k a second/off",
           .limits = {{.measure = "p99_us", .at_most = true, .gate = 1000, .goal = 200}},
           .emission = "R",
           .settings = used_settings().add("policy", "off"),
           .repetitions = 1,
           .warm_up = false,
           .run = [plan] { return run_schedule(plan); }}};
}

}  // namespace
}  // namespace sluice::bench

int main(int argc, char** argv) {
  return sluice::bench::run_program({.bench = "LT",
                                     .placement = sluice::bench::placement::as_started,
                                     .trials = sluice::bench::rates},
                                    argc, argv);
}

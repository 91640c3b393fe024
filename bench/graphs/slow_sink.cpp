#include "sluice/bench/graphs/slow_sink.hpp"

#include <algorithm>
#include <memory>
#include <thread>
#include <utility>

#include "sluice/bench/inputs/random.hpp"

namespace sluice::bench {
namespace {

using std::chrono::duration;
using steady = std::chrono::steady_clock;

class wide_reader final : public source_reader {
 public:
  wide_reader(slow_counters* run, const source_context& at) : run_(run), out_(at.pool, at.bounds) {}

  result<read_batch> read() override {
    if (run_->over) return read_batch{nullptr, read_state::end};
    wide_row row{};
    std::uint64_t sum = 0;
    for (row.number = next_; !out_.full_for(row); row.number = ++next_) {
      const std::uint64_t x = mix(42 + row.number);
      row.key = mix(scaled(x, 1000));
      row.value = static_cast<std::int64_t>(x & 0xffff);
      sum += mix(row.number) ^ static_cast<std::uint64_t>(row.value);
      out_.push(row);
    }
    run_->made_sum += sum;
    run_->made = next_;
    return read_batch{out_.take(), read_state::more};
  }
  std::string position() const override {
    run_->cut.note();
    return std::to_string(next_);
  }

 private:
  slow_counters* run_;
  batch_builder<wide_row> out_;
  std::uint64_t next_ = 0;
};

struct wide_source {
  using record_type = wide_row;
  slow_counters* run;

  result<std::unique_ptr<source_reader>> open(const source_context& at) const {
    return std::make_unique<wide_reader>(run, at);
  }
  std::string describe() const { return "rows of 100 bytes"; }
};

// Takes rows at the rate of the phase it is in; the free rate is what it saw in the first.
class slow_writer final : public sink_writer {
 public:
  slow_writer(slow_counters* run, const sink_phases& plan) : run_(run) {
    run_->sink_opened_ns = start_.time_since_epoch() / std::chrono::nanoseconds{1};
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
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < rows.size(); ++i)
      sum += mix(numbers[i]) ^ static_cast<std::uint64_t>(values[i]);
    run_->taken_sum += sum;
    run_->taken += rows.size();
    return {};
  }
  result<void> flush(epoch_id) override {
    run_->passed.note();
    return {};
  }

 private:
  static double seconds_since(steady::time_point then) {
    return duration<double>(steady::now() - then).count();
  }

  slow_counters* run_;
  steady::time_point start_ = steady::now();
  steady::time_point tenth_, hundredth_, stopped_, released_, next_;
  double free_rate_ = 0;  // rows a second
};

struct slow_sink {
  slow_counters* run;
  sink_phases plan;

  result<std::unique_ptr<sink_writer>> open(const sink_context&) const {
    return std::make_unique<slow_writer>(run, plan);
  }
  std::string describe() const { return "a slow one"; }
};

struct running {
  std::uint64_t rows = 0;
};
SLUICE_RECORD(running, rows);

}  // namespace

void compose_slow_sink(graph& g, const sink_phases& plan, slow_counters& counters) {
  g.policy(batch_policy::off)
      .set("batch.rows", static_cast<std::int64_t>(slow_batch_rows))
      .set("credit.rows", static_cast<std::int64_t>(slow_window.rows))
      .set("credit.max_bytes", static_cast<std::int64_t>(slow_window.bytes))
      // Asleep for longer than a run usually waits for progress.
      .set("commit.deadline_ms", std::chrono::milliseconds{plan.stopped}.count() + 60'000)
      .set("scheduler.threads", 2);  // the sink sleeps on one of them
  g.source("rows", wide_source{&counters})
      .key_by(&wide_row::key)
      .scan<running>("count",
                     [](running& so_far, const wide_row& row, rows<wide_row> out) {
                       wide_row made = row;
                       made.a = ++so_far.rows;
                       out.push(made);
                     })
      .sink("slow", slow_sink{&counters, plan});
}

}  // namespace sluice::bench

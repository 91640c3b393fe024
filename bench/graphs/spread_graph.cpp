#include "sluice/bench/graphs/spread_graph.hpp"

#include <atomic>
#include <chrono>
#include <memory>
#include <utility>

#include "sluice/bench/harness/allocations.hpp"
#include "sluice/bench/harness/stopwatch.hpp"
#include "sluice/bench/graphs/node_run.hpp"
#include "sluice/bench/graphs/shared_block.hpp"
#include "sluice/sluice.hpp"

namespace sluice::bench {
namespace {

std::int64_t now_ns() {
  return std::chrono::steady_clock::now().time_since_epoch() / std::chrono::nanoseconds{1};
}

double seconds(std::int64_t ns) { return static_cast<double>(ns) * 1e-9; }

// What the processes of a run share.
struct spread_times {
  std::atomic<std::int64_t> started_ns;  // 0: no timed row yet

  void timed_row() {
    if (started_ns.load(std::memory_order_relaxed) != 0) return;
    std::int64_t not_yet = 0;
    started_ns.compare_exchange_strong(not_yet, now_ns());
  }
};

struct gathered {
  explicit gathered(bool warm) : sums(warm) {}
  total_sums sums;
  std::int64_t ended_ns = 0;
};

class sum_writer final : public sink_writer {
 public:
  explicit sum_writer(std::shared_ptr<gathered> into) : into_(std::move(into)) {}

  result<void> write(const column_batch& totals) override {
    into_->sums.add(totals);
    into_->ended_ns = now_ns();
    return {};
  }
  result<void> flush(epoch_id) override { return {}; }

 private:
  std::shared_ptr<gathered> into_;
};

struct sum_sink {
  std::shared_ptr<gathered> into;

  result<std::unique_ptr<sink_writer>> open(const sink_context&) const {
    return std::make_unique<sum_writer>(into);
  }
  std::string describe() const { return "checksums"; }
  bool stays() const { return true; }
};

void compose(graph& g, const spread_run& how, std::shared_ptr<gathered> into,
             std::function<void()> timed_row) {
  g.set("scheduler.threads", static_cast<std::int64_t>(how.threads));
  g.source("rows", keyed_source{how.of, {.timed_row = std::move(timed_row)}})
      .parallelism(how.instances)
      .key_by(&keyed_row::key)
      .aggregate<keyed_total>("sum", count(), sum(&keyed_row::value), emit::final)
      .parallelism(how.instances)
      .sink("sums", sum_sink{std::move(into)});
}

std::vector<std::string> arguments_of(const spread_run& how, const std::string& times) {
  const auto number = [](std::uint64_t n) { return std::to_string(n); };
  return {"--times",     times,
          "--keys",      number(how.of.input.keys),
          "--rows",      number(how.of.rows),
          "--instances", number(how.instances),
          "--threads",   number(how.threads)};
}

}  // namespace

outcome run_spread(const spread_run& how, const buffer_pool& pool) {
  const scratch_folder folder;
  const std::string file = folder.path("times");
  const shared_block<spread_times> times{file};
  const auto into = std::make_shared<gathered>(how.of.warm);
  graph g{"keyed sum, spread"};
  compose(g, how, into, [&times] { times->timed_row(); });

  const auto begun = now_ns();
  const auto cpu = process_cpu_time();
  const std::uint64_t allocated = allocations();
  if (how.nodes == 1) {
    run_here(g, {.pool = pool});
  } else {
    node_run nodes{arguments_of(how, file), how.nodes};
    nodes.options().pool = pool;
    nodes.run(g);
  }
  const double life = seconds(now_ns() - begun);
  const double wall = seconds(into->ended_ns - times->started_ns);
  return {.rows = how.of.all_rows(),
          .result = into->sums.result(),
          .wall_s = wall,
          .cpu_s = std::chrono::duration<double>(process_cpu_time() - cpu).count() * wall / life,
          .allocations = allocations() - allocated};
}

int spread_node(int argc, char** argv) {
  std::string times_file;
  spread_run how;
  command_line flags{"One of the processes of bench_sc."};
  flags.option("times FILE", times_file, "shared with the others")
      .option("keys N", how.of.input.keys, "different keys")
      .option("rows N", how.of.rows, "rows of all processes")
      .option("instances N", how.instances, "of source and aggregate")
      .option("threads N", how.threads, "of this process");
  if (const auto exit_code = flags.read(argc, argv)) return *exit_code;
  const shared_block<spread_times> times{times_file};
  graph g{"keyed sum, spread"};
  compose(g, how, std::make_shared<gathered>(how.of.warm), [&times] { times->timed_row(); });
  return run(g, flags);
}

}  // namespace sluice::bench

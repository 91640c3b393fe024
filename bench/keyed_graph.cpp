#include "sluice/bench/keyed_graph.hpp"

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <utility>

#include "sluice/bench/harness/stopwatch.hpp"
#include "sluice/graph/run.hpp"
#include "sluice/graph/settings.hpp"
#include "sluice/operators/run_status.hpp"
#include "sluice/sluice.hpp"

namespace sluice::bench {
namespace {

// What source and sink of one run share.
struct shared_run {
  explicit shared_run(const keyed_run& h) : how(h), sums(h.warm) {}

  keyed_run how;
  std::optional<stopwatch> watch;
  total_sums sums;
};

class batch_reader final : public source_reader {
 public:
  batch_reader(std::shared_ptr<shared_run> run, const source_context& at)
      : run_(std::move(run)),
        rows_(run_->how.input, run_->how.rows, run_->how.warm),
        pool_(at.pool),
        batch_rows_(at.bounds.rows) {}

  result<read_batch> read() override {
    if (rows_.warmed_up() && !run_->watch) run_->watch.emplace().start();
    auto made = std::make_shared<column_batch>(schema_of<keyed_row>(), pool_, batch_rows_);
    rows_.fill(*made);
    return read_batch{std::move(made), rows_.ended() ? read_state::end : read_state::more};
  }

 private:
  std::shared_ptr<shared_run> run_;
  keyed_batches rows_;
  buffer_pool pool_;
  std::size_t batch_rows_;
};

struct batch_source {
  using record_type = keyed_row;
  std::shared_ptr<shared_run> run;

  result<std::unique_ptr<source_reader>> open(const source_context& at) const {
    return std::make_unique<batch_reader>(run, at);
  }
  std::string describe() const { return "rows of the keyed sum"; }
};

class sum_writer final : public sink_writer {
 public:
  explicit sum_writer(std::shared_ptr<shared_run> run) : run_(std::move(run)) {}

  result<void> write(const column_batch& totals) override {
    run_->sums.add(totals);
    return {};
  }
  result<void> flush(epoch_id) override { return {}; }
  result<void> close() override {
    run_->watch->stop();
    return {};
  }

 private:
  std::shared_ptr<shared_run> run_;
};

struct sum_sink {
  std::shared_ptr<shared_run> run;

  result<std::unique_ptr<sink_writer>> open(const sink_context&) const {
    return std::make_unique<sum_writer>(run);
  }
  std::string describe() const { return "checksums"; }
};

}  // namespace

outcome run_keyed_graph(const keyed_run& how, const buffer_pool& pool) {
  const auto run = std::make_shared<shared_run>(how);
  graph g{"keyed sum"};
  g.batch({.rows = how.batch_rows}).set("scheduler.threads", 1);
  g.source("rows", batch_source{run})
      .key_by(&keyed_row::key)
      .aggregate<keyed_total>("sum", count(), sum(&keyed_row::value), emit::final)
      .sink("sums", sum_sink{run});
  const auto ended = run_graph(g, settings_in_code(g), {.pool = pool});
  if (!ended) throw std::runtime_error(ended.failure().message);
  if (!ended.value().finished) throw std::runtime_error(ended.value().failure);
  return {.rows = how.rows,
          .result = run->sums.result(),
          .wall_s = run->watch->wall_s(),
          .cpu_s = run->watch->cpu_s(),
          .allocations = run->watch->allocated()};
}

}  // namespace sluice::bench

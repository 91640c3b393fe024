#include <caf/all.hpp>

#include <utility>

#include "sluice/actors/engine.hpp"
#include "sluice/connectors/reject_logs.hpp"
#include "sluice/graph/deploy.hpp"
#include "sluice/graph/plan.hpp"
#include "sluice/graph/run.hpp"
#include "sluice/graph/settings_of_graph.hpp"

namespace sluice {

namespace {

constexpr std::chrono::milliseconds look_every{100};  // at the interruption
constexpr std::size_t messages_a_turn = 8;            // before a worker looks at the next actor

run_status see_through(engine& run, const std::function<int()>& interrupted) {
  if (!interrupted) return run.wait();
  int done = 0;
  for (;;) {
    if (auto last = run.wait_for(look_every)) return *last;
    const int wanted = interrupted();
    if (wanted > done) wanted == 1 ? run.drain() : run.abort("aborted");
    done = std::max(done, wanted);
  }
}

}  // namespace

settings settings_in_code(const graph& g) { return reader_for(g.description()).read().checked(); }

result<run_status> run_graph(const graph& g, const settings& chosen, const run_options& options) {
  const graph_description& description = g.description();
  if (auto mistakes = check_graph(description); !mistakes.empty())
    throw graph_error(std::move(mistakes));
  const plan planned = make_plan(description, chosen);
  deploy_options deploying{.pool = options.pool, .rejects = options.rejects};
  if (!deploying.rejects)
    deploying.rejects = [](const std::string& stage) {
      auto log = std::make_shared<file_reject_log>(file_reject_log::default_path(stage));
      log->begin(stage);
      return log;
    };
  auto deployed = deploy(description, planned, deploying);
  if (!deployed) return deployed.failure();

  caf::actor_system_config config;
  seam::configure(config, planned.threads, messages_a_turn);
  descriptor_watch watch;
  caf::actor_system system{config};
  engine run{system,
             std::move(deployed).value(),
             {.report_every = options.report_every,
              .on_status = options.on_status,
              .on_epoch = options.on_epoch,
              .trace = {}},
             &watch};
  if (options.on_start) options.on_start();
  run.start();
  return see_through(run, options.interrupted);
}

}  // namespace sluice

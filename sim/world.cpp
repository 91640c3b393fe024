#include "sluice/sim/world.hpp"

#include <algorithm>
#include <utility>

#include "sluice/actors/engine.hpp"
#include "sluice/graph/deploy.hpp"
#include "sluice/graph/plan.hpp"
#include "sluice/sim/reproduction.hpp"
#include "sluice/sim/stepped_system.hpp"

namespace sluice::sim {

namespace {

using std::chrono::nanoseconds;

std::uint64_t mixed(std::uint64_t hash, std::uint64_t value) {
  hash = (hash ^ value) * 0x9E3779B97F4A7C15u;
  return hash ^ (hash >> 29);
}

class world {
 public:
  world(deployment planned, std::uint64_t seed, const simulation_options& options)
      : options_(options),
        checks_(planned),
        random_(seed ^ 0x5EED),
        interval_(std::chrono::milliseconds(planned.epochs.interval_ms)),
        system_(seed) {
    for (const auto& one : planned.instances) {
      names_.push_back(one.stage);
      waits_.push_back({one.source, one.work, {}, {}});
    }
    names_.push_back("coordinator");
    run_.emplace(
        system_.actors(), std::move(planned),
        engine::options{.report_every = options.report_every,
                        .on_status = options.on_status,
                        .on_epoch = options.on_epoch,
                        .trace = [this](std::size_t actor, traced kind,
                                        std::uint64_t detail) { saw(actor, kind, detail); }},
        nullptr);
  }

  void see_through(simulated_run& result) {
    run_->start();
    while (result.problem.empty() && !run_->ended()) result.problem = step();
    over_ = true;
    if (auto last = run_->ended()) result.status = std::move(*last);
    if (result.problem.empty() && result.status.finished) {
      checks_.look_at_end();
      result.problem = checks_.problem();
    }
    result.trace = hash_;
    result.steps = steps_;
    result.virtual_time = system_.now();
    result.cuts = checks_.cuts();
    for (std::size_t i = 0; i < waits_.size(); ++i) result.blocked[names_[i]] += waits_[i].blocked;
  }

 private:
  // Returns what is broken, if anything.
  std::string step() {
    if (++steps_ > options_.most_steps)
      return "no end after " + std::to_string(options_.most_steps) + " steps" + checks_.waiting();
    if (system_.now() > options_.most_time)
      return "no end after " + std::to_string(options_.most_time.count()) + " ms" +
             checks_.waiting();
    work_ = nanoseconds{0};
    const auto ran = system_.step();
    if (!ran) return wait();
    checks_.look(actor_);
    if (actor_ < waits_.size()) waits_[actor_].look(system_.now());
    if (work_ > nanoseconds{0}) system_.keep_busy(*ran, work_);
    if (options_.step_time > nanoseconds{0})
      system_.pass(nanoseconds{static_cast<std::int64_t>(
          random_.below(static_cast<std::uint64_t>(options_.step_time.count()) + 1))});
    return checks_.problem();
  }

  // Nobody can run: time goes on. Markers are opened at every interval, so a run in which none
  // moves for many of them stands still.
  std::string wait() {
    const bool busy = system_.somebody_busy();
    const bool moved = system_.advance();
    if (busy) last_progress_ = system_.now();
    if (moved && system_.now() - last_progress_ < 20 * interval_ + std::chrono::seconds{1})
      return {};
    return "nothing can run, and the run has not ended" + checks_.waiting();
  }

  // An actor's time without credit; changes only when it runs.
  struct waiting {
    std::shared_ptr<source_pump> source;  // one of the two
    std::shared_ptr<stage> work;
    std::optional<nanoseconds> since;
    nanoseconds blocked{0};

    void look(nanoseconds now) {
      const bool waits = source ? source->out().blocked() : work->blocked();
      if (waits == since.has_value()) return;
      if (!waits) blocked += now - *since;
      since = waits ? std::optional{now} : std::nullopt;
    }
  };

  void saw(std::size_t actor, traced kind, std::uint64_t detail) {
    if (over_) return;
    actor_ = actor;
    hash_ = mixed(mixed(mixed(hash_, actor), static_cast<std::uint64_t>(kind)), detail);
    checks_.saw(actor, kind, detail);
    if (kind == traced::rows_in || kind == traced::marker_in || kind == traced::rows_out)
      last_progress_ = system_.now();
    if (options_.work_time && kind == traced::rows_in)
      work_ += options_.work_time(names_[actor], traced_rows::of(detail).rows);
    if (options_.on_event)
      options_.on_event(static_cast<std::uint64_t>(system_.now().count() / 1000), names_[actor],
                        kind, detail);
  }

  const simulation_options& options_;
  channel_checks checks_;
  seeded_random random_;
  nanoseconds interval_;
  std::vector<std::string> names_;
  std::vector<waiting> waits_;  // by actor, without the coordinator
  std::uint64_t hash_ = 0;
  std::uint64_t steps_ = 0;
  std::size_t actor_ = 0;
  nanoseconds work_{0};
  nanoseconds last_progress_{0};
  bool over_ = false;
  stepped_system system_;      // runs what is left over when it ends, so it ends before the rest
  std::optional<engine> run_;  // … but after this
};

}  // namespace

simulated_run run_simulated(const graph& g, std::uint64_t seed, const simulation_options& options) {
  const graph_description& description = g.description();
  if (auto mistakes = check_graph(description); !mistakes.empty())
    throw graph_error(std::move(mistakes));
  const reproduction line{options.scenario, seed};
  seeded_random random{seed};
  simulated_run result;
  result.used = shrunk(options.chosen, description, options.shrink, random);
  deploy_options deploying;
  auto deployed = deploy(description, make_plan(description, result.used), deploying);
  if (deployed) {
    world{std::move(deployed).value(), random.next(), options}.see_through(result);
  } else {
    result.problem = deployed.failure().message;
  }
  if (!result.problem.empty()) result.problem += "\n" + line.text();
  return result;
}

}  // namespace sluice::sim

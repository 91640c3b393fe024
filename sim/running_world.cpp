#include "sluice/sim/running_world.hpp"

#include <utility>

namespace sluice::sim {

namespace {

std::uint64_t mixed(std::uint64_t hash, std::uint64_t value) {
  hash = (hash ^ value) * 0x9E3779B97F4A7C15u;
  return hash ^ (hash >> 29);
}

}  // namespace

running_world::running_world(deployment planned, std::uint64_t seed,
                             const simulation_options& options, stepped_queue* works)
    : options_(options),
      works_(works),
      checks_(planned),
      random_(seed ^ 0x5EED),
      interval_(std::chrono::milliseconds(planned.epochs.interval_ms)),
      system_(seed) {
  for (const auto& one : planned.instances) {
    names_.push_back(one.stage);
    waits_.push_back({one.source, one.work, {}, {}});
  }
  names_.push_back("coordinator");
  run_.emplace(system_.actors(), std::move(planned),
               engine::options{.report_every = options.report_every,
                               .on_status = options.on_status,
                               .on_epoch = options.on_epoch,
                               .trace = [this](std::size_t actor, traced kind,
                                               std::uint64_t detail) { saw(actor, kind, detail); }},
               nullptr);
}

void running_world::report(simulated_run& result) {
  mute();
  if (auto last = run_->ended()) result.status = std::move(*last);
  if (result.problem.empty() && result.status.finished) {
    checks_.look_at_end();
    result.problem = checks_.problem();
  }
  result.trace = mixed(result.trace, hash_);
  result.steps += steps_;
  result.virtual_time += system_.now();
  result.cuts = checks_.cuts();
  for (std::size_t i = 0; i < waits_.size(); ++i) result.blocked[names_[i]] += waits_[i].blocked;
}

std::string running_world::step() {
  if (++steps_ > options_.most_steps)
    return "no end after " + std::to_string(options_.most_steps) + " steps" + checks_.waiting();
  if (system_.now() > options_.most_time)
    return "no end after " + std::to_string(options_.most_time.count()) + " ms" + checks_.waiting();
  if (works_ && !works_->empty() && random_.once_in(4)) {
    works_->run_one();
    return checks_.problem();
  }
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

// Nobody can run: what waits to be written is, or time goes on. Markers are opened at every
// interval, so a run in which none moves for many of them stands still.
std::string running_world::wait() {
  if (works_ && !works_->empty()) {
    works_->run_one();
    return {};
  }
  const bool busy = system_.somebody_busy();
  const bool moved = system_.advance();
  if (busy) last_progress_ = system_.now();
  if (moved && system_.now() - last_progress_ < 20 * interval_ + std::chrono::seconds{1}) return {};
  return "nothing can run, and the run has not ended" + checks_.waiting();
}

void running_world::waiting::look(nanoseconds now) {
  const bool waits = source ? source->out().blocked() : work->blocked();
  if (waits == since.has_value()) return;
  if (!waits) blocked += now - *since;
  since = waits ? std::optional{now} : std::nullopt;
}

void running_world::saw(std::size_t actor, traced kind, std::uint64_t detail) {
  if (over_) return;
  actor_ = actor;
  hash_ = mixed(mixed(mixed(hash_, actor), static_cast<std::uint64_t>(kind)), detail);
  checks_.saw(actor, kind, detail);
  committed_ = committed_ || kind == traced::committed;
  sealed_ = sealed_ || kind == traced::sealed;
  if (kind == traced::rows_in || kind == traced::marker_in || kind == traced::rows_out)
    last_progress_ = system_.now();
  if (options_.work_time && kind == traced::rows_in)
    work_ += options_.work_time(names_[actor], traced_rows::of(detail).rows);
  if (options_.on_event)
    options_.on_event(static_cast<std::uint64_t>(system_.now().count() / 1000), names_[actor], kind,
                      detail);
}

}  // namespace sluice::sim

#include "sluice/actors/engine.hpp"

#include <utility>

#include "sluice/actors/source_actor.hpp"
#include "sluice/actors/stage_actor.hpp"

namespace sluice {

engine::engine(caf::actor_system& system, deployment planned, options chosen,
               descriptor_watch* watch)
    : system_(system), planned_(std::move(planned)), options_(std::move(chosen)), watch_(watch) {
  for (std::size_t i = 0; i < planned_.instances.size(); ++i) {
    planned_instance& one = planned_.instances[i];
    const actor_identity who{i, one.stage, one.instance, options_.trace};
    actors_.push_back(one.source ? caf::actor{system_.spawn<source_actor>(
                                       who, one.source, watch_,
                                       planned_.paced && one.has_event_time, planned_.durable)}
                                 : caf::actor{system_.spawn<stage_actor>(
                                       who, one.work, one.timer, one.sink, planned_.durable)});
  }
  coordinator_actor::options coordinating{
      .epochs = planned_.epochs,
      .report_every = options_.report_every,
      .on_status = options_.on_status,
      .on_end = [this](const run_status& status) { finished(status); },
      .on_epoch = options_.on_epoch,
      .trace = options_.trace,
      .durable = planned_.durable};
  coordinator_ = system_.spawn<coordinator_actor>(std::move(coordinating));
}

engine::~engine() {
  if (watch_) watch_->forget_all();
  for (const auto& one : actors_) seam::end(one);
  seam::end(coordinator_);
}

void engine::start() {
  assembly_message everybody;
  everybody.all = actors_;
  for (std::size_t i = 0; i < actors_.size(); ++i) {
    const planned_instance& one = planned_.instances[i];
    instance_status blank;
    blank.stage = one.stage;
    blank.role = one.role;
    blank.instance = one.instance;
    everybody.blank.push_back(std::move(blank));
    if (one.source) everybody.sources.push_back(actors_[i]);
    if (one.sink || (one.source && one.source->shows())) everybody.sinks.push_back(actors_[i]);
    if (planned_.durable && (one.source || one.sink || one.work->keeps_snapshots()))
      everybody.answering.push_back(i);
    if (planned_.paced && one.has_event_time) everybody.paced.push_back(i);

    wire_message wires;
    wires.coordinator = coordinator_;
    for (const auto& end : one.downstream)
      wires.downstream.push_back({actors_[end.instance], end.channel});
    for (const auto& end : one.upstream)
      wires.upstream.push_back({actors_[end.instance], end.channel});
    seam::post(actors_[i], std::move(wires));
  }
  const assembly_message& all = everybody;
  seam::post(coordinator_, all);
  for (const auto& one : actors_) seam::post(one, start_message{});
}

void engine::drain() { seam::post(coordinator_, drain_message{}); }

void engine::keep() { seam::post(coordinator_, keep_message{}); }

void engine::abort(const std::string& reason) {
  seam::post(coordinator_, failed_message{"run", reason});
}

void engine::finished(const run_status& status) {
  const std::lock_guard lock(mutex_);
  last_ = status;
  changed_.notify_all();
}

run_status engine::wait() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return last_.has_value(); });
  return *last_;
}

std::optional<run_status> engine::wait_for(std::chrono::milliseconds time) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, time, [&] { return last_.has_value(); });
  return last_;
}

std::optional<run_status> engine::ended() {
  const std::lock_guard lock(mutex_);
  return last_;
}

}  // namespace sluice

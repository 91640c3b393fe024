#include "sluice/actors/engine.hpp"

#include <algorithm>
#include <utility>

#include "sluice/actors/gateway_actor.hpp"
#include "sluice/actors/source_actor.hpp"
#include "sluice/actors/stage_actor.hpp"

namespace sluice {

namespace {

generation_id generation_of(const deployment& planned) {
  return planned.durable ? planned.durable->generation : generation_id{};
}

}  // namespace

engine::engine(caf::actor_system& system, deployment planned, options chosen,
               descriptor_watch* watch, node_links links)
    : system_(system),
      planned_(std::move(planned)),
      options_(std::move(chosen)),
      watch_(watch),
      links_(std::move(links)),
      actors_(planned_.instances.size()) {
  for (std::size_t i = 0; i < planned_.instances.size(); ++i)
    if (here(i)) spawn(i);
  if (links_.port)
    gateway_ =
        system_.spawn<gateway_actor>(links_.port, generation_of(planned_), links_.coordinator);
  if (!coordinates()) {
    coordinator_ = gateway_;
    return;
  }
  spawn_proxies();
  coordinator_actor::options coordinating{
      .epochs = planned_.epochs,
      .deadline_ms = planned_.deadline_ms,
      .report_every = options_.report_every,
      .on_status = options_.on_status,
      .on_end = [this](const run_status& status) { finished(status); },
      .on_epoch = options_.on_epoch,
      .trace = options_.trace,
      .durable = planned_.durable};
  coordinator_ = system_.spawn<coordinator_actor>(std::move(coordinating));
}

void engine::spawn(std::size_t i) {
  planned_instance& one = planned_.instances[i];
  const actor_identity who{i, one.stage, one.instance, options_.trace};
  actors_[i] =
      one.source
          ? caf::actor{system_.spawn<source_actor>(
                who, one.source, watch_, planned_.paced && one.has_event_time, planned_.durable)}
          : caf::actor{system_.spawn<stage_actor>(who, one.work, std::move(one.snapshots),
                                                  one.timer, one.sink, planned_.durable)};
}

void engine::spawn_proxies() {
  for (std::size_t i = 0; i < planned_.instances.size(); ++i) {
    if (here(i)) continue;
    const planned_instance& one = planned_.instances[i];
    auto of = std::find_if(behind_.begin(), behind_.end(),
                           [&](const auto& node) { return node.node == one.node; });
    if (of == behind_.end())
      of = behind_.insert(behind_.end(), {links_.port, generation_of(planned_), one.node, {}, {}});
    if (one.is_source) of->sources.push_back(i);
    if (hears_commits(one)) of->sinks.push_back(i);
  }
  for (const auto& node : behind_) proxies_.push_back(system_.spawn<node_proxy_actor>(node));
}

engine::~engine() {
  if (watch_) watch_->forget_all();
  if (links_.router) links_.router->forget();
  for (const auto& one : actors_)
    if (one) seam::end(one);
  for (const auto& one : proxies_) seam::end(one);
  if (gateway_) seam::end(gateway_);
  if (coordinates()) seam::end(coordinator_);
}

channel_peer engine::peer_of(const planned_end& end) const {
  if (here(end.instance)) return {actors_[end.instance], end.channel};
  return {gateway_, end.id.value};
}

void engine::connect() {
  for (std::size_t i = 0; i < actors_.size(); ++i) {
    if (!here(i)) continue;
    const planned_instance& one = planned_.instances[i];
    wire_message wires;
    wires.coordinator = coordinator_;
    for (const auto& end : one.downstream) wires.downstream.push_back(peer_of(end));
    for (const auto& end : one.upstream) wires.upstream.push_back(peer_of(end));
    seam::post(actors_[i], std::move(wires));
  }
  if (links_.port) begin_links();
}

void engine::begin_links() {
  link_routes routes;
  routes.generation = generation_of(planned_);
  if (coordinates()) routes.coordinator = coordinator_;
  std::vector<hub_channel> channels;
  for (std::uint32_t i = 0; i < actors_.size(); ++i) {
    if (!here(i)) continue;
    const planned_instance& one = planned_.instances[i];
    routes.all.push_back(actors_[i]);
    if (one.is_source) routes.sources[i] = actors_[i];
    if (hears_commits(one)) routes.sinks[i] = actors_[i];
    for (std::uint32_t c = 0; c < one.downstream.size(); ++c) {
      const planned_end& end = one.downstream[c];
      if (here(end.instance)) continue;
      const planned_instance& to = planned_.instances[end.instance];
      routes.outlets[end.id] = {actors_[i], c};
      channels.push_back({end.id, to.node, true, to.windows[end.channel]});
    }
    for (std::uint32_t c = 0; c < one.upstream.size(); ++c) {
      const planned_end& end = one.upstream[c];
      if (here(end.instance)) continue;
      routes.inlets[end.id] = {actors_[i], c};
      channels.push_back({end.id, planned_.instances[end.instance].node, false, one.windows[c],
                          one.fields[c], one.combined[c]});
    }
  }
  links_.router->prepare(std::move(routes));
  links_.port->begin(generation_of(planned_), std::move(channels));
}

void engine::start() {
  if (coordinates()) seam::post(coordinator_, everybody());
  // Sources of other nodes begin with the first marker, when all nodes are ready.
  for (std::size_t i = 0; i < actors_.size(); ++i)
    if (actors_[i] && (coordinates() || !planned_.instances[i].is_source))
      seam::post(actors_[i], start_message{});
}

assembly_message engine::everybody() const {
  assembly_message all;
  for (std::size_t i = 0; i < actors_.size(); ++i) {
    const planned_instance& one = planned_.instances[i];
    instance_status blank;
    blank.stage = one.stage;
    blank.role = one.role;
    blank.instance = one.instance;
    all.blank.push_back(std::move(blank));
    all.nodes.push_back(one.node);
    if (planned_.durable && one.answers) all.answering.push_back(i);
    if (planned_.paced && one.has_event_time) all.paced.push_back(i);
    if (!here(i)) continue;
    all.all.push_back(actors_[i]);
    if (one.is_source) all.sources.push_back(actors_[i]);
    if (hears_commits(one)) all.sinks.push_back(actors_[i]);
  }
  for (std::size_t p = 0; p < proxies_.size(); ++p) {
    all.all.push_back(proxies_[p]);
    if (!behind_[p].sources.empty()) all.sources.push_back(proxies_[p]);
    if (!behind_[p].sinks.empty()) all.sinks.push_back(proxies_[p]);
  }
  return all;
}

void engine::drain() { seam::post(coordinator_, drain_message{}); }

void engine::keep() { seam::post(coordinator_, keep_message{}); }

void engine::fail(const std::string& stage, const std::string& reason) {
  seam::post(coordinator_, failed_message{stage, reason});
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

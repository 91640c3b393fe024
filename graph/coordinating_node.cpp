#include "sluice/graph/coordinating_node.hpp"

#include <algorithm>
#include <utility>

#include "sluice/graph/deploy.hpp"
#include "sluice/graph/run_generation.hpp"
#include "sluice/messages/wire.hpp"

namespace sluice {

namespace {

constexpr std::chrono::milliseconds say_after{2'000};  // who is waited for
constexpr int drain = 1, abort_now = 2, keep = 3;      // what `interrupted` may want

std::string list_of(const std::vector<std::string>& names) {
  std::string text;
  for (const auto& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

std::vector<std::string> others_of(const cluster& of) {
  std::vector<std::string> names;
  for (const auto& node : of.nodes)
    if (node.node != of.self) names.push_back(node.node);
  return names;
}

}  // namespace

coordinating_node::coordinating_node(node_surroundings around, meta_truth truth,
                                     const std::map<std::string, incarnation_id>& there,
                                     generation_start start)
    : around_(std::move(around)),
      members_(others_of(around_.of), replace_after, truth.generation != generation_id{}),
      restarts_(around_.options.most_restarts),
      truth_(std::move(truth)),
      start_(start) {
  for (const auto& [node, incarnation] : there)
    static_cast<void>(members_.seen(node, incarnation, now_));
}

void coordinating_node::turn(std::optional<node_event> event, milliseconds now) {
  if (ended_) return;
  now_ = now;
  listen(event);
  switch (state_) {
    case state::gathering:
      return gather();
    case state::starting:
      return wait_for_all();
    case state::running:
      return see_through();
    case state::pausing:
      if (stopped_) return end_stopped("between two attempts");
      if (now_ - since_ < pause_) return;
      state_ = state::gathering;
      since_ = now_;
      waiting_said_ = false;
      return;
  }
}

void coordinating_node::gather() {
  if (stopped_) return end_stopped("while it waited for " + list_of(members_.missing()));
  if (const auto there = members_.ready(now_)) return begin(*there);
  if (waiting_said_ || now_ - since_ < say_after) return;
  waiting_said_ = true;
  if (around_.options.on_odd) around_.options.on_odd("waiting for " + list_of(members_.missing()));
}

// R2 to R4.
void coordinating_node::begin(const std::vector<std::string>& others) {
  verdict_.reset();
  verdict_told_ = false;
  members_.begin(others);
  auto from = begin_generation(around_.description, truth_, around_.planned, around_.place,
                               around_.queue, std::exchange(start_, generation_start::behind_last));
  if (!from) {
    if (!begun_once_) return end(from.failure());
    run_status status;  // what is not known now is for the next process to read (D7)
    status.failure = from.failure().message;
    return end(std::move(status));
  }
  from_ = std::move(from).value();
  generation_ = from_.truth.generation;
  from_.how->on_wait = around_.options.on_waiting;
  std::vector<std::string> nodes{around_.of.self};
  nodes.insert(nodes.end(), others.begin(), others.end());
  places_ = place_evenly(around_.description, around_.planned, nodes);
  if (const auto begun = try_begin(others); !begun) return did_not_begin(begun.failure());
  state_ = state::starting;
  since_ = now_;
  wait_for_all();
}

result<void> coordinating_node::try_begin(const std::vector<std::string>& others) {
  const deploy_options deploying{
      .pool = around_.options.pool,
      .rejects = around_.options.rejects,
      .from = &from_,
      .places = &places_,
      .here = around_.of.self,
      .staging = staging_in(around_.options.checkpoints),
      .wait = std::make_shared<outside_waits>(around_.options.on_outside_wait)};
  auto deployed = deploy(around_.description, around_.planned, deploying);
  if (!deployed) return deployed.failure();
  part_ = around_.make_part(std::move(deployed).value(),
                            {.report_every = around_.options.report_every,
                             .on_status = around_.options.on_status,
                             .on_epoch = around_.options.on_epoch,
                             .trace = {}},
                            around_.links);
  part_->run().connect();
  // Not before: what their instances answer at once has to find this generation begun here.
  return tell_start(others);
}

result<void> coordinating_node::tell_start(const std::vector<std::string>& others) {
  start_frame start;
  start.generation = generation_;
  start.plan = plan_bytes(around_.planned, places_);
  const auto& sealed = from_.truth.sealed;
  if (!sealed.empty()) start.restored = sealed.back();
  if (sealed.size() > 1) start.before = sealed[sealed.size() - 2];
  if (auto fits = to_wire(start); !fits)
    return error{error_code::failed,
                 "the plan and the positions of the sources are too much for one frame: " +
                     fits.failure().message};
  for (const auto& node : others) around_.links.port->tell(node, start);
  return {};
}

void coordinating_node::wait_for_all() {
  if (!verdict_ && stopped_) return end_stopped("before all nodes had begun");
  if (!verdict_ && !members_.all_started() && now_ - since_ > start_deadline)
    verdict_ =
        error{error_code::failed, list_of(members_.not_started()) + " did not begin within " +
                                      std::to_string(start_deadline.count() / 1000) + " s"};
  // A node that went away may come back, whatever the others could begin with.
  if (verdict_ && verdict_->code == error_code::unavailable) return go_back(*verdict_);
  if (verdict_) return did_not_begin(*verdict_);
  if (members_.all_started()) set_running();
}

void coordinating_node::set_running() {
  if (from_.truth.last() && from_.truth.last()->end) {  // all of it is visible now
    run_status status;
    status.finished = true;
    return over(std::move(status));
  }
  const run_options& options = around_.options;
  if (options.on_generation) options.on_generation(generation_begun());
  if (!begun_once_ && options.on_repeating) {
    std::vector<std::string> repeating;
    for (const stage_node& stage : around_.description.stages)
      if (stage.kind == stage_kind::sink && !stage.commits) repeating.push_back(stage.name);
    options.on_repeating(repeating);
  }
  if (!begun_once_ && options.on_start) options.on_start();
  begun_once_ = true;
  state_ = state::running;
  part_->run().start();
}

begun_generation coordinating_node::generation_begun() const {
  begun_generation all{generation_, {}, placement_text(around_.planned, places_), {}};
  if (from_.truth.last()) all.restored = from_.truth.last()->epoch;
  std::size_t number = 0;
  for (const planned_stage& stage : around_.planned.stages)
    for (std::size_t i = 0; i < stage.instances; ++i, ++number) {
      if (stage.role != stage_role::source) continue;
      const auto saved = from_.source(stage.name, i, stage.instances);
      all.sources.push_back(
          {stage.name, i, places_.node_of[number], saved ? saved.value().rows : 0});
    }
  return all;
}

void coordinating_node::see_through() {
  if (auto last = part_->run().ended()) return over(std::move(*last));
  if (verdict_ && !std::exchange(verdict_told_, true))
    part_->run().fail("cluster", verdict_->message);
  if (wanted_ == abort_now && !std::exchange(aborted_, true)) part_->run().abort("aborted");
  if ((wanted_ == drain || wanted_ == keep) && !std::exchange(ending_, true))
    wanted_ == keep ? part_->run().keep() : part_->run().drain();
}

void coordinating_node::did_not_begin(error problem) {
  part_.reset();
  problem = undecided(problem);
  if (!begun_once_ && first_) return end(problem);
  if (problem.code == error_code::needs_decision) return end(problem);
  go_back(problem);
}

void coordinating_node::go_back(const error& why) {
  run_status status;
  status.failure = why.message;
  over(std::move(status));
}

// Between generations there is nothing to work off.
void coordinating_node::end_stopped(const std::string& when) {
  run_status status;
  status.failure = "stopped " + when;
  end(std::move(status));
}

// A generation is over: the run is, or another one begins after a pause.
void coordinating_node::over(run_status status) {
  part_.reset();
  first_ = false;
  if (status.finished || stopped_) return end(std::move(status));
  auto after = around_.place.store->load();
  if (!after) {
    const error why = undecided(after.failure());
    if (!begun_once_ || why.code == error_code::needs_decision) return end(why);
    if (status.failure.find(why.message) == std::string::npos) status.failure += "; " + why.message;
    return end(std::move(status));
  }
  truth_ = std::move(*after.value());
  // Another coordinator has taken over, or the truth is not known: D7.
  if (truth_.generation != generation_) return end(std::move(status));
  const auto pause = restarts_.failed(status.commits);
  if (!pause) return end(std::move(status));
  if (around_.options.on_restart) around_.options.on_restart(generation_, status.failure);
  pause_ = *pause;
  state_ = state::pausing;
  since_ = now_;
}

void coordinating_node::end(result<run_status> how) {
  part_.reset();
  ended_ = std::move(how);
  for (const auto& node : others_of(around_.of))
    around_.links.port->tell(node, stop_frame{generation_});
}

// --- what is heard

void coordinating_node::listen(std::optional<node_event>& event) {
  if (event) std::visit([this](auto& e) { take(e); }, *event);
  const run_options& options = around_.options;
  if (options.tend)
    for (const auto& [node, how] : options.tend()) judge(members_.lost(node, how, now_));
  if (options.interrupted) wanted_ = options.interrupted();
  stopped_ = stopped_ || wanted_ != 0;
}

void coordinating_node::judge(const std::optional<std::string>& verdict) {
  if (!verdict || verdict_) return;
  verdict_ = error{error_code::unavailable, *verdict};
}

void coordinating_node::take(peer_seen_event& e) {
  judge(members_.seen(e.node, e.incarnation, now_));
}

void coordinating_node::take(peer_lost_event& e) {
  judge(members_.lost(e.node, "has not been heard for 1.5 s", now_));
}

void coordinating_node::take(link_broken_event& e) {
  if (e.generation == generation_)
    judge("channel " + std::to_string(e.channel.value) + ": " + e.cause);
}

void coordinating_node::take(frame_event& e) {
  if (const auto* started = std::get_if<started_frame>(&e.frame))
    if (started->generation == generation_) members_.started(e.node);
  if (const auto* failed = std::get_if<failed_frame>(&e.frame))
    if (failed->generation == generation_ && !verdict_)
      verdict_ = error{failed->needs_decision ? error_code::needs_decision : error_code::failed,
                       failed->stage + ": " + failed->reason};
  if (const auto* fenced = std::get_if<fenced_frame>(&e.frame))
    if (fenced->generation > generation_)
      judge("generation " + std::to_string(fenced->generation.value) +
            " is under way: another coordinator has taken over");
}

}  // namespace sluice

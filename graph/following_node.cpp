#include "sluice/graph/following_node.hpp"

#include <utility>

#include "sluice/graph/deploy.hpp"
#include "sluice/graph/run_generation.hpp"

namespace sluice {

following_node::following_node(node_surroundings around, std::set<std::string> there,
                               generation_id generation)
    : around_(std::move(around)), generation_(generation), there_(std::move(there)) {}

void following_node::follow(const std::string& coordinator, milliseconds now) {
  if (coordinator == around_.links.coordinator) return;
  around_.links.coordinator = coordinator;
  gone_since_ = now;
}

void following_node::turn(std::optional<node_event> event, milliseconds now) {
  if (ended_) return;
  now_ = now;
  if (!last_turn_) gone_since_ = now;
  if (last_turn_ && now - *last_turn_ > failure_deadline) stood_still(now - *last_turn_);
  last_turn_ = now;
  if (event) std::visit([this](auto& e) { take(e); }, *event);
  if (ended_) return;
  const bool asked = around_.options.interrupted && around_.options.interrupted() != 0;
  if (asked) {
    ended_ = result<void>{};
  } else if (!coordinator_there() && now - gone_since_ > coordinator_grace) {
    ended_ = result<void>{error{error_code::unavailable,
                                "the coordinator, " + coordinator() + ", has not been heard for " +
                                    std::to_string(coordinator_grace.count() / 1000) + " s"}};
  }
  if (ended_) part_.reset();
}

void following_node::turned(milliseconds now) { last_turn_ = now; }

void following_node::take(peer_seen_event& e) { there_.insert(e.node); }

void following_node::take(peer_lost_event& e) {
  there_.erase(e.node);
  if (e.node == coordinator()) gone_since_ = now_;
}

void following_node::take(link_broken_event& e) {
  if (part_ && e.generation == generation_)
    tell(link_broken_frame{e.generation, e.channel, e.cause});
}

void following_node::take(frame_event& e) {
  if (const auto* fenced = std::get_if<fenced_frame>(&e.frame)) {
    if (fenced->generation > generation_) part_.reset();
    return;
  }
  if (e.node != coordinator()) return;
  if (const auto* start = std::get_if<start_frame>(&e.frame)) begin(*start);
  const auto* stop = std::get_if<stop_frame>(&e.frame);
  if (!stop || stop->generation < generation_) return;
  part_.reset();
  ended_ = result<void>{};
}

// The others may have gone on without this node (docs/protocol.md 9). If they have not, they must
// not wait for it.
void following_node::stood_still(milliseconds gap) {
  if (!part_) return;
  part_.reset();
  tell(failed_frame{generation_, around_.of.self,
                    "the process stood still for " + std::to_string(gap.count()) + " ms"});
}

void following_node::begin(const start_frame& start) {
  if (start.generation <= generation_) return;  // late
  part_.reset();  // before the links begin: numbers of channels are the same in every generation
  generation_ = start.generation;
  if (const auto begun = try_begin(start); !begun)
    tell(failed_frame{generation_, around_.of.self, begun.failure().message,
                      begun.failure().code == error_code::needs_decision});
  else
    tell(started_frame{generation_, around_.of.self});
}

result<void> following_node::try_begin(const start_frame& start) {
  auto places = read_plan_bytes(start.plan, around_.planned);
  if (!places) return places.failure();
  const restoring from = restoring_of(start);
  const deploy_options deploying{
      .pool = around_.options.pool,
      .rejects = around_.options.rejects,
      .from = &from,
      .places = &places.value(),
      .here = around_.of.self,
      .staging = staging_in(around_.options.checkpoints),
      .wait = std::make_shared<outside_waits>(around_.options.on_outside_wait)};
  auto deployed = deploy(around_.description, around_.planned, deploying);
  if (!deployed) return undecided(deployed.failure());
  part_ = around_.make_part(std::move(deployed).value(), {}, around_.links);
  part_->run().connect();
  part_->run().start();
  return {};
}

restoring following_node::restoring_of(const start_frame& start) const {
  restoring from;
  from.truth.generation = start.generation;
  from.truth.job = around_.job;
  for (const manifest* sealed : {&start.before, &start.restored})
    if (sealed->epoch != epoch_id{}) from.truth.sealed.push_back(*sealed);
  from.read = around_.place.read;
  from.generation_now = around_.place.generation;
  from.how = std::make_shared<durability>();
  from.how->generation = start.generation;
  from.how->queue = around_.queue;
  from.how->write_file = [write = around_.place.write_file, generation = start.generation](
                             const std::string& stage, std::size_t instance, epoch_id epoch,
                             const snapshot_chain::file_content& content) {
    return write(generation, stage, instance, epoch, content);
  };
  return from;
}

void following_node::tell(control_frame frame) {
  around_.links.port->tell(coordinator(), std::move(frame));
}

}  // namespace sluice

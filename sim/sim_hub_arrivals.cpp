// What comes to a simulated hub: who may speak, and what follows from it.
#include <algorithm>
#include <utility>

#include "sluice/links/batch_frame.hpp"
#include "sluice/records/assert.hpp"
#include "sluice/sim/sim_hub.hpp"

namespace sluice::sim {

namespace {

using namespace std::chrono_literals;

constexpr auto least_back_off = 50ms;

bool other_generation(frame_fault fault) {
  return fault == frame_fault::old_generation || fault == frame_fault::newer_generation;
}

}  // namespace

void sim_hub::arrived(const connection_ref& on, bool at_server, const frame_bytes& whole) {
  const std::string_view frame = whole.bytes;
  const sim_process_name& from = at_server ? on->client : on->server;
  const auto known = peers_.find(from.node);
  SLUICE_ASSERT(known != peers_.end(), "only nodes of the run speak");
  peer& p = known->second;
  const frame_finding found =
      find_fault(frame, {{}, options_.job, generation_, [&](const frame_head& head) {
                           return standing(p, at_server, head);
                         }});
  if (found.head.type == frame_type::hello) {
    const auto said = read_control_frame(frame, found.head);
    const auto& hello = std::get<hello_frame>(said.value());
    if (at_server) return greeted(p, on);
    line& l = on->port == port_kind::data ? p.data_line : p.control_line;
    if (l.connection == on) answered(p, l, hello);
    return;
  }
  // What a dead process has sent, or one that has not said hello yet.
  if (from.incarnation != p.incarnation) return;
  const frame_type type = found.head.type;
  if (type == frame_type::fenced)
    fenced(p, found);
  else if (on->port == port_kind::data && at_server && has_sequence(type))
    rows_arrived(p, on, whole, found);
  else if (on->port == port_kind::data && !at_server &&
           (type == frame_type::grant || type == frame_type::resume))
    credit_arrived(p, on, frame, found);
  else if (on->port == port_kind::control && (is_numbered(type) || type == frame_type::heartbeat))
    control_arrived(p, frame, found);
  else
    bad(p, to_string(type));
  write_all();
}

frame_fault sim_hub::standing(const peer& p, bool at_server, const frame_head& head) const {
  if (!at_server) {
    const auto channel = outgoing_.find(head.place.channel);
    const bool known =
        !has_sequence(head.type) && channel != outgoing_.end() && channel->second.to == &p;
    return known ? frame_fault::none : frame_fault::unknown_channel;
  }
  const auto channel = incoming_.find(head.place.channel);
  if (!has_sequence(head.type) || channel == incoming_.end() || channel->second.from != &p)
    return frame_fault::unknown_channel;
  return channel->second.rules.standing(head);
}

void sim_hub::greeted(peer& p, const connection_ref& on) {
  if (doubtful(p, on->client.incarnation)) {
    p.doubted.push_back(on);
    network_.send(on, false, this->hello());
    for (line* const l : {&p.data_line, &p.control_line})
      if (!l->connection) l->make_at = now_;
    return;
  }
  if (!meet(p, on->client.incarnation)) return;
  connection_ref& newest = on->port == port_kind::data ? p.on_data : p.on_control;
  if (newest && on->number < newest->number) return;
  newest = on;
  network_.send(on, false, this->hello());
  if (on->port == port_kind::control) p.control.reconnected(now_);
  if (on->port == port_kind::data)
    for (auto& [id, channel] : incoming_)
      if (channel.from == &p && !channel.broken)
        if (const auto again = channel.rules.reconnected(now_)) say(channel, *again);
  write_all();
}

bool sim_hub::doubtful(const peer& p, incarnation_id incarnation) const {
  return p.incarnation != incarnation &&
         std::find(p.former.begin(), p.former.end(), incarnation) == p.former.end();
}

void sim_hub::answered(peer& p, line& l, const hello_frame& hello) {
  std::erase(p.former, hello.incarnation);
  if (!meet(p, hello.incarnation)) return;
  l.up = true;
  l.back_off = least_back_off;
  if (l.port == port_kind::control) p.control.reconnected(now_);
  for (const connection_ref& doubt : std::exchange(p.doubted, {}))
    if (doubt->client.incarnation == p.incarnation)
      greeted(p, doubt);
    else
      p.doubted.push_back(doubt);
  write_all();
}

bool sim_hub::meet(peer& p, incarnation_id incarnation) {
  if (std::find(p.former.begin(), p.former.end(), incarnation) != p.former.end()) return false;
  if (p.incarnation == incarnation) {
    heard(p);
    return true;
  }
  if (p.seen()) {
    p.former.push_back(p.incarnation);
    p.control.restart();
    p.on_data = p.on_control = nullptr;
    p.data_line.up = p.control_line.up = false;
    for (auto& [id, channel] : outgoing_)
      if (channel.to == &p) give_up(id, channel.broken, p.name + " was started again");
    for (auto& [id, channel] : incoming_)
      if (channel.from == &p) give_up(id, channel.broken, p.name + " was started again");
  }
  p.incarnation = incarnation;
  p.lost = false;
  p.heard = now_;
  listener_.peer_seen(p.name, incarnation);
  return true;
}

void sim_hub::heard(peer& p) {
  p.heard = now_;
  if (std::exchange(p.lost, false)) listener_.peer_seen(p.name, p.incarnation);
}

void sim_hub::rows_arrived(peer& p, const connection_ref& on, const frame_bytes& frame,
                           const frame_finding& found) {
  if (found.fault == frame_fault::old_generation && may_fence(p))
    network_.send(on, false, bytes_of(fenced_frame{generation_}));
  if (other_generation(found.fault)) return;
  const bool read_so_far = found.fault == frame_fault::none ||
                           found.fault == frame_fault::repeated ||
                           found.fault == frame_fault::ahead;
  if (!read_so_far) return bad(p, to_string(found.fault));
  incoming& channel = incoming_.at(found.head.place.channel);
  if (channel.broken) return;
  received_rows rows;
  marker m;
  credit cost;
  if (found.fault == frame_fault::none && found.head.type == frame_type::rows) {
    auto read = read_rows_frame(frame, found.head, channel.fields, options_.pool, channel.limits);
    if (!read) return bad(p, read.failure().message);
    rows = std::move(read).value();
    cost = {rows.rows->size(), rows.rows->bytes()};
  } else if (found.fault == frame_fault::none) {
    const auto read = read_marker_frame(frame.bytes, found.head);
    if (!read) return bad(p, read.failure().message);
    m = read.value();
  }
  const incoming_answer answer = channel.rules.arrive(found.head, cost, now_);
  if (answer.say) say(channel, *answer.say);
  if (answer.what == incoming_answer::verdict::broken)
    give_up(found.head.place.channel, channel.broken, p.name + " sent more than it was granted");
  if (answer.what != incoming_answer::verdict::deliver) return;
  if (rows.rows)
    listener_.arrived(found.head.place.channel, std::move(rows.rows), rows.watermark);
  else
    listener_.arrived(found.head.place.channel, m);
}

void sim_hub::credit_arrived(peer& p, const connection_ref& on, std::string_view frame,
                             const frame_finding& found) {
  if (found.fault == frame_fault::old_generation && may_fence(p))
    network_.send(on, true, bytes_of(fenced_frame{generation_}));
  if (other_generation(found.fault)) return;
  if (found.fault != frame_fault::none) return bad(p, to_string(found.fault));
  const auto said = read_control_frame(frame, found.head);
  const channel_id id = found.head.place.channel;
  outgoing& channel = outgoing_.at(id);
  if (channel.broken) return;
  const auto* const resume = std::get_if<resume_frame>(&said.value());
  const auto raised = resume ? channel.rules.take(*resume, now_)
                             : channel.rules.take(std::get<grant_frame>(said.value()), now_);
  if (raised) listener_.limit(id, *raised);
}

void sim_hub::control_arrived(peer& p, std::string_view frame, const frame_finding& found) {
  auto said = read_control_frame(frame, found.head);
  if (!said) return bad(p, said.failure().message);
  if (const auto* beat = std::get_if<heartbeat_frame>(&said.value())) {
    if (beat->incarnation != p.incarnation || !p.control.acknowledged(beat->received, now_))
      return bad(p, "a heartbeat of another process");
    return heard(p);
  }
  p.owes_answer = true;
  if (!p.control.take(found.head.seq)) return;
  heard(p);
  if (found.fault != frame_fault::old_generation)
    return listener_.told(p.name, std::move(said).value());
  if (may_fence(p)) send_control(p, bytes_of(fenced_frame{generation_}));
}

void sim_hub::fenced(peer& p, const frame_finding& found) {
  if (found.fault == frame_fault::newer_generation)
    listener_.told(p.name, fenced_frame{found.head.place.generation});
}

bool sim_hub::may_fence(peer& p) {
  if (now_ - p.fenced_at < 1s) return false;
  p.fenced_at = now_;
  return true;
}

}  // namespace sluice::sim

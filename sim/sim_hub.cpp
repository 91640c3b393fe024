#include "sluice/sim/sim_hub.hpp"

#include <algorithm>
#include <utility>

#include "sluice/links/batch_frame.hpp"
#include "sluice/messages/wire.hpp"
#include "sluice/records/assert.hpp"

namespace sluice::sim {

namespace {

using namespace std::chrono_literals;

constexpr auto beat_every = 200ms;
constexpr auto failure_deadline = 1'500ms;
constexpr auto most_absence = 500ms;
constexpr auto patience = 1'000ms;
constexpr auto least_back_off = 50ms;
constexpr auto most_back_off = 1'000ms;

bool other_generation(frame_fault fault) {
  return fault == frame_fault::old_generation || fault == frame_fault::newer_generation;
}

}  // namespace

sim_hub::sim_hub(options chosen, hub_listener& listener, sim_network& network)
    : options_(std::move(chosen)), listener_(listener), network_(network) {
  for (const auto& name : options_.peers) peers_[name].name = name;
}

// --- what the actors ask for

void sim_hub::begin(generation_id generation, std::vector<hub_channel> channels) {
  asked_.push_back(begin_asked{generation, std::move(channels)});
}
void sim_hub::send(channel_id channel, batch_ptr rows, instant watermark) {
  asked_.push_back(rows_asked{channel, std::move(rows), watermark});
}
void sim_hub::send(channel_id channel, const marker& m) {
  asked_.push_back(marker_asked{channel, m});
}
void sim_hub::grant(channel_id channel, const credit& limit) {
  asked_.push_back(grant_asked{channel, limit});
}
void sim_hub::tell(const std::string& node, control_frame frame) {
  SLUICE_ASSERT(is_numbered(type_of(frame)), "the hub itself sends what repeats itself");
  SLUICE_ASSERT(to_wire(frame), "what is told fits a header");
  asked_.push_back(tell_asked{node, std::move(frame)});
}

bool sim_hub::asked() const {
  return !asked_.empty() && !(held_ && std::holds_alternative<begin_asked>(asked_.front()));
}

void sim_hub::do_one() {
  asked_for next = std::move(asked_.front());
  asked_.pop_front();
  std::visit([this](auto& a) { done(a); }, next);
  write_all();
}

void sim_hub::done(begin_asked& a) {
  SLUICE_ASSERT(a.generation > generation_, "generations grow");
  resent_ = resent();
  outgoing_.clear();
  incoming_.clear();
  generation_ = a.generation;
  for (const hub_channel& c : a.channels) {
    peer* const other = &peers_.at(c.peer);
    if (c.outgoing) {
      outgoing_.insert(
          {c.channel,
           {other, {options_.job, generation_, c.channel, c.window, options_.pool}, false}});
      continue;
    }
    frame_limits limits;
    limits.rows = static_cast<std::uint32_t>(std::min<std::uint64_t>(c.window.rows, UINT32_MAX));
    incoming_.insert(
        {c.channel, {other, {generation_, c.channel, c.window}, c.fields, limits, false, false}});
  }
  for (auto& [name, p] : peers_) p.control.forget_before(generation_);
  listener_.begun(generation_);
}

void sim_hub::done(rows_asked& a) {
  const auto found = outgoing_.find(a.channel);
  if (found != outgoing_.end() && !found->second.broken)
    found->second.rules.push(std::move(a.rows), a.watermark, now_);
}

void sim_hub::done(marker_asked& a) {
  const auto found = outgoing_.find(a.channel);
  if (found != outgoing_.end() && !found->second.broken) found->second.rules.push(a.m, now_);
}

void sim_hub::done(grant_asked& a) {
  const auto found = incoming_.find(a.channel);
  if (found == incoming_.end() || found->second.broken) return;
  incoming& channel = found->second;
  if (std::exchange(channel.opened, true))
    say(channel, channel.rules.granted(a.limit));
  else
    say(channel, channel.rules.open(a.limit, now_));
}

void sim_hub::done(tell_asked& a) {
  if (place_of(a.frame).generation >= generation_)
    peers_.at(a.peer).control.push(std::move(a.frame));
}

// --- time

void sim_hub::set_time(milliseconds now) { now_ = now; }

void sim_hub::was_away(milliseconds gap) {
  if (gap <= most_absence) return;
  for (auto& [name, p] : peers_) p.heard += gap;
}

void sim_hub::tick() {
  for (auto& [name, p] : peers_) {
    tend(p, p.control_line);
    tend(p, p.data_line);
  }
  for (auto& [id, channel] : incoming_)
    if (!channel.broken)
      if (const auto again = channel.rules.tick(now_)) say(channel, *again);
  const bool beats = now_ - beaten_ >= beat_every;
  if (beats) beaten_ = now_;
  for (auto& [name, p] : peers_) {
    p.control.tick(now_);
    if (beats) beat(p);
    if (!p.seen() || p.lost || now_ - p.heard <= failure_deadline) continue;
    p.lost = true;
    listener_.peer_lost(name);
  }
  write_all();
}

// --- lines

void sim_hub::tend(peer& p, line& l) {
  if (l.connection && !l.up && now_ - l.connected_at > patience) drop(l);
  if (l.connection || now_ < l.make_at) return;
  l.connection = network_.connect(options_.self, p.name, l.port);
  if (!l.connection) {
    l.make_at = now_ + least_back_off;
    return;
  }
  l.connected_at = now_;
  network_.send(l.connection, true, hello());
}

void sim_hub::drop(line& l) {
  const connection_ref closed = std::exchange(l.connection, nullptr);
  l.up = false;
  l.make_at = now_ + l.back_off;
  l.back_off = std::min<milliseconds>(2 * l.back_off, most_back_off);
  if (closed) network_.close(closed);
}

void sim_hub::disconnected(const connection_ref& which) {
  for (auto& [name, p] : peers_)
    for (line* const l : {&p.data_line, &p.control_line})
      if (l->connection == which) drop(*l);
}

// --- what comes in

void sim_hub::arrived(const connection_ref& on, bool at_server, std::string_view frame) {
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
    rows_arrived(p, on, frame, found);
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

void sim_hub::rows_arrived(peer& p, const connection_ref& on, std::string_view frame,
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
    auto read = read_rows_frame(frame, found.head, *channel.fields, options_.pool, channel.limits);
    if (!read) return bad(p, read.failure().message);
    rows = std::move(read).value();
    cost = {rows.rows->size(), rows.rows->bytes()};
  } else if (found.fault == frame_fault::none) {
    const auto read = read_marker_frame(frame, found.head);
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

// --- what goes out

bool sim_hub::reachable(const peer& p) const {
  return p.control_line.up || (p.on_control && p.on_control->open);
}

void sim_hub::send_control(peer& p, const frame_bytes& frame) {
  if (p.control_line.up)
    network_.send(p.control_line.connection, true, frame);
  else if (p.on_control)
    network_.send(p.on_control, false, frame);
}

void sim_hub::flush(peer& p) {
  while (reachable(p)) {
    const auto next = p.control.write(now_);
    if (!next) break;
    send_control(p, bytes_of(next->frame, next->seq));
  }
  if (std::exchange(p.owes_answer, false)) beat(p);
}

void sim_hub::beat(peer& p) {
  if (!reachable(p)) return;
  send_control(p, bytes_of(heartbeat_frame{
                      generation_, options_.self.incarnation, {}, 0, "", p.control.received()}));
}

void sim_hub::say(incoming& channel, const control_frame& what) {
  if (channel.from->on_data) network_.send(channel.from->on_data, false, bytes_of(what));
}

void sim_hub::write(outgoing& channel) {
  if (channel.broken || !channel.to->data_line.up) return;
  while (auto frame = channel.rules.write(now_))
    network_.send(channel.to->data_line.connection, true, std::move(*frame));
}

void sim_hub::write_all() {
  for (auto& [id, channel] : outgoing_) write(channel);
  for (auto& [name, p] : peers_) flush(p);
}

void sim_hub::give_up(channel_id id, bool& broken, const std::string& cause) {
  if (!std::exchange(broken, true)) listener_.broken(id, cause);
}

frame_bytes sim_hub::bytes_of(const control_frame& frame, std::uint64_t seq) const {
  auto bytes = std::make_shared<const std::string>(control_bytes(options_.job, frame, seq).value());
  return {bytes, *bytes};
}

frame_bytes sim_hub::hello() const {
  return bytes_of(hello_frame{options_.job, options_.graph, frame_version, options_.self.node,
                              options_.self.incarnation, generation_});
}

void sim_hub::bad(const peer& p, std::string_view what) {
  if (problem_.empty())
    problem_ = options_.self.node + ": a bad frame from " + p.name + ": " + std::string(what);
}

std::uint64_t sim_hub::resent() const {
  std::uint64_t all = resent_;
  for (const auto& [id, channel] : outgoing_) all += channel.rules.counters().resent;
  return all;
}

std::string sim_hub::waiting() const {
  std::string text;
  for (const auto& [id, channel] : outgoing_)
    if (channel.rules.acked() != channel.rules.high())
      text += "; channel " + std::to_string(id.value) + " to " + channel.to->name + ": acked " +
              std::to_string(channel.rules.acked()) + ", next " +
              std::to_string(channel.rules.next()) + ", high " +
              std::to_string(channel.rules.high()) + (channel.broken ? ", broken" : "");
  for (const auto& [id, channel] : incoming_)
    text += "; channel " + std::to_string(id.value) + " from " + channel.from->name +
            ": consumed " + std::to_string(channel.rules.consumed()) + ", expected " +
            std::to_string(channel.rules.expected()) + (channel.broken ? ", broken" : "");
  for (const auto& [name, p] : peers_) {
    const auto line_text = [](const line& l) {
      return l.up ? (l.connection->open ? "up" : "up, over") : l.connection ? "waits" : "none";
    };
    const auto visit_text = [](const connection_ref& c) {
      return c ? (c->open ? "open" : "over") : "none";
    };
    text += "\n    " + name + " as " + std::to_string(p.incarnation.value[1]) +
            (p.lost ? ", lost" : "") + ", data to it " + line_text(p.data_line) + ", from it " +
            visit_text(p.on_data) + ", control to it " + line_text(p.control_line) + ", from it " +
            visit_text(p.on_control) + ", not acknowledged " + std::to_string(p.control.kept());
  }
  return text;
}

}  // namespace sluice::sim

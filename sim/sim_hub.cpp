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
        {c.channel, {other, {generation_, c.channel, c.window}, {*c.fields, c.combined}, limits}});
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
  send_control(
      p, bytes_of(heartbeat_frame{generation_, options_.self.incarnation, p.control.received()}));
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

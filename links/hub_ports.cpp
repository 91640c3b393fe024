// What comes to the ports of a hub's thread: who may speak, and what follows from it.
#include <algorithm>
#include <utility>

#include "sluice/links/batch_frame.hpp"
#include "sluice/links/connection_name.hpp"
#include "sluice/links/hub_thread.hpp"

namespace sluice {

namespace {

constexpr int most_at_once = 256;
constexpr std::size_t most_former = 64;

// Keeps the newest connection of each incarnation.
void doubt(std::vector<hub_doubt>& all, hub_doubt more) {
  const auto same = std::find_if(all.begin(), all.end(), [&](const hub_doubt& d) {
    return d.hello.incarnation == more.hello.incarnation;
  });
  if (same != all.end()) {
    if (same->number < more.number) *same = std::move(more);
    return;
  }
  if (all.size() == most_former) all.erase(all.begin());
  all.push_back(std::move(more));
}

bool other_generation(frame_fault fault) {
  return fault == frame_fault::old_generation || fault == frame_fault::newer_generation;
}

}  // namespace

void hub_thread::drain(port at) {
  for (int taken = 0; taken < most_at_once; ++taken) {
    const reception what = bound(at).receive(in_);
    if (what == reception::nothing) return;
    if (what == reception::second_part) ++seen_.second_parts;
    arrived(at, in_);
  }
  more_ = true;
}

void hub_thread::arrived(port at, incoming_frame& in) {
  if (is_impostor(in)) {
    const std::string who = "the key of " + in.user;
    if (offences_.cut_off(who))
      ++seen_.not_looked_at;
    else
      bad(who, "a connection of another node");
    return;
  }
  const auto& visits = visits_[static_cast<std::size_t>(at)];
  const auto visit = visits.find(in.connection);
  hub_peer* const peer = visit == visits.end() ? nullptr : visit->second;
  const std::string& who = peer ? peer->who : in.connection;
  if (offences_.cut_off(who)) {
    ++seen_.not_looked_at;
    return;
  }
  const auto standing = [this, peer](const frame_head& head) {
    const auto channel = incoming_.find(head.place.channel);
    if (!has_sequence(head.type) || channel == incoming_.end() || channel->second.peer != peer)
      return frame_fault::unknown_channel;
    return channel->second.rules.standing(head);
  };
  const std::string_view frame = in.view();
  const frame_finding found = find_fault(frame, {{}, options_.job, generation_, standing});
  const bool whole = found.fault == frame_fault::none || other_generation(found.fault);
  if (found.head.type == frame_type::hello && (whole || found.fault == frame_fault::other_job)) {
    if (const auto hello = read_hello(who, frame, found)) greeted(at, in.connection, *hello);
    return;
  }
  if (!peer && (whole || found.fault == frame_fault::unknown_channel)) {
    ++seen_.not_greeted;  // the hello of this connection was for another process, or is still to
                          // come
    return;
  }
  const frame_type type = found.head.type;
  if (!peer || found.fault == frame_fault::other_job ||
      (!whole && (at != port::data || !has_sequence(type))))
    return bad(who, to_string(found.fault));
  if (type == frame_type::fenced)
    fenced(*peer, frame, found);
  else if (at == port::data && has_sequence(type))
    rows_arrived(*peer, frame, found);
  else if (at == port::control && (is_numbered(type) || type == frame_type::heartbeat))
    control_arrived(*peer, frame, found);
  else
    bad(who, to_string(type));
}

void hub_thread::greeted(port at, const std::string& connection, const hello_frame& hello) {
  const auto name = read_routing_id(connection);
  if (!name || name->node != hello.node || name->incarnation != hello.incarnation)
    return bad(connection, "a hello that does not agree with its connection");
  if (!same_run(hello)) {
    bound(at).send(connection, this->hello());  // so that the other side can name the reason too
    return;
  }
  hub_peer& peer = peer_named(hello.node);
  if (peer.left) return;
  if (doubtful(peer, hello.incarnation)) {
    doubt(peer.doubts[static_cast<std::size_t>(at)], {name->number, connection, hello});
    bound(at).send(connection, this->hello());  // else both might wait for each other
    for (hub_line* line : {&peer.data_line, &peer.control_line})
      if (!line->line) line->make_at = now_;
    return;
  }
  if (!meet(peer, hello.incarnation)) return;
  hub_visit& newest = at == port::data ? peer.on_data : peer.on_control;
  if (!newest.connection.empty() && name->number < newest.number) return;
  auto& visits = visits_[static_cast<std::size_t>(at)];
  visits.erase(newest.connection);
  newest = {name->number, connection};
  visits[connection] = &peer;
  bound(at).send(connection, this->hello());
  if (at == port::control) peer.control.reconnected(now_);
  if (at == port::data)
    for (auto& [id, channel] : incoming_)
      if (channel.peer == &peer && !channel.broken)
        if (const auto again = channel.rules.reconnected(now_)) say(channel, *again);
}

// Two incarnations cannot be told apart by their age, and hellos of both may wait here, in any
// order. Who lives now is who answers at the address of the peer; but for a peer without an
// address, or one that is lost, the hello counts.
bool hub_thread::doubtful(const hub_peer& peer, incarnation_id incarnation) const {
  const auto& former = peer.former;
  return peer.incarnation != incarnation && !peer.data_line.endpoint.empty() &&
         std::find(former.begin(), former.end(), incarnation) == former.end();
}

// The peer has answered: hellos of that process count.
void hub_thread::believe(hub_peer& peer) {
  for (const port at : {port::data, port::control}) {
    auto& doubts = peer.doubts[static_cast<std::size_t>(at)];
    const auto found = std::find_if(doubts.begin(), doubts.end(), [&](const auto& d) {
      return d.hello.incarnation == peer.incarnation;
    });
    if (found == doubts.end()) continue;
    const hub_doubt greeting = std::move(*found);
    doubts.erase(found);
    greeted(at, greeting.connection, greeting.hello);
  }
}

// Another incarnation than before: nothing of the old one counts any more. False for an old one.
bool hub_thread::meet(hub_peer& peer, incarnation_id incarnation) {
  if (std::find(peer.former.begin(), peer.former.end(), incarnation) != peer.former.end())
    return false;
  if (peer.incarnation == incarnation) {
    heard(peer);
    return true;
  }
  if (peer.seen()) {
    if (peer.former.size() == most_former) peer.former.erase(peer.former.begin());
    peer.former.push_back(peer.incarnation);
    peer.control.restart();
    visits_[static_cast<std::size_t>(port::data)].erase(peer.on_data.connection);
    visits_[static_cast<std::size_t>(port::control)].erase(peer.on_control.connection);
    peer.on_data = peer.on_control = {};
    peer.data_line.up = peer.control_line.up = false;
    give_up_all(peer, peer.name + " was started again");
  }
  peer.incarnation = incarnation;
  peer.who = to_routing_id({peer.name, incarnation, 0});
  peer.lost = false;
  peer.heard = now_;
  listener_.peer_seen(peer.name, incarnation);
  return true;
}

void hub_thread::heard(hub_peer& peer) {
  peer.heard = now_;
  if (std::exchange(peer.lost, false)) listener_.peer_seen(peer.name, peer.incarnation);
}

void hub_thread::rows_arrived(hub_peer& peer, std::string_view frame, const frame_finding& found) {
  if (found.fault == frame_fault::old_generation) {
    ++seen_.old_generation;
    if (may_fence(peer, frame))
      data_->send(peer.on_data.connection, bytes_of(fenced_frame{generation_}));
    return;
  }
  if (found.fault == frame_fault::newer_generation) {
    ++seen_.newer_generation;
    return;
  }
  const bool read_so_far = found.fault == frame_fault::none ||
                           found.fault == frame_fault::repeated ||
                           found.fault == frame_fault::ahead;
  if (!read_so_far && !breaks_link(found.fault)) return bad(peer.who, to_string(found.fault));
  hub_incoming& channel = incoming_.at(found.head.place.channel);
  if (channel.broken) return;
  const auto unreadable = [&](std::string_view what) {
    bad(peer.who, what);
    give_up(channel, "a frame from " + peer.name + " cannot be read: " + std::string(what));
  };
  if (breaks_link(found.fault)) return unreadable(to_string(found.fault));

  received_rows rows;
  marker m;
  credit cost;
  if (found.fault == frame_fault::none && found.head.type == frame_type::rows) {
    const frame_bytes kept = in_.keep();
    frame = kept.bytes;
    auto read = read_rows_frame(kept, found.head, channel.fields, options_.pool, channel.limits);
    if (!read) return unreadable(read.failure().message);
    rows = std::move(read).value();
    cost = {rows.rows->size(), rows.rows->bytes()};
  } else if (found.fault == frame_fault::none) {
    const auto read = read_marker_frame(frame, found.head);
    if (!read) return unreadable(read.failure().message);
    m = read.value();
  }
  const incoming_answer answer = channel.rules.arrive(found.head, cost, now_);
  if (answer.say) say(channel, *answer.say);
  if (answer.what == incoming_answer::verdict::broken)
    give_up(channel, peer.name + " sent more than it was granted");
  if (answer.what != incoming_answer::verdict::deliver) return;
  ++seen_.frames_received;
  seen_.bytes_received += frame.size();
  if (rows.rows)
    listener_.arrived(channel.channel, std::move(rows.rows), rows.watermark);
  else
    listener_.arrived(channel.channel, m);
}

void hub_thread::control_arrived(hub_peer& peer, std::string_view frame,
                                 const frame_finding& found) {
  if (!may_say(peer, found.head.type))
    return bad(peer.who, std::string(to_string(found.head.type)) + " is for coordinators to say");
  if (found.fault != frame_fault::none && !intact(frame))
    return bad(peer.who, to_string(frame_fault::wrong_checksum));
  auto said = read_control_frame(frame, found.head);
  if (!said) return bad(peer.who, said.failure().message);
  if (const auto* beat = std::get_if<heartbeat_frame>(&said.value())) {
    if (beat->incarnation != peer.incarnation || !peer.control.acknowledged(beat->received, now_))
      return bad(peer.who, "a heartbeat of another process");
    return heard(peer);
  }
  peer.owes_answer = true;
  if (!peer.control.take(found.head.seq)) return;
  heard(peer);
  if (found.fault != frame_fault::old_generation)
    return listener_.told(peer.name, std::move(said).value());
  ++seen_.old_generation;
  if (may_fence(peer, frame)) send_control(peer, bytes_of(fenced_frame{generation_}));
}

void hub_thread::fenced(hub_peer& peer, std::string_view frame, const frame_finding& found) {
  if (found.fault != frame_fault::newer_generation) return;  // this process has gone on meanwhile
  if (!intact(frame)) return bad(peer.who, to_string(frame_fault::wrong_checksum));
  listener_.told(peer.name, fenced_frame{found.head.place.generation});
}

// At most once a second and peer; nothing follows from a frame that is not sound.
bool hub_thread::may_fence(const hub_peer& peer, std::string_view frame) {
  return intact(frame) && offences_.may_say("fenced " + peer.who, now_);
}

std::optional<hello_frame> hub_thread::read_hello(const std::string& who, std::string_view frame,
                                                  const frame_finding& found) {
  if (!intact(frame)) {
    bad(who, to_string(frame_fault::wrong_checksum));
    return std::nullopt;
  }
  auto said = read_control_frame(frame, found.head);
  if (said) return std::get<hello_frame>(std::move(said).value());
  bad(who, said.failure().message);
  return std::nullopt;
}

bool hub_thread::same_run(const hello_frame& hello) {
  std::string other;
  if (hello.job != options_.job)
    other = "another run";
  else if (hello.graph != options_.graph)
    other = "another graph";
  else if (hello.wire_version != frame_version)
    other = "another version of the wire format";
  if (other.empty()) {
    offences_.put_right(hello.node);
    return true;
  }
  if (offences_.may_say_news(hello.node, other, now_))
    log(hello.node + " is not let in: it has " + other);
  return false;
}

void hub_thread::bad(const std::string& who, std::string_view what) {
  ++seen_.bad;
  const bool last = offences_.add(who);
  if (last) ++seen_.cut_off;
  const auto name = read_routing_id(who);
  const std::string whom = name ? name->node : door_ ? who : "a stranger";
  if (offences_.may_say("bad " + whom, now_))
    log("bad frame from " + whom + ": " + std::string(what));
  if (last && offences_.may_say("cut off " + whom, now_))
    log(whom + " is not listened to any more: it sent 100 bad frames");
}

}  // namespace sluice

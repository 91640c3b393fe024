// The lines of a hub's thread to the ports of its peers: made, greeted, drained, made again.
#include <algorithm>
#include <utility>

#include "sluice/links/connection_name.hpp"
#include "sluice/links/hub_thread.hpp"

namespace sluice {

namespace {

// Frames taken from a socket before the next one has its turn.
constexpr int most_at_once = 256;

}  // namespace

void hub_thread::tend(hub_peer& peer, hub_line& line) {
  if (line.endpoint.empty()) return;
  if (!line.line && now_ >= line.make_at) make(peer, line);
  if (!line.line) return;
  for (auto event = line.line->next_event(); event != peer_line::event::none;
       event = line.line->next_event()) {
    if (event == peer_line::event::refused) return refused(peer, line);
    if (event == peer_line::event::disconnected) {
      ++seen_.lines_lost;
      return drop(line);
    }
    line.connected = true;
    line.connected_at = now_;
    line.line->send(hello());
  }
  if (line.connected && !line.up && now_ - line.connected_at > hub_line::patience) drop(line);
}

void hub_thread::make(hub_peer& peer, hub_line& line) {
  const std::uint64_t number = ++lines_made_;
  std::string why = cannot_join(peer, line.endpoint);
  if (why.empty()) try {
      const std::string id = to_routing_id({options_.node, options_.incarnation, number});
      if (!door_) {
        line.line = std::make_unique<peer_line>(context_, line.endpoint, id, number, nullptr);
      } else {
        const line_keys keys{options_.keys->own, door_->allowed.of_node(peer.name)->public_key};
        line.line = std::make_unique<peer_line>(context_, line.endpoint, id, number, &keys);
      }
      if (options_.insecure) log("insecure: connecting to " + peer.name + " at " + line.endpoint);
      return;
    } catch (const zmq::error_t& fault) {
      why = fault.what();
    }
  log("cannot connect to " + peer.name + " at " + line.endpoint + " (" + why + ")");
  line.endpoint.clear();
}

void hub_thread::refused(const hub_peer& peer, hub_line& line) {
  if (offences_.may_say("refused by " + peer.name, now_))
    log(line.endpoint + " lets no connection through: does each, " + peer.name + " and " +
        options_.node + ", have the key of the other in its allow-list?");
  drop(line);
}

// The socket goes with its connection: it would connect again under the same name, and as long as
// the peer has not read all of the old connection, it hears nothing of the new one, then or later
// (measured with ZeroMQ 4.3.4).
void hub_thread::drop(hub_line& line) {
  line.line.reset();
  line.connected = line.up = false;
  line.make_at = now_ + line.back_off;
  line.back_off = std::min(2 * line.back_off, hub_line::most_back_off);
}

void hub_thread::drain(hub_peer& peer, hub_line& line) {
  for (int taken = 0; line.line; ++taken) {
    if (taken == most_at_once) {
      more_ = true;
      return;
    }
    switch (line.line->receive(in_)) {
      case reception::nothing:
        return;
      case reception::second_part:
        ++seen_.second_parts;
        bad(peer.who, "a second part");
        break;
      case reception::frame:
        if (offences_.cut_off(peer.who))
          ++seen_.not_looked_at;
        else
          arrived_on_line(peer, line, in_.view());
    }
  }
}

void hub_thread::arrived_on_line(hub_peer& peer, hub_line& line, std::string_view frame) {
  const bool data = &line == &peer.data_line;
  const auto standing = [this, &peer](const frame_head& head) {
    const auto channel = outgoing_.find(head.place.channel);
    const bool known =
        !has_sequence(head.type) && channel != outgoing_.end() && channel->second.peer == &peer;
    return known ? frame_fault::none : frame_fault::unknown_channel;
  };
  const frame_finding found = find_fault(frame, {{}, options_.job, generation_, standing});
  const bool other_generation =
      found.fault == frame_fault::old_generation || found.fault == frame_fault::newer_generation;
  if (found.fault != frame_fault::none && found.fault != frame_fault::other_job &&
      !other_generation)
    return bad(peer.who, to_string(found.fault));
  if (found.head.type == frame_type::hello) {
    if (const auto hello = read_hello(peer.who, frame, found)) answered(peer, line, *hello);
    return;
  }
  if (found.fault == frame_fault::other_job) return bad(peer.who, to_string(found.fault));
  if (!line.up) {
    ++seen_.not_greeted;
  } else if (found.head.type == frame_type::fenced) {
    fenced(peer, frame, found);
  } else if (!data && (is_numbered(found.head.type) || found.head.type == frame_type::heartbeat)) {
    control_arrived(peer, frame, found);
  } else if (data &&
             (found.head.type == frame_type::grant || found.head.type == frame_type::resume)) {
    credit_arrived(peer, frame, found);
  } else {
    bad(peer.who, to_string(found.head.type));
  }
}

void hub_thread::answered(hub_peer& peer, hub_line& line, const hello_frame& hello) {
  if (hello.node != peer.name) {
    if (offences_.may_say(peer.name, now_))
      log(line.endpoint + " is not " + peer.name + " but " + hello.node);
    return;
  }
  if (!same_run(hello)) return;
  std::erase(peer.former, hello.incarnation);  // nobody else can answer there now
  if (!meet(peer, hello.incarnation)) return;
  line.up = true;
  line.back_off = hub_line::least_back_off;
  if (&line == &peer.control_line) peer.control.reconnected(now_);
  believe(peer);
}

void hub_thread::credit_arrived(hub_peer& peer, std::string_view frame,
                                const frame_finding& found) {
  if (found.fault == frame_fault::old_generation) {
    ++seen_.old_generation;
    if (may_fence(peer, frame)) peer.data_line.line->send(bytes_of(fenced_frame{generation_}));
    return;
  }
  if (found.fault == frame_fault::newer_generation) {
    ++seen_.newer_generation;
    return;
  }
  const auto said = read_control_frame(frame, found.head);
  if (!said) return bad(peer.who, said.failure().message);
  hub_outgoing& channel = outgoing_.at(found.head.place.channel);
  if (channel.broken) return;
  const auto* const resume = std::get_if<resume_frame>(&said.value());
  const auto raised = resume ? channel.rules.take(*resume, now_)
                             : channel.rules.take(std::get<grant_frame>(said.value()), now_);
  if (raised) listener_.limit(channel.channel, *raised);
}

// --- control frames, on whichever connection there is

bool hub_thread::reachable(const hub_peer& peer) const {
  return peer.control_line.up || !peer.on_control.connection.empty();
}

bool hub_thread::send_control(hub_peer& peer, const frame_bytes& frame) {
  if (peer.control_line.up && peer.control_line.line->send(frame)) return true;
  if (peer.on_control.connection.empty()) return false;
  if (control_->send(peer.on_control.connection, frame)) return true;
  visits_[static_cast<std::size_t>(port::control)].erase(peer.on_control.connection);
  peer.on_control = {};
  return false;
}

void hub_thread::flush(hub_peer& peer) {
  while (reachable(peer)) {
    const auto next = peer.control.write(now_);
    if (!next || !send_control(peer, bytes_of(next->frame, next->seq))) break;
  }
  if (std::exchange(peer.owes_answer, false)) beat(peer);
}

void hub_thread::beat(hub_peer& peer) {
  if (!reachable(peer)) return;
  send_control(
      peer, bytes_of(heartbeat_frame{generation_, options_.incarnation, peer.control.received()}));
}

}  // namespace sluice

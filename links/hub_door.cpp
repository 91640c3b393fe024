// Who may connect to a hub and say what (docs/security.md).
#include "sluice/links/endpoint.hpp"
#include "sluice/links/hub_thread.hpp"

namespace sluice {

namespace {

constexpr int most_at_once = 256;

}  // namespace

void hub_thread::say_if_insecure() const {
  if (!options_.insecure) return;
  for (const bound_port* port : {data_.get(), control_.get()})
    log("insecure: listening at " + port->address() + ", nothing is encrypted, anyone may speak");
}

void hub_thread::watch_door() {
  for (int taken = 0; door_; ++taken) {
    if (taken == most_at_once) {
      more_ = true;
      break;
    }
    const auto answer = door_->keeper.answer_next();
    if (!answer) break;
    if (answer->let_in) continue;
    ++seen_.unknown_keys;
    if (offences_.may_say("unknown key", now_)) log("not let in: " + answer->refused);
  }
  count_refusals(*data_);
  count_refusals(*control_);
}

void hub_thread::count_refusals(bound_port& at) {
  for (int taken = 0; at.next_refusal(); ++taken) {
    ++seen_.refused;
    if (door_ && offences_.may_say("refused", now_))
      log("not let in: a handshake at " + at.address() +
          " failed (no key, or not the one of this node)");
    if (taken == most_at_once) {
      more_ = true;
      return;
    }
  }
}

// Why `peer` may not be connected to; empty if it may.
std::string hub_thread::cannot_join(const hub_peer& peer, const std::string& endpoint) const {
  const endpoint_reach reach = reach_of(endpoint);
  if (reach == endpoint_reach::none) return "neither ipc://PATH nor tcp://ADDRESS:PORT";
  if (door_ && door_->allowed.of_node(peer.name) == nullptr)
    return "its key is not in the allow-list";
  if (!door_ && !options_.insecure && reach == endpoint_reach::network)
    return "without keys only to ipc:// and loopback addresses";
  return {};
}

// Whoever has the key of a node speaks on connections that bear its name, and on no others: also
// not on one of another node that has ended, whose name is free again. Nobody speaks whom the
// doorkeeper has not given a name: ZeroMQ lets everyone in if there is no handler at all.
bool hub_thread::is_impostor(const incoming_frame& in) const {
  return door_ && (in.user.empty() || !in.connection.starts_with(in.user + '/'));
}

bool hub_thread::may_say(const hub_peer& peer, frame_type type) const {
  return !door_ || door_->allowed.may_say(peer.name, type);
}

}  // namespace sluice

#include "sluice/sim/sim_network.hpp"

#include <algorithm>
#include <utility>

namespace sluice::sim {

namespace {

using std::chrono::nanoseconds;

bool between(const sim_connection& c, const std::string& a, const std::string& b) {
  return (c.client.node == a && c.server.node == b) || (c.client.node == b && c.server.node == a);
}

}  // namespace

void sim_network::listen(const sim_process_name& who, network_end& end) {
  for (const auto& c : std::vector<connection_ref>(connections_))
    if (c->client.node == who.node || c->server.node == who.node) end_connection(c);
  processes_.emplace_back(who, &end);
  listening_[who.node] = who.incarnation;
}

void sim_network::end(const sim_process_name& who, bool silently) {
  if (!process(who)) return;
  std::erase_if(processes_, [&](const auto& p) { return p.first == who; });
  if (const auto found = listening_.find(who.node);
      found != listening_.end() && found->second == who.incarnation)
    listening_.erase(found);
  for (const auto& c : std::vector<connection_ref>(connections_)) {
    if (c->client != who && c->server != who) continue;
    if (silently)
      partings_[{now_ + silence, ++order_}] = {c, {}, {}};
    else
      end_connection(c);
  }
}

network_end* sim_network::process(const sim_process_name& who) const {
  for (const auto& [name, end] : processes_)
    if (name == who) return end;
  return nullptr;
}

nanoseconds sim_network::blocked_until(const std::string& from, const std::string& to) const {
  const auto found = blocked_.find({from, to});
  return found == blocked_.end() ? nanoseconds{0} : found->second;
}

connection_ref sim_network::connect(const sim_process_name& client, const std::string& node,
                                    port_kind port) {
  const auto at = listening_.find(node);
  if (at == listening_.end() || blocked_until(client.node, node) > now_ ||
      blocked_until(node, client.node) > now_)
    return nullptr;
  auto made = std::make_shared<sim_connection>();
  made->number = ++numbers_;
  made->port = port;
  made->client = client;
  made->server = {node, at->second};
  connections_.push_back(made);
  return made;
}

void sim_network::close(const connection_ref& which) {
  if (which->open) end_connection(which);
}

nanoseconds sim_network::delay(nanoseconds most) {
  return nanoseconds{
      static_cast<std::int64_t>(random_->below(static_cast<std::uint64_t>(most.count()) + 1))};
}

void sim_network::send(const connection_ref& on, bool to_server, frame_bytes frame) {
  if (!on->open) return;
  const frame_fate fate = judge_ ? judge_(to_server ? on->client : on->server,
                                          to_server ? on->server : on->client, frame.bytes, now_)
                                 : frame_fate::passes;
  if (strikes(faults_.dropped) || fate == frame_fate::vanishes) {
    ++lost_;
    return;
  }
  if (fate == frame_fate::doubles) {
    ++doubled_;
    take_off(on, to_server, frame);
  }
  take_off(on, to_server, std::move(frame));
}

void sim_network::take_off(const connection_ref& on, bool to_server, frame_bytes frame) {
  const std::string& from = to_server ? on->client.node : on->server.node;
  const std::string& to = to_server ? on->server.node : on->client.node;
  const nanoseconds free = std::max(now_, blocked_until(from, to));
  nanoseconds& last = on->last_due[to_server ? 1 : 0];
  last = std::max(last, free + delay(faults_.latency));
  under_way_[{last, ++order_}] = {on, to_server, std::move(frame)};
}

// What was under way may vanish, or come later: in any order, and more than once.
void sim_network::end_connection(const connection_ref& which) {
  if (!std::exchange(which->open, false)) return;
  std::erase(connections_, which);
  std::vector<flight> left;
  std::erase_if(under_way_, [&](auto& each) {
    if (each.second.on != which) return false;
    left.push_back(std::move(each.second));
    return true;
  });
  for (flight& each : left) {
    if (strikes(faults_.lost)) {
      ++lost_;
      continue;
    }
    if (strikes(faults_.doubled)) {
      ++doubled_;
      under_way_[{now_ + delay(faults_.late), ++order_}] = each;
    }
    under_way_[{now_ + delay(faults_.late), ++order_}] = std::move(each);
  }
  if (network_end* const client = process(which->client)) client->disconnected(which);
}

void sim_network::block(const std::string& from, const std::string& to, nanoseconds until) {
  nanoseconds& at = blocked_[{from, to}];
  at = std::max(at, until);
  // What is under way waits; the two give up on each other if it waits for too long.
  std::vector<flight> left;
  std::erase_if(under_way_, [&](auto& each) {
    const flight& f = each.second;
    if (!f.on->open || (f.to_server ? f.on->client.node : f.on->server.node) != from ||
        (f.to_server ? f.on->server.node : f.on->client.node) != to)
      return false;
    left.push_back(std::move(each.second));
    return true;
  });
  for (flight& f : left) take_off(f.on, f.to_server, std::move(f.frame));
  if (at - now_ <= silence) return;
  for (const auto& c : connections_)
    if (between(*c, from, to)) partings_[{now_ + silence, ++order_}] = {c, from, to};
}

void sim_network::reset(const std::string& a, const std::string& b) {
  for (const auto& c : std::vector<connection_ref>(connections_))
    if (between(*c, a, b)) end_connection(c);
}

void sim_network::calm() {
  faults_.lost = faults_.doubled = faults_.dropped = 0;
  faults_.late = std::chrono::milliseconds{10};
  blocked_.clear();
}

void sim_network::set_time(nanoseconds now) {
  now_ = now;
  while (!partings_.empty() && partings_.begin()->first.first <= now_) {
    const parting due = std::move(partings_.begin()->second);
    partings_.erase(partings_.begin());
    if (due.from.empty() || blocked_until(due.from, due.to) > now_) end_connection(due.which);
  }
}

bool sim_network::something_due() const {
  return !under_way_.empty() && under_way_.begin()->first.first <= now_;
}

void sim_network::deliver() {
  const flight next = std::move(under_way_.begin()->second);
  under_way_.erase(under_way_.begin());
  if (!next.on->open) ++stale_;
  if (network_end* const to = process(next.to_server ? next.on->server : next.on->client))
    to->arrived(next.on, next.to_server, next.frame);
}

nanoseconds sim_network::next_due() const {
  auto next = nanoseconds::max();
  if (!under_way_.empty()) next = under_way_.begin()->first.first;
  if (!partings_.empty()) next = std::min(next, partings_.begin()->first.first);
  return next;
}

}  // namespace sluice::sim

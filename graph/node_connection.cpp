#include "sluice/graph/node_connection.hpp"

#include <random>
#include <utility>

namespace sluice {

incarnation_id new_incarnation() {
  std::random_device random;
  const auto word = [&] { return std::uint64_t{random()} << 32 | random() | 1; };
  return {{word(), word()}};
}

node_connection::node_connection()
    : router_([this](node_event event) {
        note(event);
        mailbox_.put(std::move(event));
      }) {}

void node_connection::note(const node_event& event) {
  const std::lock_guard lock(mutex_);
  if (const auto* seen = std::get_if<peer_seen_event>(&event))
    peers_[seen->node] = seen->incarnation;
  if (const auto* lost = std::get_if<peer_lost_event>(&event)) peers_.erase(lost->node);
}

std::map<std::string, incarnation_id> node_connection::peers() const {
  const std::lock_guard lock(mutex_);
  return peers_;
}

result<std::unique_ptr<node_connection>> node_connection::open(
    const cluster& of, const incarnation_id& incarnation, const job_id& job,
    const graph_hash& graph, const buffer_pool& pool, std::function<void(const std::string&)> log) {
  std::unique_ptr<node_connection> made{new node_connection{}};
  const node_address& own = of.address();
  auto opened = hub::open({.job = job,
                           .graph = graph,
                           .node = of.self,
                           .incarnation = incarnation,
                           .data = own.data,
                           .control = own.control,
                           .keys = of.keys,
                           .insecure = of.insecure,
                           .pool = pool,
                           .log = std::move(log)},
                          made->router_);
  if (!opened) return opened.failure();
  made->hub_ = std::move(opened).value();
  made->port_ = std::make_unique<hub_port>(*made->hub_);
  for (const node_address& node : of.nodes)
    if (node.node != of.self) made->hub_->join(node.node, node.data, node.control);
  return made;
}

std::chrono::milliseconds node_connection::now() const {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() -
                                                               begin_);
}

}  // namespace sluice

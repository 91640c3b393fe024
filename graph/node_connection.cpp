#include "sluice/graph/node_connection.hpp"

#include <random>
#include <utility>

namespace sluice {

namespace {

incarnation_id new_incarnation() {
  std::random_device random;
  const auto word = [&] { return std::uint64_t{random()} << 32 | random() | 1; };
  return {{word(), word()}};
}

}  // namespace

node_connection::node_connection(const cluster& of)
    : coordinator_(of.coordinates() ? std::string{} : of.coordinator()),
      router_([this](node_event event) { mailbox_.put(std::move(event)); }) {}

result<std::unique_ptr<node_connection>> node_connection::open(
    const cluster& of, const job_id& job, const graph_hash& graph, const buffer_pool& pool,
    std::function<void(const std::string&)> log) {
  std::unique_ptr<node_connection> made{new node_connection{of}};
  const node_address& own = of.address();
  auto opened = hub::open({.job = job,
                           .graph = graph,
                           .node = of.self,
                           .incarnation = new_incarnation(),
                           .data = own.data,
                           .control = own.control,
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

node_links node_connection::links() { return {port_.get(), &router_, coordinator_}; }

}  // namespace sluice

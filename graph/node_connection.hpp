#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "sluice/actors/engine.hpp"
#include "sluice/graph/cluster.hpp"
#include "sluice/graph/node_mailbox.hpp"

namespace sluice {

/// This process as one of several nodes: its hub, joined to all others, and what is heard there.
class node_connection {
 public:
  /// Listens at the addresses of `of.self`. `log` is told on the hub's thread what is odd.
  static result<std::unique_ptr<node_connection>> open(const cluster& of, const job_id& job,
                                                       const graph_hash& graph,
                                                       const buffer_pool& pool,
                                                       std::function<void(const std::string&)> log);
  node_connection(const node_connection&) = delete;
  node_connection& operator=(const node_connection&) = delete;

  node_mailbox& mailbox() { return mailbox_; }
  /// For the engine of a generation.
  node_links links();
  /// Time since it was opened.
  std::chrono::milliseconds now() const;
  hub_counters counters() const { return hub_->counters(); }

 private:
  explicit node_connection(const cluster& of);

  std::string coordinator_;  // empty: this one
  node_mailbox mailbox_;
  link_router router_;
  std::unique_ptr<hub> hub_;
  std::unique_ptr<hub_port> port_;
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

}  // namespace sluice

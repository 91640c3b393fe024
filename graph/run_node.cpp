#include "sluice/graph/run_node.hpp"

#include <chrono>

#include "sluice/graph/following_node.hpp"
#include "sluice/graph/fresh_queue.hpp"
#include "sluice/graph/graph_signature.hpp"
#include "sluice/graph/node_connection.hpp"
#include "sluice/graph/run_part.hpp"

namespace sluice {

result<void> run_node(const graph_description& description, const plan& planned,
                      const checkpoint_place& files, const job_id& job, const cluster& of,
                      const run_options& options) {
  constexpr std::chrono::milliseconds look_every{100};
  auto links = node_connection::open(of, job, hash_of(description), options.pool, options.on_odd);
  if (!links) return links.failure();
  const auto works = std::make_shared<fresh_queue>(std::make_shared<work_thread>(),
                                                   following_node::failure_deadline,
                                                   [&] { return links.value()->now(); });
  following_node node{{description, planned, files, of, options, links.value()->links(), works,
                       parts_on_threads(planned.threads)}};
  while (!node.ended()) {
    auto event = links.value()->mailbox().take(look_every);
    node.turn(std::move(event), links.value()->now());
    node.turned(links.value()->now());
    works->alive();
  }
  return *node.ended();
}

}  // namespace sluice

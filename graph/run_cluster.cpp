#include "sluice/graph/run_cluster.hpp"

#include <chrono>
#include <utility>

#include "sluice/graph/coordinating_node.hpp"
#include "sluice/graph/graph_signature.hpp"
#include "sluice/graph/node_connection.hpp"
#include "sluice/graph/run_generation.hpp"
#include "sluice/graph/run_part.hpp"

namespace sluice {

result<run_status> run_cluster(const graph_description& description, const plan& planned,
                               const checkpoint_place& place, const cluster& of,
                               const run_options& options) {
  constexpr std::chrono::milliseconds look_every{20};  // also at the end of the run
  auto truth = begin_job(description, *place.store);
  if (!truth) return truth.failure();
  auto links = node_connection::open(of, truth.value().job, hash_of(description), options.pool,
                                     options.on_odd);
  if (!links) return links.failure();
  coordinating_node node{{description, planned, place, of, options, links.value()->links(),
                          std::make_shared<work_thread>(), parts_on_threads(planned.threads)},
                         std::move(truth).value()};
  while (!node.ended()) {
    auto event = links.value()->mailbox().take(look_every);
    node.turn(std::move(event), links.value()->now());
  }
  return *node.ended();
}

}  // namespace sluice

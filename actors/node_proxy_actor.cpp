#include "sluice/actors/node_proxy_actor.hpp"

#include <utility>

namespace sluice {

node_proxy_actor::node_proxy_actor(caf::actor_config& config, options chosen)
    : caf::event_based_actor(config), options_(std::move(chosen)) {}

caf::behavior node_proxy_actor::make_behavior() {
  return {
      [this](const open_message& m) {
        for (const std::size_t source : options_.sources)
          tell(open_frame{options_.generation, source, m.epoch, m.commit, m.last});
      },
      [this](const commit_message& m) {
        for (const std::size_t sink : options_.sinks)
          tell(commit_frame{options_.generation, sink, m.generation, m.epoch});
      },
      [this](const pace_message& m) {
        tell(pace_frame{options_.generation, m.slowest});
      },
      [this](const drain_message&) { tell(drain_frame{options_.generation}); },
      [this](const report_request&) { tell(report_request_frame{options_.generation}); },
  };
}

}  // namespace sluice

#include "sluice/graph/run_part.hpp"

#include <future>
#include <memory>
#include <utility>

#include "sluice/actors/descriptor_watch.hpp"

namespace sluice {

namespace {

constexpr std::size_t messages_a_turn = 8;  // before a worker looks at the next actor

caf::actor_system_config& configured(caf::actor_system_config& config, std::size_t threads) {
  seam::configure(config, threads, messages_a_turn);
  return config;
}

// Waits at its end until everything given to the queue is done: its works tell actors. What still
// waits for a system outside then gives up.
struct work_queue_end {
  std::shared_ptr<durability> how;
  std::shared_ptr<outside_waits> waits;
  ~work_queue_end() {
    if (!how) return;
    if (waits) waits->end();
    // Also a queue that drops its works drops them in order: then the promise is broken.
    auto done = std::make_shared<std::promise<void>>();
    const auto all_done = done->get_future();
    how->queue->post([done = std::move(done)] { done->set_value(); });
    all_done.wait();
  }
};

}  // namespace

struct run_part::inside {
  inside(deployment planned, std::size_t threads, engine::options chosen, node_links links)
      : system(configured(config, threads)),
        end{planned.durable, planned.waits},
        run(system, std::move(planned), std::move(chosen), &watch, std::move(links)) {}

  caf::actor_system_config config;
  descriptor_watch watch;
  caf::actor_system system;
  work_queue_end end;
  engine run;
};

run_part::run_part(deployment planned, std::size_t threads, engine::options chosen,
                   node_links links)
    : inside_(std::make_unique<inside>(std::move(planned), threads, std::move(chosen),
                                       std::move(links))) {}
run_part::~run_part() = default;

engine& run_part::run() { return inside_->run; }

node_part_maker parts_on_threads(std::size_t threads) {
  return [threads](deployment planned, engine::options chosen, node_links links) {
    return std::make_unique<run_part>(std::move(planned), threads, std::move(chosen),
                                      std::move(links));
  };
}

}  // namespace sluice

#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "sluice/graph/node_surroundings.hpp"
#include "sluice/graph/placement.hpp"
#include "sluice/graph/run.hpp"
#include "sluice/graph/run_generation.hpp"
#include "sluice/sim/stepped_queue.hpp"
#include "sluice/sim/stepped_system.hpp"
#include "sluice/sluice.hpp"
#include "sluice/state/memory_meta_store.hpp"
#include "sluice/tests/actors/recording_port.hpp"

/// One node of a run of two or three, `a` with the coordinator, whose port writes down what it is
/// given and whose actors run when they are stepped.
namespace sluice {

struct stepped_number {
  std::uint64_t value;
};
SLUICE_RECORD(stepped_number, value);

/// A deployment on stepped actors.
class stepped_part final : public node_part {
 public:
  stepped_part(deployment planned, engine::options chosen, node_links links)
      : system_(1),
        engine_(system_.actors(), std::move(planned), std::move(chosen), nullptr,
                std::move(links)) {}

  engine& run() override { return engine_; }
  /// Lets 100 ms pass, in which everybody does what there is to do.
  void settle() {
    for (int i = 0; i < 100; ++i) {
      while (system_.step()) continue;
      system_.pass(std::chrono::milliseconds{1});
    }
  }

 private:
  sim::stepped_system system_;
  engine engine_;
};

class stepped_node {
 public:
  using milliseconds = std::chrono::milliseconds;

  explicit stepped_node(std::string self, std::size_t nodes = 2)
      : planned(plan_of(of_numbers)), of{addresses(nodes), std::move(self)} {
    place.store = store;
    place.read = [](const instance_snapshot& from) { return result<std::string>{from.state}; };
    place.write_file = [](auto...) { return result<blob_ref>{blob_ref{}}; };
    place.collect = [](const meta_truth&) {};
    place.read_outline = [] { return result<std::optional<kept_outline>>{std::nullopt}; };
    place.keep_outline = [](const kept_outline&) { return result<void>{}; };
    options.interrupted = [this] { return interrupted; };
    options.on_odd = [this](const std::string& text) { odd.push_back(text); };
    options.on_generation = [this](const begun_generation& begun) {
      placed.emplace_back(begun.generation.value, begun.placement);
    };
    options.on_restart = [this](generation_id, const std::string& why) { failures.push_back(why); };
  }
  stepped_node(const stepped_node&) = delete;
  stepped_node& operator=(const stepped_node&) = delete;

  node_surroundings around() {
    return {of_numbers.description(),
            planned,
            place,
            of,
            options,
            {},
            {&port, &router, of.is_first() ? std::string{} : of.nodes.front().node},
            queue,
            [this](deployment made, engine::options chosen, node_links links) {
              ++parts;
              return std::make_unique<stepped_part>(std::move(made), std::move(chosen),
                                                    std::move(links));
            }};
  }
  /// What `start` of `generation` says if the instances are spread over `nodes`.
  start_frame start_of(generation_id generation, const std::vector<std::string>& nodes) const {
    start_frame start;
    start.generation = generation;
    start.plan = plan_bytes(planned, place_evenly(of_numbers.description(), planned, nodes));
    return start;
  }

  graph of_numbers = composed();
  plan planned;
  checkpoint_place place;
  cluster of;
  run_options options;
  std::shared_ptr<memory_meta_store> store = std::make_shared<memory_meta_store>();
  recording_port port;
  link_router router{[](const node_event&) {}};
  std::shared_ptr<sim::stepped_queue> queue = std::make_shared<sim::stepped_queue>();
  int interrupted = 0;
  int parts = 0;  ///< That were made.
  std::vector<std::string> odd;
  std::vector<std::pair<std::uint64_t, std::string>> placed;
  std::vector<std::string> failures;

 private:
  static graph composed() {
    graph g{"numbers"};
    g.source("in",
             from::generate<stepped_number>{
                 [](std::uint64_t row, stepped_number& n) { n.value = row; }, {.count = 10}})
        .key_by(&stepped_number::value)
        .aggregate("count", count())
        .parallelism(2)
        .sink("out", to::nothing{});
    return g;
  }
  static plan plan_of(const graph& g) { return make_plan(g.description(), settings_in_code(g)); }
  static std::vector<node_address> addresses(std::size_t nodes) {
    std::vector<node_address> all;
    for (char name = 'a'; all.size() < nodes; ++name) {
      const std::string path = std::string{"ipc:///"} + name;
      all.push_back({std::string{name}, path, path + ".control"});
    }
    return all;
  }
};

}  // namespace sluice

#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sluice/actors/engine.hpp"
#include "sluice/sim/channel_checks.hpp"
#include "sluice/sim/seeded_random.hpp"
#include "sluice/sim/stepped_queue.hpp"
#include "sluice/sim/stepped_system.hpp"
#include "sluice/sim/world.hpp"

namespace sluice::sim {

/// One process of a simulated run: a deployment on stepped actors, checked after every step.
class running_world {
 public:
  /// `works`: what the deployment's actors give to be done elsewhere; null if they give nothing.
  running_world(deployment planned, std::uint64_t seed, const simulation_options& options,
                stepped_queue* works = nullptr);
  running_world(const running_world&) = delete;
  running_world& operator=(const running_world&) = delete;

  /// Begins; then one step after the other until `ended`, or until a step returns what is broken.
  void start() {
    run_->connect();
    run_->start();
  }
  std::string step();
  /// Somebody asks for it from outside.
  void keep() { run_->keep(); }
  void drain() { run_->drain(); }
  std::optional<run_status> ended() { return run_->ended(); }
  /// Nothing that happens from now on is looked at: the process is dead or done.
  void mute() { over_ = true; }
  /// Fills in what became of it.
  void report(simulated_run& result);
  /// Whether a sink has made an epoch visible since the last call.
  bool take_committed() { return std::exchange(committed_, false); }
  /// Whether an epoch has been sealed since the last call.
  bool take_sealed() { return std::exchange(sealed_, false); }

 private:
  using nanoseconds = std::chrono::nanoseconds;

  // An actor's time without credit; changes only when it runs.
  struct waiting {
    std::shared_ptr<source_pump> source;  // one of the two
    std::shared_ptr<stage> work;
    std::optional<nanoseconds> since;
    nanoseconds blocked{0};

    void look(nanoseconds now);
  };

  std::string wait();
  void saw(std::size_t actor, traced kind, std::uint64_t detail);

  const simulation_options& options_;
  stepped_queue* works_;
  channel_checks checks_;
  seeded_random random_;
  nanoseconds interval_;
  std::vector<std::string> names_;
  std::vector<waiting> waits_;  // by actor, without the coordinator
  std::uint64_t hash_ = 0;
  std::uint64_t steps_ = 0;
  std::size_t actor_ = 0;
  nanoseconds work_{0};
  nanoseconds last_progress_{0};
  bool over_ = false;
  bool committed_ = false;
  bool sealed_ = false;
  stepped_system system_;      // runs what is left over when it ends, so it ends before the rest
  std::optional<engine> run_;  // … but after this
};

}  // namespace sluice::sim

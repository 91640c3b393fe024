#pragma once

#include <chrono>
#include <memory>

#include "sluice/actors/actor_shell.hpp"

namespace sluice {

/// A batcher, aggregator or sink instance: the shell around a `stage`.
///
///   wire            learns its neighbours
///   start           grants them their windows
///   rows, marker    into the stage, which does what it can: rows and markers downstream
///   credit          likewise
///   tick            the stage's own timer (policy `mini`), in the phase it was started in
///   report_request  actor_report to the coordinator
class stage_actor : public actor_shell, public stage_port {
 public:
  /// `timer` is the interval of the stage's own timer; `is_sink`: markers that passed are told to
  /// the coordinator.
  stage_actor(caf::actor_config& config, actor_identity who, std::shared_ptr<stage> work,
              std::chrono::milliseconds timer, bool is_sink);

  caf::behavior make_behavior() override;

  void send(std::size_t channel, const batch_ptr& rows, instant watermark) override {
    send_rows(channel, rows, watermark);
  }
  void send(std::size_t channel, const marker& m) override { send_marker(channel, m); }
  void grant(std::size_t channel, const credit& limit) override;
  void passed(const marker& m) override;

 private:
  bool blocked() const override { return stage_->blocked(); }
  void work();
  // The last thing every handler does that may follow one in which rows were consumed.
  void grant_before_sleep();
  void set_timer();
  actor_report full_report() const;

  std::shared_ptr<stage> stage_;
  std::chrono::milliseconds timer_;
  caf::actor_clock::time_point next_tick_{};
  bool is_sink_;
};

}  // namespace sluice

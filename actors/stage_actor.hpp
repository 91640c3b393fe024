#pragma once

#include <chrono>
#include <deque>
#include <memory>
#include <optional>

#include "sluice/actors/actor_shell.hpp"
#include "sluice/actors/durability.hpp"
#include "sluice/actors/sink_commits.hpp"

namespace sluice {

/// A batcher, aggregator or sink instance: the shell around a `stage`.
///
///   wire            learns its neighbours
///   start           grants them their windows
///   rows, marker    into the stage, which does what it can: rows and markers downstream
///   credit          likewise
///   written         a snapshot is durable: answers for it
///   commit          an epoch is decided: a sink makes it visible
///   committed       it is: tells the coordinator
///   tick            the stage's own timer (policy `mini`), in the phase it was started in
///   report_request  actor_report to the coordinator
class stage_actor : public actor_shell, public stage_port {
 public:
  /// `timer` is the interval of the stage's own timer; markers that passed a sink are told to the
  /// coordinator.
  /// `sink`: the writer of a sink, else null. `how`: of a run with checkpoints, else null; a sink
  /// then tells of COMMIT markers when their epochs are visible.
  stage_actor(caf::actor_config& config, actor_identity who, std::shared_ptr<stage> work,
              snapshot_chain snapshots, std::chrono::milliseconds timer,
              std::shared_ptr<sink_writer> sink, std::shared_ptr<durability> how);

  caf::behavior make_behavior() override;

  void send(std::size_t channel, const batch_ptr& rows, instant watermark) override {
    send_rows(channel, rows, watermark);
  }
  void send(std::size_t channel, const marker& m) override { send_marker(channel, m); }
  void grant(std::size_t channel, const credit& limit) override;
  void passed(const marker& m) override;
  void snapshot(const marker& m, saved_state what) override;

 private:
  bool blocked() const override { return stage_->blocked(); }
  void work();
  // The last thing every handler does that may follow one in which rows were consumed.
  void grant_before_sleep();
  void set_timer();
  void answer(std::optional<blob_ref> file);
  void answer(const marker& m, instance_snapshot snapshot);
  actor_report full_report() const;

  std::shared_ptr<stage> stage_;
  snapshot_chain chain_;
  std::chrono::milliseconds timer_;
  caf::actor_clock::time_point next_tick_{};
  bool started_ = false;
  bool is_sink_;
  std::shared_ptr<durability> durable_;
  std::optional<sink_commits> commits_;  // of a sink, in a run with checkpoints
  std::deque<marker> unanswered_;        // COMMITs whose snapshot is not durable yet
};

}  // namespace sluice

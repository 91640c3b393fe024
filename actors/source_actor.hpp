#pragma once

#include <deque>
#include <memory>

#include "sluice/actors/actor_shell.hpp"
#include "sluice/actors/descriptor_watch.hpp"
#include "sluice/actors/durability.hpp"

namespace sluice {

/// A source instance: the shell around a `source_pump`.
///
///   wire            learns its neighbours
///   start, open     begins to read: not before, as nobody else may be ready
///   pump            injects the markers asked for and reads, while there is credit
///   credit          reads on if it had to stop
///   open            the marker goes in at the next batch boundary
///   pace            reads on if it was too far ahead of the slowest source
///   written         what it puts outside by itself is prepared: answers for that epoch
///   commit          an epoch is decided: lets go what is not read again
///   committed       that is done: tells the coordinator, as a sink does
///   drain           stops reading; END goes with the next marker
///   report_request  actor_report to the coordinator
class source_actor : public actor_shell, public source_port {
 public:
  source_actor(caf::actor_config& config, actor_identity who, std::shared_ptr<source_pump> pump,
               descriptor_watch* watch, bool tells_progress, std::shared_ptr<durability> how);

  caf::behavior make_behavior() override;

  void send(std::size_t channel, const batch_ptr& rows, instant watermark) override {
    send_rows(channel, rows, watermark);
  }
  void send(std::size_t channel, const marker& m) override { send_marker(channel, m); }
  void cut(const marker& m, source_snapshot where) override;
  void flushed(const marker& m) override;

 private:
  bool blocked() const override { return pump_->out().blocked(); }
  void pump();
  void pump_soon();
  void answer(const marker& m, const source_snapshot& where);
  void commit(epoch_id epoch);

  std::shared_ptr<source_pump> pump_;
  descriptor_watch* watch_;  // outlives the actors; null when nothing can be watched
  bool tells_progress_;
  std::shared_ptr<durability> durable_;  // null: without checkpoints
  struct cut_epoch {
    marker mark;
    source_snapshot where;
    bool decided = false;
  };
  std::deque<cut_epoch> cut_;  // COMMITs that are not done
  progress_message told_;      // last
  bool started_ = false;
  bool pump_posted_ = false;
  bool wake_awaited_ = false;
};

}  // namespace sluice

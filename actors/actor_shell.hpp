#pragma once

#include <chrono>
#include <cstdint>
#include <exception>
#include <string>

#include "sluice/actors/messages.hpp"
#include "sluice/actors/trace.hpp"

namespace sluice {

/// Who an actor is.
struct actor_identity {
  std::size_t number = 0;  ///< Place in the deployment.
  std::string stage;
  std::size_t instance = 0;  ///< Of the stage.
  trace_function trace;
};

/// What source and stage actors share: channels to their neighbours, accounts of time by the turn,
/// and the border at which exceptions become a failure of the run.
class actor_shell : public caf::event_based_actor {
 public:
  actor_shell(caf::actor_config& config, actor_identity who)
      : caf::event_based_actor(config), who_(std::move(who)) {}

  void on_exit() override {
    wires_ = {};  // actors hold each other; this lets them go
  }

  /// A turn: some messages. Its time counts as busy, the time between two turns as blocked if the
  /// first ended without credit.
  resume_result resume(caf::execution_unit* on, std::size_t most_messages) override {
    const auto start = std::chrono::steady_clock::now();
    if (blocked_since_ != std::chrono::steady_clock::time_point{})
      blocked_ += start - blocked_since_;
    const resume_result left = caf::event_based_actor::resume(on, most_messages);
    const auto end = std::chrono::steady_clock::now();
    busy_ += end - start;
    blocked_since_ = blocked() ? end : std::chrono::steady_clock::time_point{};
    return left;
  }

 protected:
  /// Runs `work` and reports what it throws to the coordinator; nothing runs after that.
  template <class F>
  void guarded(traced kind, std::uint64_t detail, F&& work) {
    if (failed_) return;
    trace(kind, detail);
    try {
      work();
    } catch (const std::exception& e) {
      failed_ = true;
      seam::tell(this, wires_.coordinator, failed_message{who_.stage, e.what()});
    }
  }
  /// True while the actor waits for credit.
  virtual bool blocked() const = 0;

  void send_rows(std::size_t channel, const batch_ptr& rows, instant watermark) {
    const channel_peer& to = wires_.downstream[channel];
    trace(traced::rows_out, trace_of(channel, *rows));
    seam::tell(this, to.actor, rows_message{to.channel, rows, watermark});
  }
  void send_marker(std::size_t channel, const marker& m) {
    const channel_peer& to = wires_.downstream[channel];
    trace(traced::marker_out, trace_of(channel, m));
    seam::tell(this, to.actor, marker_message{to.channel, m});
  }
  static std::uint64_t trace_of(std::size_t channel, const column_batch& rows) {
    return traced_rows{static_cast<std::uint32_t>(channel), static_cast<std::uint32_t>(rows.size())}
        .detail();
  }
  static std::uint64_t trace_of(std::size_t channel, const marker& m) {
    return traced_marker{static_cast<std::uint32_t>(channel), m.epoch, m.commit, m.end}.detail();
  }
  actor_report report() const {
    return {.number = who_.number,
            .counts = {},
            .busy_ns = static_cast<std::uint64_t>(busy_.count()),
            .blocked_ns = static_cast<std::uint64_t>(blocked_.count()),
            .most_queued = {},
            .queued = {},
            .credit_left = {},
            .queued_rows = 0,
            .output_ratio = 0,
            .writing = false};
  }

  actor_identity who_;
  wire_message wires_;

 private:
  void trace(traced kind, std::uint64_t detail) const {
    if (who_.trace) who_.trace(who_.number, kind, detail);
  }

  bool failed_ = false;
  std::chrono::nanoseconds busy_{0};
  std::chrono::nanoseconds blocked_{0};
  std::chrono::steady_clock::time_point blocked_since_{};
};

}  // namespace sluice

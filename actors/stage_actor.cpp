#include "sluice/actors/stage_actor.hpp"

#include <utility>

namespace sluice {

stage_actor::stage_actor(caf::actor_config& config, actor_identity who, std::shared_ptr<stage> work,
                         std::chrono::milliseconds timer, bool is_sink)
    : actor_shell(config, std::move(who)),
      stage_(std::move(work)),
      timer_(timer),
      is_sink_(is_sink) {}

caf::behavior stage_actor::make_behavior() {
  return {
      [this](const rows_message& m) {
        guarded(traced::rows_in, trace_of(m.channel, *m.rows), [&] {
          stage_->receive(m.channel, m.rows, m.watermark);
          work();
        });
      },
      [this](const credit_message& m) {
        guarded(traced::credit_in, m.limit.rows, [&] {
          stage_->granted(m.channel, m.limit, *this);
          work();
        });
      },
      [this](const marker_message& m) {
        guarded(traced::marker_in, trace_of(m.channel, m.mark), [&] {
          stage_->receive(m.channel, m.mark);
          work();
        });
      },
      [this](const tick_message&) {
        guarded(traced::timer, 0, [&] {
          stage_->timer();
          work();
        });
        if (!stage_->ended()) set_timer();
      },
      [this](const wire_message& wires) { wires_ = wires; },
      [this](const start_message&) {
        guarded(traced::start, 0, [&] { stage_->open(*this); });
        if (!stage_->timed()) return;
        next_tick_ = seam::now(this);
        set_timer();
      },
      [this](const report_request&) {
        seam::tell(this, wires_.coordinator, full_report());
        grant_before_sleep();  // what was done before it saw that this message waited
      },
  };
}

void stage_actor::work() {
  stage_->run(*this);
  grant_before_sleep();
}

void stage_actor::grant_before_sleep() {
  if (mailbox().empty()) stage_->quiet(*this);
}

// Ticks that were missed are left out; the phase stays.
void stage_actor::set_timer() {
  const auto now = seam::now(this);
  do {
    next_tick_ += timer_;
  } while (next_tick_ <= now);
  seam::tell_at(this, next_tick_, this, tick_message{});
}

void stage_actor::grant(std::size_t channel, const credit& limit) {
  const channel_peer& to = wires_.upstream[channel];
  seam::tell(this, to.actor, credit_message{to.channel, limit});
}

void stage_actor::passed(const marker& m) {
  if (is_sink_) seam::tell(this, wires_.coordinator, passed_message{m});
}

actor_report stage_actor::full_report() const {
  actor_report all = report();
  all.counts = stage_->counters();
  all.output_ratio = stage_->gather().output_ratio();
  for (std::size_t c = 0; c < stage_->in().channels(); ++c) {
    const credit_ledger& ledger = stage_->in().ledger(c);
    all.most_queued.push_back(ledger.most_queued());
    all.queued.push_back({ledger.queued_rows(), ledger.queued_bytes()});
    all.credit_left.push_back(ledger.credit_left());
    all.queued_rows += ledger.queued_rows();
  }
  return all;
}

}  // namespace sluice

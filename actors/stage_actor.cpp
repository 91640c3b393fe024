#include "sluice/actors/stage_actor.hpp"

#include <utility>

#include "sluice/operators/stage_failure.hpp"

namespace sluice {

stage_actor::stage_actor(caf::actor_config& config, actor_identity who, std::shared_ptr<stage> work,
                         snapshot_chain snapshots, std::chrono::milliseconds timer,
                         std::shared_ptr<sink_writer> sink, std::shared_ptr<durability> how)
    : actor_shell(config, std::move(who)),
      stage_(std::move(work)),
      chain_(std::move(snapshots)),
      timer_(timer),
      is_sink_(sink != nullptr),
      durable_(std::move(how)) {
  if (durable_ && sink) commits_.emplace(std::move(sink), durable_);
}

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
      [this](const written_message& m) {
        guarded(traced::written, m.epoch.value, [&] {
          if (!m.failure.empty()) throw stage_failure(m.failure);
          if (!commits_) return answer(m.file);
          const marker mark = unanswered_.front();
          unanswered_.pop_front();
          instance_snapshot prepared;
          prepared.state = m.prepared;
          answer(mark, std::move(prepared));
        });
        grant_before_sleep();
      },
      [this](const commit_message& m) {
        if (m.generation != durable_->generation) return;
        guarded(traced::commit, m.epoch.value, [&] {
          commits_->commit(m.epoch, [me = caf::actor{this},
                                     epoch = m.epoch](const result<void>& done) {
            seam::post(me, committed_message{epoch, done ? std::string{} : done.failure().message});
          });
        });
        grant_before_sleep();
      },
      [this](const committed_message& m) {
        guarded(traced::committed, m.epoch.value, [&] {
          if (!m.failure.empty()) throw stage_failure(m.failure);
          auto mark = commits_->committed(m.epoch);
          if (!mark) throw stage_failure(mark.failure().message);
          seam::tell(this, wires_.coordinator, passed_message{who_.number, mark.value()});
        });
        grant_before_sleep();
      },
      [this](const wire_message& wires) { wires_ = wires; },
      [this](const start_message&) {
        started_ = true;
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
  if (started_ && mailbox().empty()) stage_->quiet(*this);
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
  if (!is_sink_) return;
  if (!commits_ || !m.commit)
    return seam::tell(this, wires_.coordinator, passed_message{who_.number, m});
  unanswered_.push_back(m);
  commits_->prepare(m, [me = caf::actor{this}, epoch = m.epoch](const result<std::string>& done) {
    seam::post(me, written_message{.epoch = epoch,
                                   .file = {},
                                   .prepared = done ? done.value() : std::string{},
                                   .failure = done ? std::string{} : done.failure().message});
  });
}

void stage_actor::snapshot(const marker& m, saved_state what) {
  auto content = chain_.add(what);
  if (chain_.wants_whole()) stage_->save_whole();
  unanswered_.push_back(m);
  if (!content && chain_.waiting() == 1) return answer(std::nullopt);
  durable_->queue->post([me = caf::actor{this}, how = durable_, stage = who_.stage,
                         instance = who_.instance, epoch = m.epoch, content = std::move(content)] {
    written_message done{.epoch = epoch, .file = {}, .prepared = {}, .failure = {}};
    if (content) {
      auto file = how->write_file(stage, instance, epoch, *content);
      if (file)
        done.file = std::move(file).value();
      else
        done.failure = file.failure().message;
    }
    seam::post(me, std::move(done));
  });
}

// The oldest snapshot is durable.
void stage_actor::answer(std::optional<blob_ref> file) {
  const marker m = unanswered_.front();
  unanswered_.pop_front();
  instance_snapshot where;
  chain_.answer(std::move(file), where);
  answer(m, std::move(where));
}

void stage_actor::answer(const marker& m, instance_snapshot snapshot) {
  snapshot.stage = who_.stage;
  snapshot.instance = static_cast<std::uint32_t>(who_.instance);
  snapshot.epoch = m.epoch;
  snapshot.ended = m.end;
  seam::tell(this, wires_.coordinator,
             answer_message{who_.number, durable_->generation, m.epoch, std::move(snapshot)});
}

actor_report stage_actor::full_report() const {
  actor_report all = report();
  all.counts = stage_->counters();
  all.output_ratio = stage_->gather().output_ratio();
  all.writing = !unanswered_.empty() || (commits_ && commits_->committing());
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

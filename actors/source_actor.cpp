#include "sluice/actors/source_actor.hpp"

#include <algorithm>
#include <utility>

#include "sluice/operators/stage_failure.hpp"
#include "sluice/records/assert.hpp"

namespace sluice {

namespace {
// Between two looks at a source that cannot be watched.
constexpr std::chrono::milliseconds moment{1};
// Rows read before others get their turn: one full batch, or several small ones. What is under way
// then stays in the cache of the worker.
constexpr std::uint64_t rows_a_turn = 8192;
}  // namespace

source_actor::source_actor(caf::actor_config& config, actor_identity who,
                           std::shared_ptr<source_pump> pump, descriptor_watch* watch,
                           bool tells_progress, std::shared_ptr<durability> how)
    : actor_shell(config, std::move(who)),
      pump_(std::move(pump)),
      watch_(watch),
      tells_progress_(tells_progress),
      durable_(std::move(how)),
      told_{who_.number, instant::lowest()} {}

caf::behavior source_actor::make_behavior() {
  return {
      [this](const credit_message& m) {
        guarded(traced::credit_in, m.limit.rows,
                [&] { pump_->granted(m.channel, m.limit, *this); });
        pump_soon();
      },
      [this](const pump_message& m) {
        (m.woken ? wake_awaited_ : pump_posted_) = false;
        pump();
      },
      [this](const wire_message& wires) { wires_ = wires; },
      [this](const start_message&) {
        started_ = true;
        pump();
      },
      [this](const open_message& m) {
        started_ = true;
        pump_->open_epoch(m.epoch, m.commit, m.last);
        pump();
      },
      [this](const pace_message& m) {
        pump_->slowest_at(m.slowest);
        pump_soon();
      },
      [this](const written_message& m) {
        guarded(traced::written, m.epoch.value, [&] {
          if (!m.failure.empty()) throw stage_failure(m.failure);
          for (cut_epoch& one : cut_) {
            if (one.mark.epoch != m.epoch) continue;
            one.where.prepared = m.prepared;
            answer(one.mark, one.where);
          }
        });
      },
      [this](const commit_message& m) {
        if (m.generation != durable_->generation) return;
        guarded(traced::commit, m.epoch.value, [&] { commit(m.epoch); });
      },
      [this](const committed_message& m) {
        guarded(traced::committed, m.epoch.value, [&] {
          if (!m.failure.empty()) throw stage_failure(m.failure);
          SLUICE_ASSERT(!cut_.empty() && cut_.front().mark.epoch == m.epoch,
                        "epochs of a source are done in order");
          seam::tell(this, wires_.coordinator, passed_message{who_.number, cut_.front().mark});
          cut_.pop_front();
        });
      },
      [this](const drain_message&) {
        pump_->drain();
        pump();
      },
      [this](const report_request&) {
        actor_report all = report();
        all.counts = pump_->counters();
        seam::tell(this, wires_.coordinator, std::move(all));
      },
  };
}

void source_actor::cut(const marker& m, source_snapshot where) {
  cut_.push_back({m, where});
  epoch_output* const out = pump_->puts_out();
  auto work = out ? out->prepare(durable_->generation, m.epoch) : prepare_work{};
  if (!work) return answer(m, where);
  durable_->queue->post([me = caf::actor{this}, epoch = m.epoch, work = std::move(work)] {
    const auto done = work();
    seam::post(me, written_message{.epoch = epoch,
                                   .file = {},
                                   .prepared = done ? done.value() : std::string{},
                                   .failure = done ? std::string{} : done.failure().message});
  });
}

void source_actor::flushed(const marker& m) {
  if (durable_) seam::tell(this, wires_.coordinator, passed_message{who_.number, m});
}

void source_actor::commit(epoch_id epoch) {
  const auto found = std::find_if(cut_.begin(), cut_.end(),
                                  [&](const auto& one) { return one.mark.epoch == epoch; });
  if (found == cut_.end() || std::exchange(found->decided, true)) return;
  auto work = pump_->puts_out() ? pump_->puts_out()->decided(epoch) : commit_work{};
  // In turn with those that have something to do.
  durable_->queue->post([me = caf::actor{this}, epoch, work = std::move(work)] {
    const auto done = work ? work() : result<void>{};
    seam::post(me, committed_message{epoch, done ? std::string{} : done.failure().message});
  });
}

// What a source remembers is small: it travels with the answer.
void source_actor::answer(const marker& m, const source_snapshot& where) {
  seam::tell(this, wires_.coordinator,
             answer_message{who_.number,
                            durable_->generation,
                            m.epoch,
                            {.stage = who_.stage,
                             .instance = static_cast<std::uint32_t>(who_.instance),
                             .ended = m.end,
                             .state = bytes_of(where),
                             .blobs = {},
                             .epoch = m.epoch}});
}

void source_actor::pump_soon() {
  if (pump_posted_) return;
  pump_posted_ = true;
  seam::tell(this, this, pump_message{});
}

void source_actor::pump() {
  if (!started_) return;
  auto after = source_pump::next::ended;
  guarded(traced::pump, 0, [&] {
    const std::uint64_t enough = pump_->rows_read() + rows_a_turn;
    do {
      after = pump_->pump(*this);
    } while (after == source_pump::next::again && pump_->rows_read() < enough);
  });
  const progress_message now{who_.number, pump_->watermark(), pump_->idle()};
  if (tells_progress_ && now != told_) seam::tell(this, wires_.coordinator, told_ = now);
  switch (after) {
    case source_pump::next::again:
      return pump_soon();
    case source_pump::next::later:
    case source_pump::next::idle:
      if (wake_awaited_) return;
      wake_awaited_ = true;
      if (after == source_pump::next::idle && watch_ && pump_->wake_descriptor() >= 0)
        watch_->once_readable(pump_->wake_descriptor(), [me = caf::actor{this}] {
          seam::post(me, pump_message{.woken = true});
        });
      else
        seam::tell_after(this, moment, this, pump_message{.woken = true});
      return;
    case source_pump::next::exhausted:
      return seam::tell(this, wires_.coordinator, exhausted_message{who_.number});
    case source_pump::next::enough:
    case source_pump::next::blocked:
    case source_pump::next::waiting:
    case source_pump::next::ended:
      return;
  }
}

}  // namespace sluice

#include "sluice/actors/source_actor.hpp"

#include <utility>

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
                           bool tells_progress, generation_id generation)
    : actor_shell(config, std::move(who)),
      pump_(std::move(pump)),
      watch_(watch),
      tells_progress_(tells_progress),
      generation_(generation),
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
      [this](const start_message&) { pump(); },
      [this](const open_message& m) {
        pump_->open_epoch(m.epoch, m.commit, m.last);
        pump();
      },
      [this](const pace_message& m) {
        pump_->slowest_at(m.slowest);
        pump_soon();
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

// What a source remembers is small: it travels with the answer.
void source_actor::cut(const marker& m, std::string position) {
  seam::tell(this, wires_.coordinator,
             answer_message{who_.number,
                            generation_,
                            m.epoch,
                            {.stage = who_.stage,
                             .instance = static_cast<std::uint32_t>(who_.instance),
                             .ended = m.end,
                             .state = std::move(position),
                             .blobs = {},
                             .epoch = m.epoch}});
}

void source_actor::pump_soon() {
  if (pump_posted_) return;
  pump_posted_ = true;
  seam::tell(this, this, pump_message{});
}

void source_actor::pump() {
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
      return seam::tell(this, wires_.coordinator, exhausted_message{});
    case source_pump::next::enough:
    case source_pump::next::blocked:
    case source_pump::next::waiting:
    case source_pump::next::ended:
      return;
  }
}

}  // namespace sluice

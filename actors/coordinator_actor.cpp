#include "sluice/actors/coordinator_actor.hpp"

#include <algorithm>
#include <utility>

#include "sluice/actors/process_memory.hpp"

namespace sluice {

namespace {

struct report_tick {};
struct record_tick {};
struct look_message {};

constexpr std::chrono::milliseconds between_records{250};  // of which none could be written

// Grows with everything that an instance takes or gives.
std::uint64_t work_in(const actor_report& report) {
  if (const auto* source = std::get_if<source_counters>(&report.counts))
    return source->rows + source->markers + source->rejected + source->progress.done;
  const auto& work = std::get<stage_counters>(report.counts);
  return work.rows_in + work.batches_in + work.rows_out + work.markers;
}

instant wall_clock() {
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  return {std::chrono::duration_cast<std::chrono::microseconds>(since).count()};
}

}  // namespace

}  // namespace sluice
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(sluice::report_tick)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(sluice::record_tick)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(sluice::look_message)
namespace sluice {

coordinator_actor::coordinator_actor(caf::actor_config& config, options chosen)
    : caf::event_based_actor(config),
      options_(std::move(chosen)),
      tracker_(options_.epochs),
      deadline_(options_.durable ? options_.deadline_ms : 0) {}

caf::behavior coordinator_actor::make_behavior() {
  return {
      [this](const assembly_message& m) {
        members_ = m;
        status_.instances = m.blank;
        for (const std::size_t source : m.paced) pacing_.add(source);
        if (options_.durable)
          checkpoints_.emplace(options_.durable->generation, m.answering.size());
        start_ = home_system().clock().now();
        status_.memory_limit_bytes = memory_limit_bytes();
        passed_.resize(m.blank.size());
        if (deadline_.look_every() > 0) look_for_progress();
        open(tracker_.tick(0));
        schedule_tick();
        if (options_.report_every.count() > 0)
          seam::tell_after(this, options_.report_every, this, report_tick{});
      },
      [this](const tick_message&) {
        if (ending_) return;
        trace(traced::tick, 0);
        open(tracker_.tick(elapsed_ms()));
        schedule_tick();
      },
      [this](const look_message&) { look_for_progress(); },
      [this](const exhausted_message&) {
        trace(traced::exhausted, 0);
        open(tracker_.exhausted());
      },
      [this](const passed_message& m) {
        trace(traced::passed, m.mark.epoch.value);
        moved();
        if (m.number < passed_.size()) {
          passed_by& by = passed_[m.number];
          (m.mark.commit ? by.commit : by.marker) = m.mark.epoch;
          by.marker = std::max(by.marker, by.commit);
        }
        const epoch_id before = tracker_.last_done();
        open(tracker_.passed(m.mark.epoch, m.mark.end));
        close_done(before);
        // END, or the last COMMIT of a kept run, is visible everywhere.
        if (ending_ || (!tracker_.finished() && !tracker_.kept())) return;
        ending_ = true;
        ask_for_reports();
      },
      [this](const answer_message& m) { take(m); },
      [this](const sealed_message& m) { take(m); },
      [this](const record_tick&) {
        if (!ended_) write_record();
      },
      [this](const progress_message& m) { take(m); },
      [this](const failed_message& m) { end("stage " + m.stage + ": " + m.reason); },
      [this](const drain_message&) {
        if (keeping_) return;
        draining_ = true;
        for (const auto& source : members_.sources) seam::tell(this, source, drain_message{});
      },
      [this](const keep_message&) {
        if (draining_ || keeping_ || ending_) return;
        keeping_ = true;
        open(tracker_.keep());
      },
      [this](const report_request&) { ask_for_reports(); },
      [this](const report_tick&) {
        if (ending_) return;
        ask_for_reports();
        seam::tell_after(this, options_.report_every, this, report_tick{});
      },
      [this](const actor_report& report) { take(report); },
  };
}

std::uint64_t coordinator_actor::elapsed_ms() {
  const auto since = home_system().clock().now() - start_;
  return static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::milliseconds>(since).count());
}

void coordinator_actor::open(const std::optional<epoch_tracker::opening>& due) {
  if (!due) return;
  moved();
  if (checkpoints_ && due->commit) checkpoints_->opened(due->epoch);
  opened_at_.push_back(home_system().clock().now());
  for (const auto& source : members_.sources)
    seam::tell(this, source, open_message{due->epoch, due->commit, due->last});
}

// Epochs are done in the order they were opened in.
void coordinator_actor::close_done(epoch_id before) {
  const auto now = home_system().clock().now();
  for (std::uint64_t e = before.value + 1; e <= tracker_.last_done().value; ++e) {
    const auto took =
        std::chrono::duration_cast<std::chrono::microseconds>(now - opened_at_.front());
    status_.epoch_durations.add(static_cast<std::uint64_t>(took.count()));
    opened_at_.pop_front();
    if (options_.on_epoch) options_.on_epoch({e}, elapsed_ms());
  }
}

void coordinator_actor::take(const answer_message& answer) {
  if (ending_ || answer.generation != options_.durable->generation) return;
  trace(traced::answered, answer.epoch.value);
  const auto& who = members_.answering;
  const auto found = std::lower_bound(who.begin(), who.end(), answer.number);
  moved();
  checkpoints_->answered(answer.epoch, static_cast<std::size_t>(found - who.begin()),
                         answer.snapshot);
  seal_next();
}

void coordinator_actor::seal_next() {
  auto next = checkpoints_->next_to_seal();
  if (!next) return;
  sealing_ = std::move(*next);
  write_record();
}

void coordinator_actor::write_record() {
  options_.durable->queue->post(
      [me = caf::actor{this}, how = options_.durable, sealing = sealing_] {
        sealed_message sealed{how->store->put_commit(sealing, how->numbers), {}};
        if (sealed.answer.outcome == meta_outcome::done && how->show_rejected)
          if (auto shown = how->show_rejected(*sealed.answer.truth.last()); !shown)
            sealed.not_shown = shown.failure().message;
        seam::post(me, std::move(sealed));
      });
}

// A wait with a name: a disk that is full, a store out of reach. Nothing has happened, so nothing
// is in doubt, and going back would not cure it.
void coordinator_actor::wait_for_store(const std::string& why) {
  if (waits_for_ != why && options_.durable->on_wait) options_.durable->on_wait(why);
  waits_for_ = why;
  if (!why.empty()) seam::tell_after(this, between_records, this, record_tick{});
}

// A write that was refused or may have happened is not tried again: the next generation reads the
// truth (docs/protocol.md D7).
void coordinator_actor::take(const sealed_message& sealed) {
  if (ended_) return;
  if (sealed.answer.outcome == meta_outcome::not_now) return wait_for_store(sealed.answer.message);
  if (sealed.answer.outcome != meta_outcome::done)
    return end("the commit record was not written: " + sealed.answer.message);
  if (!sealed.not_shown.empty()) return end(sealed.not_shown);
  wait_for_store({});
  const meta_truth& truth = sealed.answer.truth;
  const manifest& decided = *truth.last();
  trace(traced::sealed, decided.epoch.value);
  checkpoints_->sealed();
  moved();
  for (const auto& sink : members_.sinks)
    seam::tell(this, sink, commit_message{decided.generation, decided.epoch});
  if (options_.durable->collect)
    options_.durable->queue->post([how = options_.durable, truth] { how->collect(truth); });
  open(tracker_.reserve(truth.reserved_to));
  seal_next();
}

void coordinator_actor::schedule_tick() {
  const auto due = start_ + std::chrono::milliseconds(tracker_.next_due());
  const auto now = home_system().clock().now();
  const auto wait = due > now ? due - now : caf::actor_clock::duration_type{1};
  seam::tell_after(this, std::chrono::duration_cast<std::chrono::nanoseconds>(wait), this,
                   tick_message{});
}

void coordinator_actor::take(const progress_message& progress) {
  const auto slowest = pacing_.reached(progress.number, progress.watermark, progress.idle);
  if (!slowest) return;
  for (const auto& source : members_.sources) seam::tell(this, source, pace_message{*slowest});
}

void coordinator_actor::look_for_progress() {
  if (ending_ || ended_) return;
  // A record that is being written waits for the store, and says so (wait_for_store).
  if (tracker_.last_done() == tracker_.last_opened() || checkpoints_->sealing()) moved();
  switch (deadline_.look(elapsed_ms())) {
    case progress_deadline::verdict::wait:
      break;
    case progress_deadline::verdict::ask:
      ask_for_reports();
      break;
    case progress_deadline::verdict::expired:
      return end(waited_for());
  }
  seam::tell_after(this, std::chrono::milliseconds(deadline_.look_every()), this, look_message{});
}

// The first in the order of the deployment: whoever comes behind it may be waiting for it.
std::string coordinator_actor::waited_for() const {
  const epoch_id epoch{tracker_.last_done().value + 1};
  std::vector<std::size_t> late;
  const bool sealed = checkpoints_->last_sealed() >= epoch;
  if (!sealed)
    for (const std::size_t one : checkpoints_->missing()) late.push_back(members_.answering[one]);
  const bool unanswered = !late.empty();
  for (std::size_t i = 0; !unanswered && i < passed_.size(); ++i)
    if ((members_.blank[i].role == "sink" || members_.blank[i].role == "source") &&
        (sealed ? passed_[i].commit : passed_[i].marker) < epoch)
      late.push_back(i);
  return "epoch " + std::to_string(epoch.value) + " is abandoned: nothing has moved for " +
         std::to_string(deadline_.deadline()) + " ms; " +
         (late.empty() ? "nobody" : name_of(late.front())) +
         (unanswered ? " has not answered for it" : " has not committed it") +
         (late.size() > 1 ? ", nor have " + std::to_string(late.size() - 1) + " others" : "");
}

std::string coordinator_actor::name_of(std::size_t number) const {
  const instance_status& one = members_.blank[number];
  const std::string node = number < members_.nodes.size() ? members_.nodes[number] : std::string{};
  return one.stage + "[" + std::to_string(one.instance) + "]" + (node.empty() ? "" : " on " + node);
}

void coordinator_actor::ask_for_reports() {
  // Reports that are under way are older than this moment: at the end only younger ones will do.
  if (reports_missing_ != 0) {
    ask_again_ = ending_;
    return;
  }
  reports_missing_ = members_.blank.size();
  for (const auto& member : members_.all) seam::tell(this, member, report_request{});
}

void coordinator_actor::take(const actor_report& report) {
  deadline_.reported(report.number, work_in(report), report.writing, elapsed_ms());
  instance_status& of = status_.instances[report.number];
  if (const auto* source = std::get_if<source_counters>(&report.counts)) of.source = *source;
  if (const auto* work = std::get_if<stage_counters>(&report.counts)) of.work = *work;
  of.busy_ns = report.busy_ns;
  of.blocked_ns = report.blocked_ns;
  of.queued_rows = report.queued_rows;
  of.most_queued = report.most_queued;
  of.queued = report.queued;
  of.credit_left = report.credit_left;
  of.output_ratio = report.output_ratio;
  if (reports_missing_ == 0 || --reports_missing_ != 0) return;
  if (std::exchange(ask_again_, false)) return ask_for_reports();
  count_epochs();
  if (ending_) return end({});
  if (options_.on_status) options_.on_status(status_);
}

void coordinator_actor::count_epochs() {
  status_.elapsed_ms = elapsed_ms();
  status_.opened = tracker_.last_opened();
  status_.done = tracker_.last_done();
  status_.epochs = status_.done.value - options_.epochs.after.value;
  status_.commits = tracker_.commits();
  status_.undecided = tracker_.undecided();
  status_.taken_at = wall_clock();
  status_.memory_bytes = resident_bytes();
}

void coordinator_actor::end(std::string failure) {
  if (ended_) return;
  count_epochs();  // a failure waits for no report
  ended_ = ending_ = true;
  status_.finished = failure.empty() && tracker_.finished();
  status_.kept = failure.empty() && !status_.finished;
  status_.failure = std::move(failure);
  for (const auto& member : members_.all) seam::end(member);
  if (options_.on_end) options_.on_end(status_);
  quit();
}

void coordinator_actor::trace(traced kind, std::uint64_t detail) {
  if (options_.trace) options_.trace(members_.blank.size(), kind, detail);
}

}  // namespace sluice

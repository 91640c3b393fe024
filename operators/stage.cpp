#include "sluice/operators/stage.hpp"

#include <algorithm>
#include <utility>

#include "sluice/records/assert.hpp"

namespace sluice {

stage::stage(stage_parts parts)
    : inlet_(std::move(parts.inlets)),
      operations_(std::move(parts.operations)),
      links_(std::move(parts.links)),
      edges_(std::move(parts.edges)),
      outlet_(std::move(parts.outlets)),
      gather_(parts.gather),
      pool_(parts.pool),
      bounds_(parts.bounds) {
  SLUICE_ASSERT(!operations_.empty(), "a stage computes something");
  outputs_.reserve(operations_.size());
  for (std::size_t i = 0; i < operations_.size(); ++i) outputs_.emplace_back(*this, i);
}

void stage::keep_snapshots() {
  if (root().how_to_save() == saving::nothing) return;
  SLUICE_ASSERT(root().how_to_save() == saving::possible,
                "a graph that cannot be saved is refused");
  keeps_snapshots_ = true;
  root().keep_unsaved();
}

result<void> stage::restore(const saved_state& from, key_group_range mine) {
  finished_ = from.finished;
  return root().load(from, mine);
}

void stage::open(stage_port& to) {
  for (std::size_t c = 0; c < inlet_.channels(); ++c) to.grant(c, inlet_.open(c));
}

void stage::receive(std::size_t channel, batch_ptr rows, instant watermark) {
  counters_.rows_in += rows->size();
  counters_.bytes_in += rows->bytes();
  ++counters_.batches_in;
  inlet_.arrive(channel, std::move(rows), watermark);
}

void stage::receive(std::size_t channel, const marker& m) { inlet_.arrive(channel, m); }

void stage::granted(std::size_t channel, const credit& limit, stage_port& to) {
  outlet_.grant(channel, limit, to);
}

void stage::timer() {
  ++counters_.timer_wakeups;
  timer_due_ = true;
}

void stage::run(stage_port& to) {
  port_ = &to;
  while (!outlet_.blocked()) {
    if (resuming_)
      resuming_ = root().resume(outputs_.front());
    else if (!take_step(to))
      break;
  }
  counters_.blocked_times += outlet_.blocked() ? 1 : 0;
  port_ = nullptr;
}

void stage::quiet(stage_port& to) {
  for (std::size_t c = 0; c < inlet_.channels(); ++c)
    if (const auto limit = inlet_.quiet(c)) to.grant(c, *limit);
}

// Does one step of the work on the current arrival; the operation may leave something to resume
// before the next.
bool stage::take_step(stage_port& to) {
  const marker& m = current_.mark;
  switch (step_) {
    case step::next:
      return begin_next();
    case step::process:
      process();
      return true;
    case step::flush:
      flush(cause_, after_flush_);
      return true;
    case step::consumed: {
      const std::size_t channel = current_.channel;
      if (const auto limit =
              inlet_.consumed(channel, current_.rows->size(), current_.rows->bytes()))
        to.grant(channel, *limit);
      current_.rows = nullptr;
      step_ = step::next;
      advance(inlet_.watermark());
      return true;
    }
    case step::advance:
      step_ = step::epoch_flush;
      advance(m.watermark);
      return true;
    case step::epoch_flush:
      step_ = m.end ? step::finish : step::close_epoch;
      if (root().caches() && (gather_.flushes_at(m) || m.end))
        flush(m.end ? flush_cause::end : flush_cause::marker, step_);
      return true;
    case step::finish:
      step_ = step::close_epoch;
      if (std::exchange(finished_, true)) return true;
      root().finish(outputs_.front());
      resuming_ = true;
      return true;
    case step::close_epoch:
      step_ = keeps_snapshots_ && m.commit ? step::save : step::pass;
      root().end_epoch(m, outputs_.front());
      resuming_ = true;
      return true;
    case step::save: {
      step_ = step::pass;
      saved_state saved = root().save(std::exchange(whole_, false));
      saved.finished = finished_;
      to.snapshot(m, std::move(saved));
      return true;
    }
    case step::pass:
      for (auto& edge : edges_)
        edge.spread_over.cut(
            [&](std::size_t target, const batch_ptr& rows) { send(edge, target, rows); });
      outlet_.push(m, to);
      ++counters_.markers;
      ended_ = m.end;
      step_ = step::next;
      to.passed(m);
      return true;
  }
  return false;
}

bool stage::begin_next() {
  promised_ = advanced_;
  if (timer_due_) {
    timer_due_ = false;
    cause_ = flush_cause::timer;
    after_flush_ = step::next;
    step_ = step::flush;
    return true;
  }
  auto taken = inlet_.next();
  if (!taken) return false;
  current_ = std::move(*taken);
  at_ = 0;
  step_ = current_.rows ? step::process : step::advance;
  return true;
}

void stage::process() {
  const batch_ptr& rows = current_.rows;
  const bool caching = root().caches();
  const std::size_t left = rows->size() - at_;
  const std::size_t n = caching ? std::min(left, gather_.room()) : left;
  root().process(inlet_.input_of(current_.channel),
                 n == rows->size() ? rows : slice(*rows, at_, n, pool_), outputs_.front());
  resuming_ = true;
  at_ += n;
  step_ = at_ < rows->size() ? step::process : step::consumed;
  if (caching && gather_.took(n)) {
    cause_ = gather_.cause();
    after_flush_ = step_;
    step_ = step::flush;
  }
}

void stage::flush(flush_cause cause, step then) {
  step_ = then;
  const std::size_t out = root().gathered();
  if (out == 0 && gather_.gathered_rows() == 0) return;
  gather_.flushed(out);
  ++counters_.flushes[static_cast<std::size_t>(cause)];
  root().flush(outputs_.front());
  resuming_ = true;
}

void stage::advance(instant watermark) {
  if (watermark <= advanced_) return;
  advanced_ = watermark;
  root().advance(watermark, outputs_.front());
  resuming_ = true;
}

void stage::route(std::size_t from, std::size_t port, const batch_ptr& rows) {
  if (!rows || rows->empty()) return;
  for (const auto& link : links_)
    if (link.from == from && link.port == port)
      operations_[link.to]->process(0, rows, outputs_[link.to]);
  for (auto& edge : edges_)
    if (edge.from == from && edge.port == port)
      edge.spread_over.add(
          rows, [&](std::size_t target, const batch_ptr& part) { send(edge, target, part); });
}

void stage::send(stage_edge& edge, std::size_t target, const batch_ptr& rows) {
  const batch_ptr sent = edge.before_wire ? edge.before_wire->take(target, rows) : rows;
  counters_.rows_out += sent->size();
  counters_.bytes_out += sent->bytes();
  ++counters_.batches_out;
  counters_.batch_rows.add(sent->size());
  outlet_.push(edge.first + target, sent, root().delays_rows() ? instant::lowest() : promised_,
               pool_, *port_);
}

stage_counters stage::counters() const {
  stage_counters all = counters_;
  all.most_gathered = gather_.most_gathered();
  all.bypass = gather_.switched();
  all.bypass_ratio = gather_.switch_ratio();
  for (const auto& edge : edges_)
    if (edge.before_wire) all.wire += edge.before_wire->counters();
  all.operation = root().counters();
  return all;
}

}  // namespace sluice

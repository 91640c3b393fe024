#include "sluice/actors/source_pump.hpp"

#include <utility>

#include "sluice/operators/stage_failure.hpp"

namespace sluice {

namespace {

// What is under way stays in the cache of a core; more would only wait.
constexpr std::uint64_t enough_under_way = 16'384;

}  // namespace

source_pump::source_pump(source_parts parts)
    : parts_(std::move(parts)), outlet_(std::move(parts_.outlets)) {}

instant source_pump::watermark() const {
  if (exhausted_) return instant::highest();
  return parts_.event_time ? parts_.event_time->watermark() : instant::lowest();
}

bool source_pump::too_far_ahead() const {
  const instant here = watermark();
  if (!parts_.most_ahead_us || here == instant::lowest()) return false;
  return slowest_ == instant::lowest() || here.us - slowest_.us > *parts_.most_ahead_us;
}

void source_pump::restore(const source_snapshot& from) {
  if (parts_.event_time) parts_.event_time->restore(from.newest);
  counters_.rows = rows_before_ = from.rows;
}

void source_pump::inject(source_port& to) {
  while (!asked_.empty() && !ended_ && !silent_) {
    const asked_marker asked = asked_.front();
    asked_.pop_front();
    // END is a commit: a marker asked for before the input ended may not be one.
    const bool end = exhausted_ && asked.commit && !asked.last;
    for (auto& edge : parts_.edges)
      edge.spread_over.cut([&](std::size_t target, const batch_ptr& rows) {
        outlet_.push(edge.first + target, rows, watermark(), parts_.pool, to);
      });
    const marker m{.epoch = asked.epoch,
                   .commit = asked.commit,
                   .end = end,
                   .idle = idle_ && !exhausted_,
                   .watermark = watermark()};
    if (parts_.keeps_snapshots && m.commit)
      to.cut(m, {.position = parts_.reader->position(),
                 .newest = parts_.event_time ? parts_.event_time->newest() : instant::lowest(),
                 .rows = counters_.rows});
    outlet_.push(m, to);
    if (!m.commit) to.flushed(m);
    ++counters_.markers;
    ended_ = end;
    silent_ = asked.last;
  }
}

source_pump::next source_pump::pump(source_port& to) {
  if (!ended_ && !silent_) inject(to);
  if (ended_ || silent_) return next::ended;
  if (exhausted_) return next::waiting;
  if (outlet_.blocked()) {
    ++counters_.blocked_times;
    return next::blocked;
  }
  // The slowest never falls, so a source is held only behind rows it has read: it is not idle.
  if (!drained_ && too_far_ahead()) return next::waiting;
  read_batch got{.rows = nullptr, .state = read_state::end};
  if (!drained_) {
    auto read = parts_.reader->read();
    if (!read) throw stage_failure(read.failure().message);
    got = std::move(read).value();
  }
  idle_ = parts_.steps_aside && got.state == read_state::idle && !got.rows;
  if (got.rows && !got.rows->empty()) {
    counters_.rows += got.rows->size();
    counters_.bytes += got.rows->bytes();
    ++counters_.batches;
    counters_.batch_rows.add(got.rows->size());
    const instant before = watermark();
    if (parts_.event_time) parts_.event_time->see(*got.rows);
    for (auto& edge : parts_.edges)
      edge.spread_over.add(got.rows, [&](std::size_t target, const batch_ptr& rows) {
        // One target gets the batch whole and may be told all of it; pieces promise only what came
        // before.
        const bool whole = rows == got.rows;
        outlet_.push(edge.first + target, rows, whole ? watermark() : before, parts_.pool, to);
      });
  }
  switch (got.state) {
    case read_state::more:
      if (outlet_.blocked()) return next::blocked;
      return outlet_.rows_under_way() < enough_under_way ? next::again : next::enough;
    case read_state::later:
      return next::later;
    case read_state::idle:
      return next::idle;
    case read_state::end:
      exhausted_ = true;
      return next::exhausted;
  }
  return next::idle;
}

source_counters source_pump::counters() const {
  source_counters all = counters_;
  all.rejected = parts_.reader->rejected();
  all.progress = parts_.reader->progress();
  all.watermark = watermark();
  if (parts_.event_time) all.watermark_of_rows = parts_.event_time->watermark();
  return all;
}

}  // namespace sluice

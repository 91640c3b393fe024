#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "sluice/messages/marker.hpp"
#include "sluice/operators/saved_state.hpp"
#include "sluice/records/batch.hpp"

namespace sluice {

/// Where an operation puts what it makes: the ports of its stage.
class outputs {
 public:
  explicit outputs(buffer_pool pool, batch_bounds bounds = {}) : pool_(pool), bounds_(bounds) {}
  virtual ~outputs() = default;

  /// Hands on rows through port `port` (0 is the main one). Null and empty batches are ignored.
  virtual void put(std::size_t port, batch_ptr rows) = 0;

  const buffer_pool& pool() const { return pool_; }
  batch_bounds bounds() const { return bounds_; }

 private:
  buffer_pool pool_;
  batch_bounds bounds_;
};

/// What an operation did so far, for metrics.
struct operation_counters {
  std::uint64_t state_accesses =
      0;                        ///< Reads and writes of keyed state: one each per key and flush.
  std::uint64_t late_rows = 0;  ///< Rows at or before a watermark that had already been used.
  std::uint64_t keys = 0;       ///< Live keys.
  std::uint64_t held_rows = 0;  ///< Rows waiting for the watermark.
  /// Bytes of the tables of keyed state, without what states own themselves and without held rows.
  std::uint64_t state_bytes = 0;
};

/// What a stage computes, a batch at a time. Pure: knows no actor, clock or channel. One object an
/// instance.
///
/// A call may leave work behind (a flush of ten million keys does not happen at once): the stage
/// then calls `resume` until it returns false, and stops in between while its channels have no
/// credit.
class operation {
 public:
  virtual ~operation() = default;

  /// Takes `rows` from input number `input`.
  virtual void process(std::size_t input, const batch_ptr& rows, outputs& out) = 0;
  /// Emits what has been gathered. Called at markers, and between them as the stage's policy says.
  virtual void flush(outputs& out) { static_cast<void>(out); }
  /// The marker `m` is about to pass: an epoch ends here. `flush` has been called if the policy
  /// flushes at it.
  virtual void end_epoch(const marker& m, outputs& out) {
    static_cast<void>(m);
    static_cast<void>(out);
  }
  /// No row at or before `watermark` will follow on any input.
  virtual void advance(instant watermark, outputs& out) {
    static_cast<void>(watermark);
    static_cast<void>(out);
  }
  /// Nothing will follow at all; the watermark has been advanced to the end.
  virtual void finish(outputs& out) { static_cast<void>(out); }
  /// Goes on with what an earlier call left; about one batch. Returns true while something is left.
  virtual bool resume(outputs& out) {
    static_cast<void>(out);
    return false;
  }

  /// True if rows are kept until a flush: then size, timer and O/I rules apply to the stage.
  virtual bool caches() const { return false; }
  /// True if rows may leave later than those that arrived behind them: no event-time promise
  /// between markers.
  virtual bool delays_rows() const { return false; }
  /// Rows the next flush would emit, for O/I.
  virtual std::size_t gathered() const { return 0; }
  virtual operation_counters counters() const { return {}; }

  /// What a checkpoint has to hold of it.
  virtual saving how_to_save() const { return saving::nothing; }
  /// Snapshots will be taken; called before the first row.
  virtual void keep_unsaved() {}
  /// What it remembers at a COMMIT, after the flush: what changed since the last call, or all of it
  /// if `whole`.
  virtual saved_state save(bool whole) {
    static_cast<void>(whole);
    return {};
  }
  /// Takes in what `save` gave, here or in another instance of the stage: as far as it belongs to
  /// keys of `mine`, on top of what was taken in before. Called before the first row, for whole
  /// states before what changed behind them.
  virtual result<void> load(const saved_state& from, key_group_range mine) {
    static_cast<void>(from);
    static_cast<void>(mine);
    return {};
  }
};

/// Builds batches of `T` and puts them through one port whenever one is full.
template <record T>
class row_writer {
 public:
  /// `fields` may name the columns differently from T; null: as T does.
  explicit row_writer(std::size_t port = 0, const schema* fields = nullptr)
      : port_(port), fields_(fields) {}

  /// Directs pushed rows to `out`, which has to outlive them.
  void open(outputs& out) {
    if (!builder_) builder_.emplace(out.pool(), out.bounds(), fields_ ? *fields_ : schema_of<T>());
    out_ = &out;
  }
  void push(const T& row) {
    if (builder_->full_for(row)) out_->put(port_, builder_->take());
    builder_->push(row);
  }
  /// Puts what is left.
  void close() {
    if (builder_) out_->put(port_, builder_->take());
  }

 private:
  std::size_t port_;
  const schema* fields_;
  outputs* out_ = nullptr;
  std::optional<batch_builder<T>> builder_;
};

/// Where user code puts rows of `T`. A handle: copy it freely, do not keep it.
template <record T>
class rows {
 public:
  using record_type = T;
  explicit rows(row_writer<T>& to) : to_(&to) {}
  /// Copies `row` (text included) into the batch being built.
  void push(const T& row) const { to_->push(row); }

 private:
  row_writer<T>* to_;
};

}  // namespace sluice

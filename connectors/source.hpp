#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "sluice/connectors/epoch_output.hpp"
#include "sluice/messages/ids.hpp"
#include "sluice/operators/source_counters.hpp"
#include "sluice/records/batch.hpp"
#include "sluice/records/result.hpp"

namespace sluice {

class epoch_file;
class epoch_rejects;

/// Takes the rows a source could not read. One object a source stage; called by the instance that
/// read the row.
class reject_log {
 public:
  virtual ~reject_log() = default;
  /// Says whose rows these are, before the first one. What an earlier run left is kept if the run
  /// goes on from a checkpoint.
  virtual void begin(const std::string& stage, bool goes_on) {
    static_cast<void>(stage);
    static_cast<void>(goes_on);
  }
  /// Records that the piece of input at byte `offset` (line `line`, from 1; 0 where there are no
  /// lines) of `input` is no row, and why. `text` is the piece itself, cut to 4 KiB by the log.
  virtual result<void> reject(std::string_view input, std::uint64_t offset, std::uint64_t line,
                              std::string_view reason, std::string_view text) = 0;
  /// In a run with checkpoints, before the first row: the log of one instance, whose rows are shown
  /// once their epoch is decided. Null: this log shows them at once, and some twice after a
  /// failure.
  virtual result<std::shared_ptr<epoch_rejects>> by_epoch(std::size_t instance);
  /// The rows of all instances, for the process that shows them; null likewise.
  virtual result<std::shared_ptr<epoch_file>> shown_by_epoch();
  virtual std::uint64_t count() const = 0;
};

/// Where a reader is opened: instance `instance` of `instances` of the stage `stage`.
struct source_context {
  std::string stage;
  std::size_t instance = 0;
  std::size_t instances = 1;
  buffer_pool pool;
  batch_bounds bounds;
  std::shared_ptr<reject_log> rejects;  ///< Null: a bad row fails the source.
  /// What `position` said when the last sealed epoch was cut: read on behind it. Empty: from the
  /// start.
  std::string position{};
  /// The run, if it has checkpoints.
  std::optional<job_id> job{};
};

/// What a reader says after each call.
enum class read_state {
  more,   ///< Call again.
  later,  ///< Nothing is due yet; call again after a moment.
  idle,   ///< Nothing to read; call again when `wake_descriptor` is readable, or after a moment if
          ///< it has none.
  end,    ///< Nothing will ever follow.
};

/// One batch of rows, or none, and what comes next.
struct read_batch {
  batch_ptr rows;  ///< Null if there were none.
  read_state state = read_state::more;
};

/// Reads one instance's part of an input, a batch at a time. Owned and called by one source actor.
class source_reader {
 public:
  virtual ~source_reader() = default;
  /// Reads at most one batch within the bounds it was opened with. Never blocks for longer than
  /// reading a file does.
  virtual result<read_batch> read() = 0;
  /// File descriptor that becomes readable when an idle reader has something again; -1 if it has
  /// none.
  virtual int wake_descriptor() const { return -1; }
  virtual read_progress progress() const { return {}; }
  /// Where the row behind the last one given out stands, in bytes only this connector understands;
  /// never empty. A reader opened with it in `source_context::position` gives out the same rows
  /// from there. Empty: this reader cannot go back.
  virtual std::string position() const { return {}; }
  /// Rows this reader rejected so far.
  virtual std::uint64_t rejected() const { return 0; }
  /// In a run with checkpoints, before the first `read`, by the instance it was opened for: what
  /// the reader puts outside by itself. It then does so by epoch. Null: nothing.
  virtual result<std::shared_ptr<epoch_output>> by_epoch(std::size_t instance) {
    static_cast<void>(instance);
    return std::shared_ptr<epoch_output>{};
  }
};

/// What may stand in `g.source(name, connector)`: knows its record and opens readers for its
/// instances. `static constexpr bool replayable = false` says that what was read cannot be read
/// again; `bool logged()` that it can in a run with checkpoints only. It may have `bool stays()`:
/// it reads what is in this process, so that in a run of several nodes it stays where the
/// coordinator is; and `std::shared_ptr<reject_log> rejects()`: its own log, null if it has none.
template <class C>
concept source_connector = requires(const C& c, const source_context& at) {
  typename C::record_type;
  { c.open(at) } -> std::same_as<result<std::unique_ptr<source_reader>>>;
  /// One line for `graph`: `csv file, payments.csv`.
  { c.describe() } -> std::convertible_to<std::string>;
};

}  // namespace sluice

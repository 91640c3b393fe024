#pragma once

#include <concepts>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "sluice/connectors/epoch_output.hpp"
#include "sluice/messages/ids.hpp"
#include "sluice/records/column_batch.hpp"
#include "sluice/records/result.hpp"

namespace sluice {

class outside_wait;

/// Where a writer is opened: instance `instance` of `instances` of the stage `stage`, for rows of
/// `fields`.
struct sink_context {
  std::string stage;
  std::size_t instance = 0;
  std::size_t instances = 1;
  const schema* fields = nullptr;
  /// The run has checkpoints: a sink that can is to show every epoch exactly once.
  bool commits = false;
  /// A folder of the run's checkpoints for what a sink has prepared and has no better place for;
  /// to be made if it is not there. Empty without checkpoints.
  std::string staging = {};
  /// How the works of the writer wait for a system outside (connectors/outside_wait.hpp); null:
  /// not at all, they fail.
  std::shared_ptr<outside_wait> wait = {};
};

/// Writes what reaches one instance of a sink. Owned and called by one sink actor.
class sink_writer {
 public:
  virtual ~sink_writer() = default;
  virtual result<void> write(const column_batch& rows) = 0;
  /// The marker of `epoch` has arrived: makes everything written so far visible outside.
  virtual result<void> flush(epoch_id epoch) = 0;
  /// Nothing follows; the last `flush` has been called.
  virtual result<void> close() { return {}; }

  /// True if it shows an epoch only once that is decided, and exactly once (docs/protocol.md 13):
  /// then the four functions below are called. Works of one writer are done in the order they were
  /// given out.
  virtual bool commits() const { return false; }
  /// The marker of COMMIT `epoch` has arrived. The work makes what was written since the last one
  /// durable where nobody sees it, under (`generation`, `epoch`).
  virtual prepare_work prepare(generation_id generation, epoch_id epoch) {
    static_cast<void>(generation);
    static_cast<void>(epoch);
    return {};
  }
  /// `epoch` is decided: the work makes it visible. Doing it again changes nothing. There is no way
  /// back: what the outside refuses is tried again until the run is ended (`sink_context::wait`).
  virtual commit_work commit(generation_id generation, epoch_id epoch) {
    static_cast<void>(generation);
    static_cast<void>(epoch);
    return {};
  }
  /// Before the first row of a generation: shuts out writers of older ones, makes visible what is
  /// prepared of decided epochs, oldest first, and drops everything else that is prepared, by this
  /// instance and by those it stands for (docs/protocol.md R5, I5).
  virtual result<void> resolve(const resolution& how) {
    static_cast<void>(how);
    return {};
  }
};

/// What may stand in `.sink(name, connector)`. It may also have `try_open(at)`, which returns a
/// `result<void>` that says whether `open` would succeed and changes nothing outside, `bool
/// prints()`, which says that its rows go to stdout, `bool stays()`, which says that they go to
/// this process, so that in a run of several nodes it stays where the coordinator is, `bool
/// commits()`, which says that its writers show every row exactly once in a run with checkpoints
/// (without it the sink is shown as one that promises rows at least once), and `shows(at,
/// decided)`, a `result<bool>` that says whether rows of an epoch that was prepared can be seen
/// outside.
template <class C>
concept sink_connector = requires(const C& c, const sink_context& at) {
  { c.open(at) } -> std::same_as<result<std::unique_ptr<sink_writer>>>;
  { c.describe() } -> std::convertible_to<std::string>;
};

}  // namespace sluice

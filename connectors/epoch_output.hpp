#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "sluice/messages/ids.hpp"
#include "sluice/records/result.hpp"

namespace sluice {

/// Something that blocks (an fsync, a write to a database), to be done once, on another thread than
/// the writer's: it must not touch the writer. What `prepare` returns goes into the commit record.
using commit_work = std::function<result<void>()>;
using prepare_work = std::function<result<std::string>()>;

/// What one instance had prepared of an epoch that is decided.
struct decided_epoch {
  epoch_id epoch;
  generation_id generation;  ///< The one that decided.
  std::size_t instance = 0;  ///< Of those there were then.
  std::string prepared;      ///< What the work of `prepare` returned.
  bool operator==(const decided_epoch&) const = default;
};

/// How a generation begins at one instance of a sink, or of a source that rejects rows. The
/// instance also stands for former ones whose number leaves the same rest when divided by the
/// number of instances.
struct resolution {
  generation_id generation;
  std::vector<decided_epoch> decided;  ///< Oldest first.
  bool fresh = false;  ///< Nothing was ever sealed: what is there is of another run.
  job_id job{};        ///< The same in all generations of a run, never that of another one.
};

/// What the reader of a source puts outside by itself, epoch by epoch. Works are done on another
/// thread than the reader's, in the order they were given out.
class epoch_output {
 public:
  virtual ~epoch_output() = default;
  /// Before the first row of a generation.
  virtual void begin_generation(generation_id generation) = 0;
  /// COMMIT `epoch` is cut. The work makes what came since the last one durable where nobody sees
  /// it; null if nothing came, or nothing need be done.
  virtual prepare_work prepare(generation_id generation, epoch_id epoch) = 0;
  /// `epoch` is decided: nothing before its cut is read again. Null if nothing is to be done.
  virtual commit_work decided(epoch_id epoch) = 0;
};

}  // namespace sluice

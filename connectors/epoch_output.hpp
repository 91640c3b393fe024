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

/// How a generation begins at one instance of a sink, or of a source. The instance also stands for
/// former ones whose number leaves the same rest when divided by the number of instances.
struct resolution {
  generation_id generation;
  std::vector<decided_epoch> decided;  ///< Oldest first.
  bool fresh = false;  ///< Nothing was ever sealed: what is there is of another run.
  job_id job{};        ///< The same in all generations of a run, never that of another one.
};

/// What a source shows outside by itself, each epoch once it is decided, and once: rows it has
/// rejected. As the functions of a committing sink (connectors/sink.hpp), of which only works are
/// done on another thread than the reader's, in the order they were given out.
class epoch_output {
 public:
  virtual ~epoch_output() = default;
  /// COMMIT `epoch` is cut. The work makes what came since the last one durable where nobody sees
  /// it; null if nothing came, or nothing need be done.
  virtual prepare_work prepare(generation_id generation, epoch_id epoch) = 0;
  /// `what` is decided: the work makes it visible. Doing it again changes nothing. Null if nothing
  /// is to be done.
  virtual commit_work commit(const decided_epoch& what) = 0;
  /// Before the first row of a generation, on the thread that opens: makes visible what is prepared
  /// of decided epochs, and drops everything else that is.
  virtual result<void> resolve(const resolution& how) = 0;
};

}  // namespace sluice

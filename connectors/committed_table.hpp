#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "sluice/connectors/outside_wait.hpp"
#include "sluice/connectors/sink.hpp"
#include "sluice/connectors/staged_rows.hpp"
#include "sluice/connectors/transaction_port.hpp"

namespace sluice {

/// Says why rows cannot be stored, before they are staged: what the system outside would refuse
/// after the decision can never be taken back.
using row_refusal = std::function<result<void>(const column_batch& rows)>;

/// Writes the rows of each COMMIT epoch into a table outside, in one transaction with the row that
/// says so (docs/protocol.md 13):
///
///   write    into a staged file of our own (connectors/staged_rows.hpp)
///   prepare  fsync, so that it is there whatever happens
///   commit   BEGIN; our row: the generation must be ours, the epoch older; rows; our row; COMMIT
///   resolve  our generation into all our rows, then commit what is decided, drop the rest
///
/// A commit the system does not take is tried again until the run is ended. One that may have been
/// taken (the reply was lost) is tried again too: the row then says that it was.
class committed_table final : public sink_writer {
 public:
  struct parts {
    sink_context at;
    row_format format;  ///< Of the staged files; its lines are what `table` inserts.
    row_refusal refuse;
    /// Opens the folder of staged files of a run.
    std::function<result<std::shared_ptr<file_port>>(const job_id&)> folder;
    std::shared_ptr<transaction_port> table;
  };
  explicit committed_table(parts made);
  ~committed_table() override;

  result<void> write(const column_batch& rows) override;
  result<void> flush(epoch_id) override { return {}; }

  bool commits() const override { return true; }
  prepare_work prepare(generation_id generation, epoch_id epoch) override;
  commit_work commit(generation_id generation, epoch_id epoch) override;
  /// Errors: `refused` if a newer generation is at work; `needs_decision` if the system outside
  /// does not know of epochs it was given, or a staged file is not as it was prepared; what the
  /// system says.
  result<void> resolve(const resolution& how) override;

 private:
  struct outside;  // what works and writer share

  parts made_;
  std::shared_ptr<outside> outside_;
  std::optional<staged_rows> rows_;
  std::map<epoch_id, std::string> seals_;  // of epochs prepared here, the last ones
};

}  // namespace sluice

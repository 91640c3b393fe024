#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sluice/connectors/row_files.hpp"
#include "sluice/connectors/sink.hpp"
#include "sluice/connectors/staged_rows.hpp"
#include "sluice/state/file_port.hpp"

namespace sluice {

/// The name of what an instance has prepared of an epoch, until it is committed.
std::string staged_file_name(const decided_epoch& of, std::string_view extension);

/// Writes the rows of each COMMIT epoch into a file of its own, which is there whole or not at all
/// (docs/protocol.md 13). Of instance 3, in a folder:
///
///   .part-00003.7.2.csv.writing                  being written: generation 7, its 2nd file
///   .part-00003.7.00000000000000000042.csv.staged  epoch 42, durable, nobody looks at it
///   part-00003.00000000000000000042.csv          committed
///   .part-00003.JOB.7.csv.fence                  generation 7 has begun (generation_fence.hpp)
///
/// Files in the order of their names are rows in the order of their epochs. An epoch without rows
/// makes no file.
class committed_files final : public sink_writer {
 public:
  /// Writes instance `at` into `folder`.
  committed_files(std::shared_ptr<file_port> folder, const sink_context& at, row_format format);

  result<void> write(const column_batch& rows) override { return rows_.write(rows); }
  result<void> flush(epoch_id) override { return {}; }

  bool commits() const override { return true; }
  prepare_work prepare(generation_id generation, epoch_id epoch) override {
    return rows_.prepare(generation, epoch).work;
  }
  commit_work commit(generation_id generation, epoch_id epoch) override;
  /// Also sees to the files of instances there are no more. What another run left here is removed
  /// if nothing was ever sealed. Errors: `refused`, a newer generation or another run has begun
  /// here, nothing is changed; `malformed`, what was prepared is gone or changed.
  result<void> resolve(const resolution& how) override;

 private:
  result<void> finish(const decided_epoch& decided);

  std::shared_ptr<file_port> folder_;
  sink_context at_;
  row_format format_;
  staged_rows rows_;
};

}  // namespace sluice

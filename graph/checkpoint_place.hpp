#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "sluice/actors/durability.hpp"
#include "sluice/messages/checkpoint.hpp"
#include "sluice/state/checkpoint_store.hpp"
#include "sluice/state/meta_store.hpp"

namespace sluice {

/// Where the checkpoints of a run are: the truth about it, and the files of its snapshots.
struct checkpoint_place {
  std::shared_ptr<meta_store> store;
  std::function<result<blob_ref>(generation_id generation, const std::string& stage,
                                 std::size_t instance, epoch_id epoch,
                                 const snapshot_chain::file_content& content)>
      write_file;
  /// Files and answer of an instance, put together; every byte is verified (D8).
  std::function<result<std::string>(const instance_snapshot&)> read;
  std::function<void(const meta_truth&)> collect;
  /// Where the store is not: the generation that the truth is at, read anew.
  std::function<result<generation_id>()> generation;
};

/// Makes `files` the files of `place`.
void keep_files_in(checkpoint_place& place, std::shared_ptr<checkpoint_store> files);

/// Opens the directory `path` for a node without the coordinator: files only, no truth.
result<checkpoint_place> open_checkpoint_files(const std::string& path);

/// The job whose truth is kept in the directory `path`, once there is one; nothing if `interrupted`
/// says so before. Errors: what is there cannot be read for a while.
result<std::optional<job_id>> wait_for_job(const std::string& path,
                                           const std::function<int()>& interrupted);

/// Opens the directory `path`, making it if need be. Errors: another process runs there, what is
/// there cannot be believed.
result<checkpoint_place> open_checkpoint_place(const std::string& path);

}  // namespace sluice

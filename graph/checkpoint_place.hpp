#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "sluice/actors/durability.hpp"
#include "sluice/messages/checkpoint.hpp"
#include "sluice/state/checkpoint_store.hpp"
#include "sluice/state/graph_outline.hpp"
#include "sluice/state/meta_store.hpp"

namespace sluice {

/// Where the checkpoints of a run are: the truth about it, and the files of its snapshots.
struct checkpoint_place {
  std::string where;  ///< For messages.
  std::shared_ptr<meta_store> store;
  std::function<result<blob_ref>(generation_id generation, const std::string& stage,
                                 std::size_t instance, epoch_id epoch,
                                 const snapshot_chain::file_content& content)>
      write_file;
  /// Files and answer of an instance, put together; every byte is verified (D8).
  std::function<result<std::string>(const instance_snapshot&)> read;
  std::function<void(const meta_truth&)> collect;
  /// Makes sure that the files are of `job` and of no other; null where that goes without saying.
  std::function<result<void>(const job_id& job)> claim = {};
  /// The graph a run was begun with: of another run, or nothing, if the process died before it was
  /// kept. Errors: it cannot be believed.
  std::function<result<std::optional<kept_outline>>()> read_outline;
  std::function<result<void>(const kept_outline&)> keep_outline;
  /// Where the store is not: the generation that the truth is at, read anew.
  std::function<result<generation_id>()> generation;
};

/// Makes `files` the files of `place`.
void keep_files_in(checkpoint_place& place, std::shared_ptr<checkpoint_store> files);
/// Makes the file `graph.outline` in `folder` the outline of `place`.
void keep_outline_in(checkpoint_place& place, std::shared_ptr<file_port> folder);

/// The outline kept with `truth`; nothing if that is of another run, or was never written. Errors:
/// it cannot be believed.
result<std::optional<graph_outline>> find_outline(const checkpoint_place& place,
                                                  const meta_truth& truth);

/// Opens the directory `path` for a node without the coordinator: files only, no truth.
result<checkpoint_place> open_checkpoint_files(const std::string& path);

/// The job whose truth is kept in the directory `path`, or where `store` says, once there is one;
/// nothing if `interrupted` says so before. Errors: what is there cannot be read for a while.
result<std::optional<job_id>> wait_for_job(const std::string& path, const std::string& store,
                                           const std::function<int()>& interrupted);

/// Opens the directory `path`, making it if need be, and the truth about its run: in that directory
/// too, or where `store` says (`open_meta_store`). Errors: another process runs there, what is
/// there cannot be believed, the truth about these files is elsewhere.
result<checkpoint_place> open_checkpoint_place(const std::string& path,
                                               const std::string& store = {});

}  // namespace sluice

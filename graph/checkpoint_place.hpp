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
  /// The graph a run was begun with: of another run, or nothing, if the process died before it was
  /// kept. Errors: it cannot be believed.
  std::function<result<std::optional<kept_outline>>()> read_outline;
  std::function<result<void>(const kept_outline&)> keep_outline;
};

/// Makes `files` the files of `place`.
void keep_files_in(checkpoint_place& place, std::shared_ptr<checkpoint_store> files);
/// Makes the file `graph.outline` in `folder` the outline of `place`.
void keep_outline_in(checkpoint_place& place, std::shared_ptr<file_port> folder);

/// The outline kept with `truth`; nothing if that is of another run, or was never written. Errors:
/// it cannot be believed.
result<std::optional<graph_outline>> find_outline(const checkpoint_place& place,
                                                  const meta_truth& truth);

/// Opens the directory `path`, making it if need be. Errors: another process runs there, what is
/// there cannot be believed.
result<checkpoint_place> open_checkpoint_place(const std::string& path);

}  // namespace sluice

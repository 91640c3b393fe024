#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "sluice/messages/checkpoint.hpp"
#include "sluice/records/result.hpp"
#include "sluice/state/checkpoint_blob.hpp"
#include "sluice/state/file_port.hpp"
#include "sluice/state/meta_store.hpp"

namespace sluice {

/// The directory of checkpoint files that all nodes see. Calls block; made by one thread at a time,
/// by any number of processes at once: names hold generation, stage and instance, so no two
/// write the same file.
class checkpoint_store {
 public:
  explicit checkpoint_store(std::unique_ptr<file_port> files, blob_limits limits = {})
      : files_(std::move(files)), limits_(limits) {}

  /// Writes `content` durably (docs/protocol.md D2). Returns what the acknowledgement names.
  /// After an error of a sync the process must exit (D7).
  result<blob_ref> write(const blob_identity& what, std::string_view content);

  /// Reads the state of one instance as a manifest has it: the content of its base, then of each
  /// delta, in order. Every file is held against length and checksum in the manifest, and against
  /// whose it is to be. Whatever does not agree, a file that is gone too, is `malformed`, and there
  /// is nothing older to fall back to (docs/protocol.md D8). An instance without blobs has none.
  result<std::vector<std::string>> read(const instance_snapshot& of);

  /// Removes what no recovery can need any more (docs/protocol.md D6); `truth` is the newest, and
  /// every sink has committed its last epoch. Returns the names removed.
  ///
  /// Kept are the files that a manifest in `truth` names; of the current generation also those at
  /// or behind the base that the oldest manifest has of their instance, because they may be on the
  /// way into a next manifest; everything of a later generation; and files that are not ours.
  /// Files of dead generations go, unfinished ones too.
  ///
  /// The directory is listed once a generation; after that what is in it is known from what was
  /// written here and what manifests name. What others wrote and no manifest ever named goes in the
  /// next generation.
  result<std::vector<std::string>> collect(const meta_truth& truth);

 private:
  result<void> know_files(const meta_truth& truth);
  std::string path(const std::string& name) const { return files_->place() + "/" + name; }
  result<checkpoint_blob> read_one(const blob_ref& ref);

  std::unique_ptr<file_port> files_;
  blob_limits limits_;
  std::optional<generation_id> listed_for_;
  std::set<std::string> known_;  ///< Our files in the directory, once it was listed.
};

}  // namespace sluice
